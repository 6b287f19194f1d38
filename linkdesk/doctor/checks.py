"""Check that the portal, the Bot API, the database and Redis answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Final, cast

import httpx

from linkdesk.doctor.findings import PERMISSIONS, PORTAL, TELEGRAM, CheckState, Finding, check_scopes
from linkdesk.errors.base import NotConfigured, PortalError, Refused, Trouble, UnreadableResponse
from linkdesk.errors.translate import translate
from linkdesk.execution.context import PortalApi
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.localized import Localized
from tool_specs.methods.basic import ListScopes
from tool_specs.methods.user import OwnProfile, Profile

if TYPE_CHECKING:
    from linkdesk.config.settings import Settings

Opens = Callable[[], AbstractAsyncContextManager[object]]
"""Opens something that is closed again at once: the doctor only wants to know whether it can be."""

MAX_NAME_LENGTH: Final = 80
TIMEOUT_S: Final = 20
"""The doctor does not wait as long as a request may."""

_SLOW: Final = Localized(en="no answer within 20 seconds.", ru="не ответил за 20 секунд.")
_NO_PORTAL: Final = Localized(
    en="whatever answers at this address is not the Bitrix24 REST API.",
    ru="по этому адресу отвечает не REST API Битрикс24.",
)
_LOOK: Final = Localized(
    en="Check the address in LINKDESK_PORTAL, and whether the portal opens in a browser.",
    ru="Проверьте адрес в LINKDESK_PORTAL и открывается ли портал в браузере.",
)
_REFUSES: Final = Localized(
    en="it refuses even a request for the connected user's profile.",
    ru="отклоняет даже запрос о профиле подключённого пользователя.",
)
_PLAN: Final = Localized(
    en="Check that the portal's plan includes the REST API, and that the owner of the webhook still works there.",
    ru="Проверьте, что тариф портала включает REST API и что владелец вебхука ещё работает.",
)


async def check_portal(portal: PortalApi) -> AsyncGenerator[Finding]:
    """Check the portal: whose rights the connection has, and which permissions."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            me, scopes = await portal.batch([Profile(), ListScopes()])
    except TimeoutError:
        yield Finding(CheckState.WRONG, PORTAL, _SLOW, _LOOK)
        return
    except (PortalError, Trouble) as error:
        yield _not_reached(error)
        return
    if isinstance(me, PortalError):
        yield _not_reached(me)
        return
    yield _reached(cast("OwnProfile", me))
    if isinstance(scopes, PortalError):
        trouble = translate(scopes, ListScopes())
        yield Finding(CheckState.WRONG, PERMISSIONS, trouble.what, trouble.next)
    else:
        yield check_scopes(cast("list[str]", scopes))


def _not_reached(error: PortalError | Trouble) -> Finding:
    if isinstance(error, UnreadableResponse):
        return Finding(CheckState.WRONG, PORTAL, _NO_PORTAL, _LOOK)
    if isinstance(error, Refused) and error.code.upper() in {"ACCESS_DENIED", "ACCESS_ERROR"}:
        return Finding(CheckState.WRONG, PORTAL, _REFUSES, _PLAN)
    trouble = error if isinstance(error, Trouble) else translate(error, Profile())
    return Finding(CheckState.WRONG, PORTAL, trouble.what, trouble.next)


def _reached(me: OwnProfile) -> Finding:
    name = one_line(me.label, MAX_NAME_LENGTH) or str(me.id)
    as_admin = Localized(en=", an administrator", ru=", администратор") if me.admin else Localized(en="", ru="")
    return Finding(
        CheckState.FINE,
        PORTAL,
        Localized(
            en=f"it answers; Linkdesk acts as {name} (user {me.id}{as_admin.en}).",
            ru=f"отвечает; Linkdesk действует от имени: {name} (пользователь {me.id}{as_admin.ru}).",
        ),
    )


async def check_telegram(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> Finding | None:
    """Check the bot's token; return None if no bot is configured."""
    if settings.telegram_token is None:
        return None
    url = f"{settings.telegram_api}/bot{settings.telegram_token.get_secret_value()}/getMe"
    name: str | None = None
    status = 0
    try:
        async with httpx.AsyncClient(transport=transport, timeout=10, follow_redirects=False) as http:
            response = await http.get(url)
        status = response.status_code
        found = response.json()
        name = str(found["result"]["username"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        pass  # said below; the error itself holds the address, and that the token
    if name is not None:
        shown = one_line(name, MAX_NAME_LENGTH)
        return Finding(CheckState.FINE, TELEGRAM, Localized(en=f"the bot is @{shown}.", ru=f"имя бота: @{shown}."))
    refused = status in {httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND}
    return Finding(
        CheckState.WRONG,
        TELEGRAM,
        Localized(en="the token is not accepted.", ru="токен не принят.")
        if refused
        else Localized(en="the Bot API does not answer.", ru="сервер Bot API не отвечает."),
        Localized(
            en="Get the token from @BotFather again and set it in LINKDESK_TELEGRAM_TOKEN.",
            ru="Получите токен у @BotFather заново и впишите его в LINKDESK_TELEGRAM_TOKEN.",
        )
        if refused
        else Localized(
            en="Check the internet connection or LINKDESK_TELEGRAM_API.",
            ru="Проверьте подключение к интернету или LINKDESK_TELEGRAM_API.",
        ),
    )


async def check_opens(about: Localized, opens: Opens, fine: Localized) -> Finding:
    """Open something and close it again; a failure becomes the finding."""
    try:
        async with opens():
            return Finding(CheckState.FINE, about, fine)
    except NotConfigured as error:
        return Finding(CheckState.WRONG, about, error.sentence)
    except Trouble as trouble:
        return Finding(CheckState.WRONG, about, trouble.what, trouble.next)
