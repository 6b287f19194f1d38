"""The `/notify` command: the notification settings of a chat."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.service import Conversation
from bot.conversation.session import Reply
from bot.notifications.options import NotificationOptions, UnknownOption, read_options
from bot.notifications.sources import NotificationSources
from bot.rendering.markup import Text, bounded, filled, joined
from linkdesk.errors.base import Trouble
from linkdesk.events.labels import ACCESS_LOST_CODES
from linkdesk.events.model import EventKind
from linkdesk.events.subscriptions import Subscription
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import ResourcesView
from tool_specs.declaration.listing import PAGE_SIZE
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.text import fold
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.resource import ListResources

MOST_PAGES: Final = 4
MOST_NAMED: Final = 10
LONGEST_WORD: Final = 40
LONGEST_NAME: Final = 50

OFF: Final = Localized(
    en="Booking notifications are off here. To turn them on: /notify on",
    ru="Уведомления о бронированиях здесь выключены. Включить: /уведомления включить",
)
STAYS_OFF: Final = Localized(
    en="Booking notifications are off here; turn them on first: /notify on. Nothing was changed.",
    ru="Уведомления о бронированиях здесь выключены, сначала включите их: /уведомления включить. Ничего не изменено.",
)
OFF_NOW: Final = Localized(
    en="Booking notifications are now off here.",
    ru="Уведомления о бронированиях здесь теперь выключены.",
)
RESTS: Final = Localized(
    en="Booking notifications are paused here: the person who turned them on can no longer see "
    "bookings, or has to sign in to Bitrix24 again. To turn them on again: /notify on",
    ru="Уведомления о бронированиях здесь приостановлены: тому, кто их включил, бронирования "
    "больше не доступны или нужно снова войти в Битрикс24. Включить ещё раз: /уведомления "
    "включить",
)
ON: Final = Localized(
    en="Booking notifications arrive here: {kinds}.", ru="Уведомления о бронированиях приходят сюда: {kinds}."
)
ELSEWHERE: Final = Localized(
    en="Booking notifications go to another topic of this group: {kinds}. To move them here: /notify on",
    ru="Уведомления о бронированиях приходят в другую тему этой группы: {kinds}. Перенести сюда: /уведомления включить",
)
RESOURCES: Final = Localized(en="Resources: {resources}.", ru="Ресурсы: {resources}.")
ALL_RESOURCES: Final = Localized(en="all", ru="все")
WITHOUT_DEAL: Final = Localized(en="Only bookings without a deal.", ru="Только бронирования без сделки.")
QUIET: Final = Localized(
    en="Quiet hours: {start} to {end} ({zone}); what happens then arrives afterwards in one message.",
    ru="Тихие часы: с {start} до {end} ({zone}); что произойдёт за это время, придёт потом одним сообщением.",
)
NEVER_QUIET: Final = Localized(en="No quiet hours.", ru="Тихих часов нет.")
HOW: Final = Localized(
    en="To change: /notify on new changed deleted · /notify resource 1 2 · /notify resource all "
    "· /notify without deal · /notify with deal · /notify quiet 22:00-08:00 · /notify quiet "
    "off · /notify off",
    ru="Изменить: /уведомления включить новые изменения отмены · /уведомления ресурс 1 2 · /уведомления ресурс все · "
    "/уведомления без сделки · /уведомления со сделкой · /уведомления тихо 22:00-8:00 · /уведомления тихо выключить · "
    "/уведомления выключить",
)
WRONG: Final = Localized(
    en="I don't understand “{word}” here. You can use: on, off, new, changed, deleted, resource "
    "1 2, without deal, with deal, quiet 22:00-08:00. Nothing was changed.",
    ru="Здесь непонятно «{word}»: можно включить, выключить, новые, изменения, отмены, ресурс 1 2, без сделки, "
    "со сделкой и тихо 22:00-8:00. Ничего не изменено.",
)
WRONG_HOURS: Final = Localized(
    en="“{word}” is not a time range. Write, for example, /notify quiet 22:00-08:00 or /notify "
    "quiet off. Nothing was changed.",
    ru="«{word}» — это не часы: напишите, например, /уведомления тихо 22:00-8:00 или /уведомления тихо выключить. "
    "Ничего не изменено.",
)
NO_SUCH_RESOURCE: Final = Localized(
    en="There is no resource “{word}”. Resources: {known}. Nothing was changed.",
    ru="Ресурса «{word}» нет. Есть: {known}. Ничего не изменено.",
)
SEVERAL_RESOURCES: Final = Localized(
    en="Several resources match “{word}”; give the number: {known}. Nothing was changed.",
    ru="Ресурсов, похожих на «{word}», несколько, назовите номер: {known}. Ничего не изменено.",
)
OF_KIND: Final = {
    EventKind.CREATED: Localized(en="new", ru="новые"),
    EventKind.CHANGED: Localized(en="changed", ru="изменения"),
    EventKind.DELETED: Localized(en="deleted", ru="отмены"),
}


class NotificationCommand:
    """Answers `/notify`."""

    def __init__(self, conversation: Conversation, sources: NotificationSources) -> None:
        """Take the conversation, the event log and the subscriptions."""
        self._desk = conversation.desk
        self._log = sources.log
        self._chats = sources.chats

    @handles("notify")
    async def notify(self, request: CommandRequest) -> Reply:
        """Show or change the notification settings of the chat.

        Raises:
            Trouble: the person may not see bookings, or the store or the portal does not answer.
        """
        order = read_options(request.arguments)
        if isinstance(order, UnknownOption):
            return request.reply(WRONG_HOURS if order.hours else WRONG, word=bounded(order.word, LONGEST_WORD))
        known = await self._chats.find(request.person.chat)
        if order.on is False:
            await self._chats.delete(request.person.chat)
            return request.reply(OFF_NOW if known is not None else OFF)
        if known is None and order.on is None:
            return request.reply(OFF if order.shows else STAYS_OFF)
        if order.shows and known is not None:
            return await self._shown(known, request)
        return await self._change(order, known, request)

    async def _change(self, order: NotificationOptions, known: Subscription | None, request: CommandRequest) -> Reply:
        self._desk.check(ListBookings(), request.person.actor)
        if order.on:
            await self._may_see(request)
        resources = await self._meant(order.resources, request) if order.resources else None
        if isinstance(resources, Reply):
            return resources
        who = request.person.actor.who
        chat = known or Subscription(
            chat=request.person.chat, topic=request.place.topic, subscribed_by=who, last_sent=0
        )
        chat = replace(
            chat,
            language=request.language,
            kinds=chat.kinds if order.kinds is None else order.kinds,
            resources=chat.resources if order.resources is None else resources,
            without_deal=chat.without_deal if order.without_deal is None else order.without_deal,
            quiet=None if order.no_quiet else order.quiet or chat.quiet,
        )
        if order.on:
            chat = replace(chat, topic=request.place.topic, subscribed_by=who)
        if known is not None and not (known.paused and order.on):
            await self._chats.update(chat)
            return await self._shown(chat, request)
        # Earlier changes are not sent: they are known already, or belong to another subscription.
        chat = replace(chat, last_sent=await self._log.latest(), paused=False)
        await self._chats.save(chat)
        return await self._shown(chat, request)

    async def _may_see(self, request: CommandRequest) -> None:
        """Check that the person may see bookings; a portal that is down counts as yes.

        Raises:
            Trouble: it does not, or they are to sign in first.
        """
        try:
            await self._desk.do(ListBookings(limit=1), request.person.actor)
        except Trouble as trouble:
            if trouble.failure.code in ACCESS_LOST_CODES:
                raise

    async def _shown(self, chat: Subscription, request: CommandRequest) -> Reply:
        if chat.paused:
            return request.reply(RESTS)
        language = request.language
        kinds = join_with_commas([OF_KIND[kind] for kind in EventKind if kind in chat.kinds]).to(language)
        head = ON if chat.topic == request.place.topic else ELSEWHERE
        lines = [filled(head.to(language), kinds=kinds)]
        resources = await self._named(chat.resources, request)
        facts = [filled(RESOURCES.to(language), resources=resources)]
        facts += [Text.of(WITHOUT_DEAL.to(language))] if chat.without_deal else []
        if chat.quiet is None:
            facts.append(Text.of(NEVER_QUIET.to(language)))
        else:
            start, end = (f"{clock:%H:%M}" for clock in (chat.quiet.start, chat.quiet.end))
            facts.append(filled(QUIET.to(language), start=start, end=end, zone=self._desk.zone))
        lines += [joined(facts, " "), Text.of(HOW.to(language))]
        return request.reply(joined(lines, "\n"))

    async def _named(self, ids: frozenset[int] | None, request: CommandRequest) -> str:
        """Name resources; by number alone where their names cannot be read now."""
        if ids is None:
            return ALL_RESOURCES.to(request.language)
        try:
            known = await self._resources(request)
        except Trouble:
            known = {}
        return _listed({number: known.get(number, "") for number in sorted(ids)})

    async def _meant(self, said: tuple[str, ...], request: CommandRequest) -> frozenset[int] | Reply:
        """Find the resources that are meant, by number or by name."""
        known = await self._resources(request)
        found: set[int] = set()
        for one in said:
            matching = _matching(one, known)
            if not matching:
                return request.reply(NO_SUCH_RESOURCE, word=bounded(one, LONGEST_WORD), known=_listed(known))
            if len(matching) > 1:
                return request.reply(SEVERAL_RESOURCES, word=bounded(one, LONGEST_WORD), known=_listed(matching))
            found |= matching.keys()
        return frozenset(found)

    async def _resources(self, request: CommandRequest) -> dict[int, str]:
        """Return the names of all resources by their ids."""
        known: dict[int, str] = {}
        cursor = None
        for _ in range(MOST_PAGES):
            outcome = await self._desk.do(ListResources(limit=PAGE_SIZE, cursor=cursor), request.person.actor)
            if not isinstance(outcome, ReadResult) or not isinstance(outcome.shown, ResourcesView):
                break
            known |= {one.id: one.name or "" for one in outcome.shown.resources if one.id is not None}
            cursor = outcome.shown.cursor
            if cursor is None:
                break
        return known


def _matching(said: str, known: dict[int, str]) -> dict[int, str]:
    """Return the resources that have the number, or else the name, or else a part of it."""
    if said.isdecimal():
        return {number: name for number, name in known.items() if str(number) == said}
    wanted = fold(said)
    same = {number: name for number, name in known.items() if fold(name) == wanted}
    return same or {number: name for number, name in known.items() if wanted in fold(name)}


def _listed(known: dict[int, str]) -> str:
    shown = [f"{number} {bounded(name, LONGEST_NAME)}".strip() for number, name in known.items()]
    return ", ".join(shown[:MOST_NAMED]) + ("…" if len(shown) > MOST_NAMED else "")
