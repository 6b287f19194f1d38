"""Check how booking events arrive: by webhook or by polling, and what prevents webhooks."""

from __future__ import annotations

from typing import Final

from linkdesk.bootstrap.stores import open_events
from linkdesk.config.settings import Settings
from linkdesk.doctor.findings import NEWS, CheckState, Finding
from linkdesk.errors.base import NotConfigured, Refused, Trouble
from linkdesk.errors.translate import translate
from linkdesk.events.store import PollerStatus
from linkdesk.portal.address import WebhookAddress
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.localized import Localized
from tool_specs.methods.event import BindEvent

MAX_NAME_LENGTH: Final = 80
_HANDLER: Final = "https://linkdesk.example/"

_POLLED: Final = Localized(
    en="bookings are checked every {every} seconds while a chat is subscribed; webhooks get no events.",
    ru="пока подписан хотя бы один чат, бронирования проверяются каждые {every} с; вебхуку события не приходят.",
)
_NO_ADDRESS: Final = Localized(
    en="bookings are checked every {every} seconds while a chat is subscribed; events would arrive at once.",
    ru="пока подписан хотя бы один чат, бронирования проверяются каждые {every} с; события приходили бы сразу.",
)
_SET_ADDRESS: Final = Localized(
    en="Set LINKDESK_PUBLIC_URL to an address that the portal can reach.",
    ru="Задайте LINKDESK_PUBLIC_URL: адрес, доступный порталу.",
)
_NOT_WANTED: Final = Localized(
    en="no chat is subscribed; once one is, Linkdesk subscribes to the portal's events.",
    ru="ни один чат не подписан; когда такой появится, Linkdesk подпишется на события портала.",
)
_BOUND: Final = Localized(
    en="the portal sends events (subscribed by {who}); all bookings are also checked every 15 minutes.",
    ru="портал присылает события (подписка от имени {who}); кроме того, раз в 15 минут проверяются все бронирования.",
)
_NONE_CAME: Final = Localized(
    en="subscribed to events (by {who}), but none has arrived yet; bookings are checked every {every} seconds.",
    ru="подписка на события есть (от имени {who}), но пока ни одно не пришло; проверка каждые {every} с.",
)
_REACHED: Final = Localized(
    en="If bookings have changed, check that LINKDESK_PUBLIC_URL leads from the internet to `linkdesk serve --http` or "
    "to the bot's webhook.",
    ru="Если бронирования менялись, проверьте, ведёт ли LINKDESK_PUBLIC_URL из интернета к `linkdesk serve --http` или "
    "к вебхуку бота.",
)
_REFUSED: Final = Localized(
    en="{what} Bookings are checked every {every} seconds instead.",
    ru="{what} Вместо этого бронирования проверяются каждые {every} с.",
)


async def check_notifications(settings: Settings) -> Finding | None:
    """Check how booking events arrive; return None without a bot or a portal."""
    if settings.telegram_token is None:
        return None
    try:
        connection = settings.connection()
    except NotConfigured:
        return None  # said where the portal is looked at
    facts: dict[str, Localized | str | int] = {"every": settings.news_every}
    if isinstance(connection, WebhookAddress):
        return Finding(CheckState.FINE, NEWS, _POLLED.format_map(facts))
    if settings.public_url is None:
        return Finding(CheckState.NOTICE, NEWS, _NO_ADDRESS.format_map(facts), _SET_ADDRESS)
    try:
        async with open_events(settings) as store:
            watching = await store.status()
    except Trouble as trouble:
        return Finding(CheckState.WRONG, NEWS, trouble.what, trouble.next)
    return check_event_delivery(watching, settings.news_every)


def check_event_delivery(watching: PollerStatus, every: int) -> Finding:
    """Report the state of the portal's event webhooks."""
    facts: dict[str, Localized | str | int] = {"every": every}
    if watching.refused is not None:
        call = BindEvent(event="ONBOOKINGADD", handler=_HANDLER)
        trouble = translate(Refused(call.rest, status=403, code=watching.refused).for_method(call), call)
        return Finding(CheckState.WRONG, NEWS, _REFUSED.format_map({**facts, "what": trouble.what}), trouble.next)
    if watching.binding is None:
        return Finding(CheckState.FINE, NEWS, _NOT_WANTED)
    facts["who"] = one_line(watching.binding.who, MAX_NAME_LENGTH)
    if watching.binding.token_hash is None:
        return Finding(CheckState.NOTICE, NEWS, _NONE_CAME.format_map(facts), _REACHED)
    return Finding(CheckState.FINE, NEWS, _BOUND.format_map(facts))
