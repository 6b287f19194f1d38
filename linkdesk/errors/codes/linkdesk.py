"""Linkdesk's own errors, which have no vendor code.

The string below an entry says which facts its placeholders need, if it has any.
"""

from __future__ import annotations

from typing import Final

from linkdesk.errors.codes.database import STORE
from linkdesk.errors.codes.events import NEWS
from linkdesk.errors.codes.mcp import PROTOCOL
from linkdesk.errors.codes.oauth import SIGN_IN
from linkdesk.errors.codes.plans import PLANS
from linkdesk.errors.codes.staff import PEOPLE
from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

NOT_REACHED: Final = Failure(
    code="portal_not_reached",
    what=Localized(en="Bitrix24 could not be reached.", ru="Не удалось связаться с Битрикс24."),
    next=Localized(
        en="Try again in a minute. If it still fails, ask the administrator to check LINKDESK_PORTAL.",
        ru="Повторите запрос через минуту. Если не поможет, попросите администратора проверить LINKDESK_PORTAL.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
TLS_NOT_TRUSTED: Final = Failure(
    code="portal_not_trusted",
    what=Localized(
        en="The portal's certificate is not trusted, so nothing was sent.",
        ru="Сертификат портала не прошёл проверку, поэтому ничего не отправлено.",
    ),
    why=Localized(
        en="It may have expired, belong to another host, or come from an authority that is not known here.",
        ru="Возможно, он истёк, выдан для другого узла или выпущен неизвестным центром сертификации.",
    ),
    next=Localized(
        en="Ask the administrator to check the address in LINKDESK_PORTAL and the portal's certificate.",
        ru="Попросите администратора проверить адрес в LINKDESK_PORTAL и сертификат портала.",
    ),
    who=Who.ADMIN,
)
LOST_READ: Final = Failure(
    code="no_answer",
    what=Localized(en="Bitrix24 did not answer.", ru="Битрикс24 не ответил."),
    next=Localized(en="Try again in a minute.", ru="Повторите запрос через минуту."),
    who=Who.BITRIX24,
    retryable=True,
)
OUTCOME_UNKNOWN: Final = Failure(
    code="outcome_unknown",
    what=Localized(
        en="Bitrix24 did not confirm the change, and its result could not be checked.",
        ru="Битрикс24 не подтвердил изменение, и проверить результат не удалось.",
    ),
    next=Localized(
        en="Open the record in Bitrix24 to see what is there now.",
        ru="Откройте запись в Битрикс24 и посмотрите, что в ней сейчас.",
    ),
    call="Do not repeat the call. Read the list or the record first, and tell the person what it shows.",
    who=Who.BITRIX24,
)
UNREADABLE_ANSWER: Final = Failure(
    code="unreadable_answer",
    what=Localized(
        en="Bitrix24 sent a response that could not be read.",
        ru="Битрикс24 прислал ответ, который не удалось разобрать.",
    ),
    next=Localized(
        en="Try again in a few minutes. If it still fails, tell your administrator.",
        ru="Повторите запрос через несколько минут. Если не поможет, сообщите администратору.",
    ),
    who=Who.BITRIX24,
    retryable=True,
)
BLOCKED_ON_THE_WAY: Final = Failure(
    code="blocked_on_the_way",
    what=Localized(
        en="The request was blocked: a web page came back instead of a REST API response.",
        ru="Запрос отклонён: вместо ответа REST API пришла веб-страница.",
    ),
    why=Localized(
        en="A proxy or firewall in front of the portal may have blocked it.",
        ru="Возможно, его заблокировал прокси-сервер или межсетевой экран перед порталом.",
    ),
    next=Localized(
        en="Ask the administrator to check the network between Linkdesk and the portal.",
        ru="Попросите администратора проверить сеть между Linkdesk и порталом.",
    ),
    who=Who.ADMIN,
)
MOVED: Final = Failure(
    code="portal_moved",
    what=Localized(
        en="The portal answered that its address is now {host}.",
        ru="Портал ответил, что теперь его адрес: {host}.",
    ),
    next=Localized(
        en="Ask the administrator to check the new address and set it in LINKDESK_PORTAL.",
        ru="Попросите администратора проверить новый адрес и указать его в LINKDESK_PORTAL.",
    ),
    who=Who.ADMIN,
)
"""Needs `host`."""
MOVED_SOMEWHERE: Final = Failure(
    code="portal_moved",
    what=Localized(
        en="The portal has moved to another address but did not say which one.",
        ru="Портал ответил, что его адрес изменился, но новый не назвал.",
    ),
    next=Localized(
        en="Ask the administrator to set the portal's current address in LINKDESK_PORTAL.",
        ru="Попросите администратора указать текущий адрес портала в LINKDESK_PORTAL.",
    ),
    who=Who.ADMIN,
)
UNKNOWN_CODE: Final = Failure(
    code="unknown_error",
    what=Localized(
        en="Bitrix24 refused the request with a code that Linkdesk does not know: {vendor_code}.",
        ru="Битрикс24 отклонил запрос с кодом, который Linkdesk не знает: {vendor_code}.",
    ),
    next=Localized(
        en="Give this code to your administrator: Bitrix24 support can tell what it means.",
        ru="Сообщите этот код администратору: с ним можно обратиться в поддержку Битрикс24.",
    ),
    who=Who.ADMIN,
)
"""Needs `vendor_code`."""
INTERNAL: Final = Failure(
    code="internal_error",
    what=Localized(
        en="Something went wrong in Linkdesk itself. Incident number: {incident}.",
        ru="Внутренняя ошибка Linkdesk. Номер инцидента: {incident}.",
    ),
    next=Localized(
        en="Give this number to your administrator: the log has the details.",
        ru="Сообщите этот номер администратору: по нему в журнале можно найти подробности.",
    ),
    who=Who.LINKDESK,
)
"""Needs `incident`."""
BAD_ARGUMENTS: Final = Failure(
    code="bad_arguments",
    what=Localized(en="Some values in the request are not valid.", ru="Запрос заполнен неверно."),
    next=Localized(en="Correct them and repeat the request.", ru="Исправьте и повторите запрос."),
    call="Correct the arguments named in problems, then call again.",
)
TOO_MANY_REQUESTS: Final = Failure(
    code="too_many_requests",
    what=Localized(
        en="Too many requests to the portal are waiting.",
        ru="У Linkdesk накопилось больше запросов к порталу, чем он успевает отправить.",
    ),
    next=Localized(en="Try again a little later.", ru="Повторите запрос чуть позже."),
    retryable=True,
)
READ_ONLY_MODE: Final = Failure(
    code="read_only",
    what=Localized(
        en="Linkdesk is read-only here: it shows records but changes nothing.",
        ru="Linkdesk работает здесь только на просмотр и ничего не меняет.",
    ),
    next=Localized(
        en="Make the change in Bitrix24, or talk to your administrator.",
        ru="Внесите изменение в самом Битрикс24 или обратитесь к администратору.",
    ),
    call="Tell the person that changes are switched off here; only their administrator can switch them on.",
    who=Who.ADMIN,
)
ROLE_NOT_ENOUGH: Final = Failure(
    code="role_not_enough",
    what=Localized(en="Your role in Linkdesk does not allow this.", ru="Ваша роль в Linkdesk этого не позволяет."),
    next=Localized(
        en="Ask the Linkdesk administrator for a different role, or ask a colleague who has it.",
        ru="Попросите администратора Linkdesk изменить роль или обратитесь к коллеге, у которого она есть.",
    ),
    call="Tell the person that their role does not allow this; only their administrator can change it.",
    who=Who.ADMIN,
)
NEEDS_A_PERSON: Final = Failure(
    code="needs_a_person",
    what=Localized(
        en="This would remove items that were not named one by one, so a person has to confirm it.",
        ru="Будут удалены элементы, которые не названы по одному, поэтому нужно подтверждение человека.",
    ),
    next=Localized(
        en="Make this request yourself in the Linkdesk chat or the Telegram bot, and confirm it there.",
        ru="Отправьте этот запрос сами в чате Linkdesk или боте Telegram и подтвердите его там.",
    ),
    call="Tell the person that they have to make this request themselves, in the Linkdesk chat or the Telegram bot.",
)
DELETING_NEEDS_A_PERSON: Final = Failure(
    code="needs_a_person",
    what=Localized(
        en="This cannot be undone, so a person has to confirm it.",
        ru="Это нельзя отменить, поэтому нужно подтверждение человека.",
    ),
    next=Localized(
        en="Make this request yourself in the Linkdesk chat or the Telegram bot, and confirm it there.",
        ru="Отправьте этот запрос сами в чате Linkdesk или боте Telegram и подтвердите его там.",
    ),
    call="Tell the person that they have to make this request themselves, in the Linkdesk chat or the Telegram bot.",
)
NEEDS_BITRIX24: Final = Failure(
    code="needs_a_person",
    what=Localized(
        en="This cannot be undone, so a person has to do it.",
        ru="Это нельзя отменить, поэтому сделать это должен человек.",
    ),
    next=Localized(en="Make this change yourself in Bitrix24.", ru="Внесите это изменение сами в Битрикс24."),
    call="Tell the person that they have to make this change themselves, in Bitrix24.",
)
WRITES_NEED_A_PERSON: Final = Failure(
    code="needs_a_person",
    what=Localized(
        en="Here every change has to be confirmed by a person.", ru="Здесь каждое изменение подтверждает человек."
    ),
    next=Localized(
        en="Make this request yourself in the Linkdesk chat or the Telegram bot, and confirm it there.",
        ru="Отправьте этот запрос сами в чате Linkdesk или боте Telegram и подтвердите его там.",
    ),
    call="Tell the person that they have to make this request themselves, in the Linkdesk chat or the Telegram bot.",
)
TOOL_NOT_OFFERED: Final = Failure(
    code="tool_not_offered",
    what=Localized(en="This tool is not switched on here.", ru="Этот инструмент здесь не включён."),
    next=Localized(
        en="Use one of these tools: {tools}. The administrator chooses them in LINKDESK_TOOLSETS.",
        ru="Воспользуйтесь одним из этих: {tools}. Набор выбирает администратор в LINKDESK_TOOLSETS.",
    ),
    who=Who.ADMIN,
)
"""Needs `tools`."""
UNKNOWN_TOOL: Final = Failure(
    code="unknown_tool",
    what=Localized(en="There is no such tool here.", ru="Такого инструмента здесь нет."),
    next=Localized(en="Use one of these tools: {tools}.", ru="Воспользуйтесь одним из этих: {tools}."),
)
"""Needs `tools`."""
BINDING_LIMIT: Final = Failure(
    code="binding_limit",
    what=Localized(
        en="Activity {activity_id} already has 100 bindings.",
        ru="У дела {activity_id} уже 100 привязок.",
    ),
    why=Localized(
        en="Bitrix24 allows no more for one activity.", ru="Больше привязок у одного дела в Битрикс24 быть не может."
    ),
    next=Localized(
        en="Remove a binding that is no longer needed: /unbind activity {activity_id} deal NUMBER",
        ru="Уберите привязку, которая больше не нужна: /unbind дело {activity_id} сделка НОМЕР",
    ),
    call="Ask the person which binding is no longer needed; list_activity_bindings shows them.",
)
"""Needs `activity_id`."""
NOT_SAVED: Final = Failure(
    code="not_saved",
    what=Localized(
        en="Bitrix24 accepted the change, but the record does not show it: {items} for {target}.",
        ru="Битрикс24 принял изменение, но в записи его нет: {target}, {items}.",
    ),
    next=Localized(
        en="Open the record in Bitrix24 to see what is there now.",
        ru="Откройте запись в Битрикс24 и посмотрите, что в ней сейчас.",
    ),
    call="Read the list again and tell the person what it shows.",
    who=Who.BITRIX24,
)
"""Needs `items` and `target`."""
CLIENT_CAME_BACK: Final = Failure(
    code="client_came_back",
    what=Localized(
        en="Bitrix24 added {items} back to {target}.",
        ru="Битрикс24 вернул в {target}: {items}.",
    ),
    why=Localized(
        en="A linked deal may have this client: the portal copies clients from linked deals.",
        ru="Возможно, этот клиент указан в привязанной сделке: портал копирует клиентов из сделок.",
    ),
    next=Localized(
        en="Change the client in the deal, or unlink the deal first.",
        ru="Измените клиента в сделке или сначала отвяжите сделку.",
    ),
)
"""Needs `items` and `target`."""
CHANGED_MEANWHILE: Final = Failure(
    code="changed_meanwhile",
    what=Localized(
        en="Someone else changed the record in the meantime.",
        ru="Тем временем запись изменил кто-то другой.",
    ),
    next=Localized(
        en="Check the record, and repeat the request if it is still needed.",
        ru="Посмотрите, что в ней сейчас, и повторите запрос, если он ещё нужен.",
    ),
    call="Read the current state, and repeat only what the person still wants.",
)
RECORD_NOT_KEPT: Final = Failure(
    code="record_not_kept",
    what=Localized(
        en="The change history is unavailable. {reason}",
        ru="Журнал изменений недоступен. {reason}",
    ),
    next=Localized(
        en="Ask the administrator to check the database: without the history, nothing is changed.",
        ru="Попросите администратора проверить базу данных: без журнала изменения не вносятся.",
    ),
    who=Who.ADMIN,
)
"""Needs `reason`."""
NO_SUCH_CHANGE: Final = Failure(
    code="change_not_found",
    what=Localized(en="There is no such change in the history.", ru="Такого изменения в журнале нет."),
    next=Localized(en="See the history: /history", ru="Посмотрите журнал: /история"),
    call="Look at list_changes for the change_id.",
)
NOTHING_TO_UNDO: Final = Failure(
    code="nothing_to_undo",
    what=Localized(en="There is nothing to undo.", ru="Отменять нечего."),
    why=Localized(
        en="Either you changed nothing, the change is already undone, or it never took effect.",
        ru="Либо вы ничего не меняли, либо это уже отменено, либо изменение не состоялось.",
    ),
    next=Localized(en="See the history: /history", ru="Посмотрите журнал: /история"),
    call="Look at list_changes.",
)
NOT_YOUR_CHANGE: Final = Failure(
    code="not_your_change",
    what=Localized(en="Somebody else made this change.", ru="Это изменение сделал другой человек."),
    next=Localized(
        en="Ask them or a Linkdesk administrator to undo it.",
        ru="Попросите этого человека или администратора Linkdesk отменить его.",
    ),
    call="Tell the person that whoever made the change, or a Linkdesk administrator, can undo it.",
    who=Who.ADMIN,
)
CHANGE_UNCLEAR: Final = Failure(
    code="change_unclear",
    what=Localized(
        en="It is not yet known whether this change took effect, so it cannot be undone.",
        ru="Пока неизвестно, чем закончилось это изменение, поэтому отменить его нельзя.",
    ),
    next=Localized(
        en="Check the record in Bitrix24 and correct it there.",
        ru="Проверьте запись в Битрикс24 и исправьте её там.",
    ),
)
CANNOT_UNDO: Final = Failure(
    code="cannot_be_undone",
    what=Localized(en="This change cannot be undone.", ru="Это изменение отменить нельзя."),
    why=Localized(
        en="Bitrix24 cannot bring deleted records back, and values missing from the history cannot be restored.",
        ru="Битрикс24 не возвращает удалённые записи, а то, чего нет в журнале, не восстановить.",
    ),
    next=Localized(
        en="Look up the old values in the history and enter them again: /history",
        ru="Посмотрите прежние значения в журнале и внесите их заново: /история",
    ),
    call="See list_changes for what was there, and offer to enter it again.",
)
CHANGED_SINCE: Final = Failure(
    code="changed_since",
    what=Localized(
        en="Not undone: {target} has changed again since ({fields}).",
        ru="Не отменено: данные с тех пор снова изменились ({target}): {fields}.",
    ),
    next=Localized(
        en="Check the record, and change it by hand if that is still needed.",
        ru="Посмотрите, что там сейчас, и при необходимости измените вручную.",
    ),
    call="Read the record, tell the person what it holds now, and change only what they still want.",
)
"""Needs `fields` and `target`."""
UNDO_NEEDS_A_PERSON: Final = Failure(
    code="needs_a_person",
    what=Localized(
        en="Undoing this would affect more than the change itself, so a person has to confirm it.",
        ru="Отмена затронет не только само изменение, поэтому нужно подтверждение человека.",
    ),
    why=Localized(
        en="Either the record has changed since, or something that was restored would be removed again.",
        ru="С тех пор что-то снова изменилось, либо возвращённое будет убрано ещё раз.",
    ),
    next=Localized(
        en="Undo it yourself in the Linkdesk chat or the Telegram bot, and confirm it there.",
        ru="Отмените его сами в чате Linkdesk или боте Telegram и подтвердите там.",
    ),
    call="Tell the person what would change, and that they have to undo it in the Linkdesk chat or the Telegram bot.",
)

OWN: Final[tuple[Failure, ...]] = (
    NOT_REACHED,
    TLS_NOT_TRUSTED,
    LOST_READ,
    OUTCOME_UNKNOWN,
    UNREADABLE_ANSWER,
    BLOCKED_ON_THE_WAY,
    MOVED,
    MOVED_SOMEWHERE,
    UNKNOWN_CODE,
    INTERNAL,
    BAD_ARGUMENTS,
    TOO_MANY_REQUESTS,
    READ_ONLY_MODE,
    ROLE_NOT_ENOUGH,
    NEEDS_A_PERSON,
    DELETING_NEEDS_A_PERSON,
    NEEDS_BITRIX24,
    WRITES_NEED_A_PERSON,
    TOOL_NOT_OFFERED,
    UNKNOWN_TOOL,
    BINDING_LIMIT,
    NOT_SAVED,
    CLIENT_CAME_BACK,
    CHANGED_MEANWHILE,
    RECORD_NOT_KEPT,
    NO_SUCH_CHANGE,
    NOTHING_TO_UNDO,
    NOT_YOUR_CHANGE,
    CHANGE_UNCLEAR,
    CANNOT_UNDO,
    CHANGED_SINCE,
    UNDO_NEEDS_A_PERSON,
    *PEOPLE,
    *NEWS,
    *PLANS,
    *PROTOCOL,
    *SIGN_IN,
    *STORE,
)
"""Every entry above, for the tests and for documentation."""
