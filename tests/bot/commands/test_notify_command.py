"""Switching news of bookings on, choosing them, and switching them off: `/notify` in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from linkdesk.events.model import EventKind
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import (
    EDITOR,
    GROUP,
    LATER,
    STRANGER,
    VIEWER,
    NotificationsEnv,
    open_notifications_env,
)

HOUR = timedelta(hours=1)


@pytest.fixture
async def env() -> AsyncIterator[NotificationsEnv]:
    async with open_notifications_env() as opened:
        await opened.begin()
        yield opened


async def test_nobody_is_told_before_they_switch_it_on_and_then_only_what_is_new(env: NotificationsEnv) -> None:
    assert (await env.said("/notify")).text == "Booking notifications are off here. To turn them on: /notify on"
    await env.book()
    assert await env.told() == []
    answer = await env.follow()
    assert answer.text.startswith("Booking notifications arrive here: new, changed, deleted.\nResources: all.")
    await env.book(LATER + HOUR, name="Haircut")
    (message,) = await env.told()
    assert message.text.splitlines()[0].startswith("New booking ")
    assert "Haircut" in message.text
    assert await env.told() == []


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("/notify on", (EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED)),
        ("/notify on new", (EventKind.CREATED,)),
        ("/notify new", (EventKind.CREATED,)),
        ("/notify on new changed deleted", (EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED)),
        ("/notify on, cancelled and moved", (EventKind.CHANGED, EventKind.DELETED)),
        ("/notify on all", (EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED)),
        ("/уведомления включить новые отмены", (EventKind.CREATED, EventKind.DELETED)),
        ("/уведомления вкл изменения", (EventKind.CHANGED,)),
        ("/уведомление все", (EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED)),
        ("/notify@fake_bot on deleted", (EventKind.DELETED,)),
    ],
)
async def test_the_kinds_of_news_are_chosen_in_either_language(
    env: NotificationsEnv, command: str, wanted: tuple[EventKind, ...]
) -> None:
    await env.follow("/notify on changed")
    await env.said(command)
    chat = await env.chats.find(USER)
    assert chat is not None
    assert chat.kinds == set(wanted) if command != "/notify on" else {EventKind.CHANGED}


@pytest.mark.parametrize(
    ("command", "resources"),
    [
        ("/notify resource 2", {2}),
        ("/notify resources 1, 3", {1, 3}),
        ("/notify resource Olga", {2}),
        ("/notify resource olga, Кабинет 1", {2, 3}),
        ("/уведомления ресурс 1 и 2", {1, 2}),
        ("/уведомления ресурсы кабинет", {3}),
        ("/notify resource all", None),
        ("/уведомления ресурс все", None),
    ],
)
async def test_resources_are_named_by_number_or_by_name(
    env: NotificationsEnv, command: str, resources: set[int] | None
) -> None:
    await env.follow("/notify on resource 1")
    await env.said(command)
    chat = await env.chats.find(USER)
    assert chat is not None
    assert chat.resources == resources


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/notify quiet 22:00-08:00", "Quiet hours: 22:00 to 08:00 (Europe/Moscow)"),
        ("/notify quiet from 22 to 8", "Quiet hours: 22:00 to 08:00"),
        ("/notify quiet hours 21.30 – 7:15", "Quiet hours: 21:30 to 07:15"),
        ("/notify quiet 23:00-24:00", "Quiet hours: 23:00 to 00:00"),
        ("/уведомления тихо 22:00-8:00", "Quiet hours: 22:00 to 08:00"),
        ("/уведомления тихие часы с 22 до 8", "Quiet hours: 22:00 to 08:00"),
        ("/notify quiet off", "No quiet hours."),
        ("/уведомления тихо выключить", "No quiet hours."),
        ("/notify resource 1 2 without deal quiet 22:00-8:00 new", "Resources: 1 "),
    ],
)
async def test_quiet_hours_are_set_in_either_language(env: NotificationsEnv, command: str, said: str) -> None:
    await env.follow("/notify on quiet 01:00-02:00")
    await env.said("/lang en")
    assert said in (await env.said(command)).text


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/notify sometimes", "I don't understand “sometimes” here. You can use: on, off, new,"),
        ("/notify on off", "I don't understand “off” here"),
        ("/notify resource", "I don't understand “resource” here"),
        ("/notify without", "I don't understand “without” here"),
        ("/notify quiet", "“quiet” is not a time range"),
        ("/notify quiet 25:00-08:00", "“25:00-08:00” is not a time range"),
        ("/notify quiet 8-8", "“8-8” is not a time range"),
        ("/notify resource 77", "There is no resource “77”. Resources: 1 Анна, мастер по волосам, 2 Olga"),
        ("/notify resource Nobody", "There is no resource “Nobody”."),
        ("/notify resource а", "Ресурсов, похожих на «а», несколько, назовите номер: 1 Анна"),
        ("/уведомления иногда", "Здесь непонятно «иногда»: можно включить, выключить, новые,"),
        ("/уведомления тихо ночью", "«ночью» — это не часы"),
    ],
)
async def test_what_is_not_understood_is_named_and_changes_nothing(
    env: NotificationsEnv, command: str, answer: str
) -> None:
    await env.follow("/notify on new")
    before = await env.chats.find(USER)
    said = (await env.said(command)).text
    assert said.startswith(answer)
    assert "\n" not in said
    assert said.endswith(("Nothing was changed.", "Ничего не изменено."))
    assert await env.chats.find(USER) == before


@pytest.mark.parametrize("command", ["/notify new", "/notify quiet 22:00-08:00", "/notify resource 1"])
async def test_nothing_but_on_switches_news_on(env: NotificationsEnv, command: str) -> None:
    assert (await env.said(command)).text.endswith("turn them on first: /notify on. Nothing was changed.")
    assert await env.chats.find(USER) is None


async def test_switched_off_nothing_is_told_any_more(env: NotificationsEnv) -> None:
    await env.follow()
    for off in ("/notify off", "/уведомления выключить"):
        await env.said("/notify on")
        assert (await env.said(off)).text.startswith(("Booking notifications are now off here", "Уведомления"))
        await env.book(LATER + (HOUR if off == "/notify off" else 2 * HOUR))
        assert await env.told() == []
    assert (await env.said("/notify off", language_code="en")).text


async def test_the_bare_word_shows_and_is_in_menus_and_help(env: NotificationsEnv) -> None:
    assert (await env.said("notifications")).text.startswith("Booking notifications are off here")
    assert (await env.said("уведомления", language_code="ru")).text.startswith(
        "Уведомления о бронированиях здесь выключены"
    )
    await env.said("/lang en")
    assert "/notify: booking notifications in this chat" in (await env.said("/help")).text
    assert "/notify quiet 22:00-08:00" in (await env.said("/help notify")).text
    await env.said("/lang ru")
    assert "/уведомления тихо 22:00-8:00" in (await env.said("/помощь уведомления")).text
    for bot in env.bots:
        await bot.greet(env.settings)
    assert env.api.menu()["notify"] == "Booking notifications in this chat"
    assert env.api.menu("ru")["notify"] == "Уведомления о бронированиях в этом чате"
    assert "notify" in env.api.menu("ru", type="all_chat_administrators")
    assert "notify" not in env.api.menu("ru", type="all_group_chats")


async def test_a_stranger_switches_nothing_on(env: NotificationsEnv) -> None:
    assert str(STRANGER) in (await env.said("/notify on", STRANGER)).text
    assert await env.chats.subscribers() == []


async def test_in_a_group_administrators_alone_switch_news_on_and_off(env: NotificationsEnv) -> None:
    for command in ("/notify on", "/notify", "/notify off"):
        refused = await env.said(command, EDITOR, chat_id=GROUP)
        assert refused.text.startswith("Only a Linkdesk administrator can use this command")
    assert await env.chats.find(GROUP) is None
    await env.follow(chat_id=GROUP)
    await env.book()
    (message,) = await env.told()
    assert (message.chat_id, message.buttons) == (GROUP, ["Link to deal…"])


async def test_without_the_right_to_see_bookings_news_are_not_switched_on() -> None:
    async with open_notifications_env(allow="viewer:crm,editor:all") as env:
        await env.begin()
        refused = await env.said("/notify on", VIEWER)
        assert refused.text.startswith("You are not allowed to use this in Linkdesk: bookings")
        assert await env.chats.find(VIEWER) is None
