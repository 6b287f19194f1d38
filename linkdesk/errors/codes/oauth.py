"""Errors of signing in and of renewing tokens.

`{how}` is the command or address to sign in with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkdesk.errors.codes.connection import NOT_INSTALLED, SUBSCRIPTION_ENDED, WRONG_CLIENT
from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

NOT_SIGNED_IN: Final = Failure(
    code="not_signed_in",
    what=Localized(en="You have not signed in to Bitrix24 here yet.", ru="Вы ещё не вошли здесь в Битрикс24."),
    why=Localized(
        en="Linkdesk works with each employee's own rights.",
        ru="Linkdesk работает с правами самого сотрудника.",
    ),
    next=Localized(en="Sign in: {how}", ru="Войдите: {how}"),
    call="Tell the person that they have to sign in to Bitrix24 themselves first: {how}",
)
"""Needs `how`."""
SIGN_IN_ENDED: Final = Failure(
    code="sign_in_ended",
    what=Localized(
        en="Bitrix24 no longer accepts your sign-in.",
        ru="Битрикс24 больше не принимает ваш вход.",
    ),
    why=Localized(
        en="It may be more than six months old, or it was revoked or renewed elsewhere.",
        ru="Возможно, ему больше полугода либо его отозвали или продлили в другом месте.",
    ),
    next=Localized(en="Sign in again: {how}", ru="Войдите заново: {how}"),
    call="Tell the person that they have to sign in to Bitrix24 again themselves: {how}",
)
"""Needs `how`."""
ATTEMPT_UNKNOWN: Final = Failure(
    code="sign_in_unknown",
    what=Localized(
        en="This sign-in was not started here, has expired or has already been used.",
        ru="Этот вход начат не здесь, устарел или уже завершён.",
    ),
    next=Localized(
        en="Start again with a new sign-in link: it works once, within ten minutes.",
        ru="Начните заново с новой ссылкой для входа: она действует десять минут и только один раз.",
    ),
)
CODE_REFUSED: Final = Failure(
    code="sign_in_code_refused",
    what=Localized(
        en="Bitrix24 did not accept the sign-in code: it is older than 30 seconds or has already been used.",
        ru="Битрикс24 не принял код входа: он уже использован или ему больше 30 секунд.",
    ),
    next=Localized(en="Start again with a new sign-in link.", ru="Начните заново с новой ссылкой для входа."),
)
SIGN_IN_DENIED: Final = Failure(
    code="sign_in_denied",
    what=Localized(en="Bitrix24 did not let you in.", ru="Битрикс24 не разрешил вход."),
    next=Localized(
        en="Ask the portal's administrator to give you access to the Linkdesk application.",
        ru="Попросите администратора портала открыть вам доступ к приложению Linkdesk.",
    ),
    who=Who.ADMIN,
)
OTHER_PORTAL: Final = Failure(
    code="other_portal",
    what=Localized(
        en="The sign-in came from a different portal than the one in LINKDESK_PORTAL: {host}",
        ru="Вход выполнен не на том портале, который указан в LINKDESK_PORTAL: {host}",
    ),
    next=Localized(
        en="Sign in to the right portal; if the portal has a new address, the administrator has to set it.",
        ru="Войдите на нужный портал; если у портала новый адрес, его должен указать администратор.",
    ),
    who=Who.ADMIN,
)
"""Needs `host`."""
OTHER_MEMBER: Final = Failure(
    code="other_portal_id",
    what=Localized(
        en="This is not the portal that Linkdesk was connected to: its id is different.",
        ru="Это не тот портал, к которому подключали Linkdesk: у него другой идентификатор.",
    ),
    next=Localized(
        en="Ask the administrator to check LINKDESK_PORTAL and LINKDESK_CLIENT_ID, and where the address leads.",
        ru="Попросите администратора проверить LINKDESK_PORTAL и LINKDESK_CLIENT_ID и куда ведёт этот адрес.",
    ),
    who=Who.ADMIN,
)
AUTHORIZATION_NOT_REACHED: Final = Failure(
    code="authorization_not_reached",
    what=Localized(
        en="The Bitrix24 authorization server did not answer.",
        ru="Сервер авторизации Битрикс24 не ответил.",
    ),
    next=Localized(
        en="Try again in a minute. If it still fails, ask the administrator to check LINKDESK_OAUTH_URL.",
        ru="Повторите запрос через минуту. Если не поможет, попросите администратора проверить LINKDESK_OAUTH_URL.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
AUTHORIZATION_NOT_TRUSTED: Final = Failure(
    code="authorization_not_trusted",
    what=Localized(
        en="The certificate of the authorization server could not be verified, so nothing was sent to it.",
        ru="Сертификат сервера авторизации не прошёл проверку, поэтому ему ничего не отправлено.",
    ),
    next=Localized(
        en="Ask the administrator to check this machine's clock and certificates, and LINKDESK_OAUTH_URL.",
        ru="Попросите администратора проверить часы и сертификаты этой машины и LINKDESK_OAUTH_URL.",
    ),
    who=Who.ADMIN,
)
AUTHORIZATION_UNREADABLE: Final = Failure(
    code="authorization_unreadable",
    what=Localized(
        en="The authorization server sent a response that could not be read.",
        ru="Сервер авторизации прислал ответ, который не удалось разобрать.",
    ),
    next=Localized(
        en="Try again in a minute. If it still fails, ask the administrator to check LINKDESK_OAUTH_URL.",
        ru="Повторите запрос через минуту. Если не поможет, попросите администратора проверить LINKDESK_OAUTH_URL.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
AUTHORIZATION_MOVED: Final = Failure(
    code="authorization_moved",
    what=Localized(
        en="The authorization server redirected to another address; the keys were not sent there.",
        ru="Сервер авторизации перенаправил на другой адрес; ключи туда не отправлены.",
    ),
    next=Localized(
        en="Ask the administrator to check LINKDESK_OAUTH_URL.",
        ru="Попросите администратора проверить LINKDESK_OAUTH_URL.",
    ),
    who=Who.ADMIN,
)
AUTHORIZATION_REFUSED: Final = Failure(
    code="authorization_refused",
    what=Localized(
        en="The Bitrix24 authorization server refused the request: {vendor_code}.",
        ru="Сервер авторизации Битрикс24 отклонил запрос: {vendor_code}.",
    ),
    next=Localized(
        en="Ask the administrator to check the application's settings in Bitrix24, starting with its permissions.",
        ru="Попросите администратора проверить настройки приложения в Битрикс24, в первую очередь его права.",
    ),
    who=Who.ADMIN,
)
"""Needs `vendor_code`."""
WRONG_SECRET_KEY: Final = Failure(
    code="wrong_secret_key",
    what=Localized(
        en="LINKDESK_SECRET_KEY cannot decrypt the stored tokens.",
        ru="Ключ из LINKDESK_SECRET_KEY не подходит к сохранённым токенам.",
    ),
    next=Localized(
        en="Ask the administrator to add the key they were encrypted with, after a comma.",
        ru="Попросите администратора дописать через запятую ключ, которым они зашифрованы.",
    ),
    who=Who.ADMIN,
)
STORE_FAILED: Final = Failure(
    code="store_failed",
    what=Localized(
        en="Linkdesk's database does not answer.",
        ru="База данных Linkdesk не отвечает.",
    ),
    next=Localized(
        en="Try again in a minute. If it still fails, ask the administrator to check LINKDESK_DATABASE.",
        ru="Повторите запрос через минуту. Если не поможет, попросите администратора проверить LINKDESK_DATABASE.",
    ),
    who=Who.ADMIN,
    retryable=True,
)

SIGN_IN: Final[tuple[Failure, ...]] = (
    NOT_SIGNED_IN,
    SIGN_IN_ENDED,
    ATTEMPT_UNKNOWN,
    CODE_REFUSED,
    SIGN_IN_DENIED,
    OTHER_PORTAL,
    OTHER_MEMBER,
    AUTHORIZATION_NOT_REACHED,
    AUTHORIZATION_NOT_TRUSTED,
    AUTHORIZATION_UNREADABLE,
    AUTHORIZATION_MOVED,
    AUTHORIZATION_REFUSED,
    WRONG_SECRET_KEY,
    STORE_FAILED,
)
"""Every entry above, for the tests and for documentation."""

TOKEN_ENDPOINT: Final[Mapping[str, Failure]] = {
    "INVALID_CLIENT": WRONG_CLIENT,
    "INVALID_SCOPE": AUTHORIZATION_REFUSED,
    "NOT_INSTALLED": NOT_INSTALLED,
    "PAYMENT_REQUIRED": SUBSCRIPTION_ENDED,
    "WRONG_CLIENT": WRONG_CLIENT,
}
"""What the codes of the token endpoint mean."""

GRANT_OVER: Final = ("INVALID_GRANT", "EXPIRED_TOKEN")
"""What the token endpoint answers for a code or a refresh token that is used up, too old or not ours.

The pages name the first; third parties saw the second for a code that was too old. What it means depends on which of
the two was sent: `CODE_REFUSED` or `SIGN_IN_ENDED`.
"""
