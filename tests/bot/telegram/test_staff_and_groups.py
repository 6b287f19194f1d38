"""People in Telegram, at the wire: let in, listed, changed and removed; groups; limits; menus and help by role."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import Transports, serve
from bot.app.wiring import StaffAccess
from bot.conversation.service import Conversation
from bot.telegram.rate_limit import AT_ONCE
from bot.telegram.request import TolerantRequest
from linkdesk.accounts.staff import Chat, MemoryStaffStore, StaffStore
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.stores import open_staff
from linkdesk.config.settings import Settings
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tool_specs.declaration.method import Toolset

KATE, IVAN, STRANGER = 1002, 1003, 666
GROUP, OTHER_GROUP = -1_001_000_000_007, -1_001_000_000_008


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people() -> MemoryStaffStore:
    return MemoryStaffStore()


@asynccontextmanager
async def a_running_bot(api: FakeBotApi, people: StaffStore, clock: Clock) -> AsyncIterator[None]:
    settings = Settings(
        telegram_token=SecretStr(TOKEN),
        telegram_api="http://127.0.0.1:1",
        staff={USER: Role.ADMIN},
    )
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    wires, stopped = Transports(HTTPXRequest(**through), TolerantRequest(**through)), asyncio.Event()
    async with open_desk(settings, sandbox=True) as desk:
        conversation, staff_access = Conversation(desk), StaffAccess(people, portal="the salon", clock=clock)
        serving = asyncio.create_task(serve(settings, conversation, wires, stopped, at_once, staff_access=staff_access))
        await api.until(lambda: serving.done() or api.called("getUpdates"))
        try:
            yield
        finally:
            stopped.set()
            await serving


@pytest.fixture
async def bot(api: FakeBotApi, people: MemoryStaffStore, clock: Clock) -> AsyncIterator[None]:
    async with a_running_bot(api, people, clock):
        yield


pytestmark = pytest.mark.usefixtures("bot")


async def answer_to(api: FakeBotApi, text: str, user: int = USER, **more: Any) -> str:  # noqa: ANN401 - as user_says
    api.user_says(text, user_id=user, **more)
    (message,) = await api.answer()
    return message.text


async def invited(api: FakeBotApi, order: str = "/invite editor Kate") -> str:
    """Have the administrator make an invitation, and give what its link makes a person send."""
    link = re.search(r"https://t\.me/fake_bot\?start=([A-Za-z0-9_-]{1,64})\b", await answer_to(api, order))
    assert link is not None
    return f"/start {link[1]}"


async def test_an_invitation_lets_one_person_in_once_and_says_as_what_and_where(api: FakeBotApi) -> None:
    start = await invited(api, "/invite viewer Kate Smith")
    greeting = await answer_to(api, start, KATE)
    assert "Kate Smith" in greeting
    assert "the salon" in greeting
    assert "viewer" in greeting
    assert (await answer_to(api, "/links 14", KATE)).startswith("Deals of booking 14")
    assert (await answer_to(api, "/link 14 1", KATE)).startswith("Your role in Linkdesk does not allow this")
    assert "already been used" in await answer_to(api, start, STRANGER)
    assert str(STRANGER) in await answer_to(api, "/links 14", STRANGER)


async def test_without_a_role_an_invitation_makes_an_editor_and_the_name_is_the_persons_own(api: FakeBotApi) -> None:
    greeting = await answer_to(api, await invited(api, "/пригласить"), KATE, language_code="ru")
    assert greeting.startswith("Здравствуйте, User 1002!")
    assert "редактор" in greeting
    assert (await answer_to(api, "/link 14 1", KATE)).startswith("Linked")


async def test_whoever_is_let_in_already_leaves_an_invitation_to_others(api: FakeBotApi) -> None:
    start = await invited(api, "/invite viewer")
    assert (await answer_to(api, start)).startswith("You already have access; your role: administrator.")
    assert (await answer_to(api, start, KATE)).startswith("Welcome")


@pytest.mark.parametrize("text", ["/start", "/start i-", "/start x y", "/start b-abc", "hello", "/invite admin"])
async def test_a_stranger_without_an_invitation_stays_one(api: FakeBotApi, people: MemoryStaffStore, text: str) -> None:
    answer = await answer_to(api, text, STRANGER)
    assert str(STRANGER) in answer or "already been used" in answer
    assert await people.members() == []


@pytest.mark.parametrize("command", ["/invite admin Eve", "/people", "/people remove 1001", "/allow"])
async def test_only_administrators_manage_people(api: FakeBotApi, people: MemoryStaffStore, command: str) -> None:
    await answer_to(api, await invited(api), KATE)
    assert (await answer_to(api, command, KATE)).startswith("Only a Linkdesk administrator can use this")
    assert [member.role for member in await people.members()] == [Role.EDITOR]


async def test_links_and_names_are_not_told_in_a_group(api: FakeBotApi, people: MemoryStaffStore) -> None:
    await people.allow_chat(Chat(id=GROUP, allowed_by="x"))
    for command in ("/invite", "/people", "/signin", "/logout"):
        assert (await answer_to(api, command, chat_id=GROUP)).startswith("Send this command to me in a private chat")


async def test_people_are_listed_given_other_roles_and_removed(api: FakeBotApi, people: MemoryStaffStore) -> None:
    await answer_to(api, await invited(api, "/invite editor Kate"), KATE)
    await answer_to(api, await invited(api, "/invite viewer Ivan"), IVAN)
    listed = await answer_to(api, "/people")
    assert listed.splitlines()[1:4] == [
        "1001: administrator; set in LINKDESK_STAFF",
        "1002 Kate: editor",
        "1003 Ivan: viewer",
    ]
    assert await answer_to(api, "/people kate viewer") == "Kate (1002) now has the role viewer."
    assert (await answer_to(api, "/link 14 1", KATE)).startswith("Your role")
    assert await answer_to(api, "/люди роль 1003 админ") == "Ivan (1003): новая роль — администратор."
    assert (await answer_to(api, "/people", IVAN)).startswith("People with")
    assert (await answer_to(api, "/people remove Kate")).startswith("Kate (1002) no longer has access")
    assert str(KATE) in await answer_to(api, "/links 14", KATE)
    assert [member.name for member in await people.members()] == ["Ivan"]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/people remove Nobody", "Nobody on the staff matches “Nobody”"),
        ("/people remove", "Write it like this"),
        ("/people Kate", "Write it like this"),
        ("/people Kate king", "Write it like this"),
        ("/people remove 1001", "1001 is set in LINKDESK_STAFF"),
        ("/people remove K", "Several people match; give the number: 1002 Kate, 1003 Kirill"),
        ("/people 1002 editor", "Kate (1002) already has the role editor."),
    ],
)
async def test_an_order_that_cannot_be_carried_out_changes_nobody(
    api: FakeBotApi, people: MemoryStaffStore, command: str, answer: str
) -> None:
    await answer_to(api, await invited(api, "/invite editor Kate"), KATE)
    await answer_to(api, await invited(api, "/invite editor Kirill"), IVAN)
    before = await people.members()
    assert (await answer_to(api, command)).startswith(answer)
    assert await people.members() == before


async def test_an_administrator_cannot_shut_themselves_out(api: FakeBotApi) -> None:
    await answer_to(api, await invited(api, "/invite admin Kate"), KATE)
    for order in ("/people remove Kate", "/people Kate viewer"):
        assert (await answer_to(api, order, KATE)).startswith("You can't change your own access")


async def test_who_was_removed_presses_in_vain(api: FakeBotApi, people: MemoryStaffStore) -> None:
    await answer_to(api, await invited(api), KATE)
    api.user_says("/unlink 14 all", user_id=KATE)
    (card,) = await api.answer()
    await people.remove_member(KATE)
    press = api.press(KATE, card.message_id, "Do it")
    await api.until(lambda: press in api.callback_answers)
    assert api.callback_answers[press]["text"] == "This is for staff only."
    assert "deal 7" in await answer_to(api, "/links 14")


async def test_whoami_names_the_person_their_role_and_whose_rights_they_have(api: FakeBotApi) -> None:
    own, portal, *_ = (await answer_to(api, "/whoami")).splitlines()
    assert own == "You are User 1001, Telegram ID 1001; role: administrator; employee: telegram:1001."
    assert "user 1" in portal.lower()
    assert "роль: администратор" in await answer_to(api, "/ктоя")


async def test_with_a_webhook_nobody_signs_in_or_out(api: FakeBotApi) -> None:
    for command in ("/signin", "/logout"):
        assert "webhook's owner" in await answer_to(api, command)


async def test_a_bare_word_neither_signs_out_nor_invites(api: FakeBotApi) -> None:
    for word in ("logout", "invite", "people"):
        assert "webhook" not in (answer := await answer_to(api, word))
        assert "t.me" not in answer


async def test_the_chosen_language_outlives_the_process(tmp_path: Path) -> None:
    settings = Settings.model_validate({"database": f"sqlite:///{tmp_path}/linkdesk.sqlite3"})
    for text, answer in (("/lang ru", "Теперь"), ("/links 14", "Сделки"), ("/lang auto", ""), ("/links 14", "Deals")):
        api = FakeBotApi()
        async with open_staff(settings) as people, a_running_bot(api, people, Clock()):
            assert (await answer_to(api, text)).startswith(answer)


async def test_the_language_is_the_persons_in_every_chat(api: FakeBotApi, people: MemoryStaffStore) -> None:
    await people.allow_chat(Chat(id=GROUP, allowed_by="x"))
    await answer_to(api, "/lang ru")
    assert (await answer_to(api, "/links 14", chat_id=GROUP)).startswith("Сделки")


async def test_a_group_is_answered_once_an_administrator_allowed_it(api: FakeBotApi) -> None:
    await answer_to(api, await invited(api), KATE)
    refusal = await answer_to(api, "/links 14", KATE, chat_id=GROUP)
    assert refusal.startswith("I don't answer in this group yet")
    assert (await answer_to(api, "/allow", KATE, chat_id=GROUP)).startswith("Only a Linkdesk administrator")
    assert (await answer_to(api, "/allow")).startswith("Send this command in the group")
    assert (await answer_to(api, "/allow", chat_id=GROUP)) == "I now answer in this group."
    assert (await answer_to(api, "/links 14", KATE, chat_id=GROUP)).startswith("Deals")
    assert (await answer_to(api, "/links 14", chat_id=OTHER_GROUP)).startswith("I don't answer")
    assert (await answer_to(api, "/disallow@fake_bot", chat_id=GROUP)) == "I no longer answer in this group."
    assert (await answer_to(api, "/links 14", KATE, chat_id=GROUP)).startswith("I don't answer")


async def test_a_group_may_be_limited_to_toolsets(api: FakeBotApi, people: MemoryStaffStore) -> None:
    assert "“money”" in await answer_to(api, "/allow money", chat_id=GROUP)
    assert await people.chat(GROUP) is None
    assert (await answer_to(api, "/allow links, bookings", chat_id=GROUP)).endswith("about: links, bookings.")
    chat = await people.chat(GROUP)
    assert chat is not None
    assert chat.toolsets == frozenset({Toolset.LINKS, Toolset.BOOKINGS})
    assert (await answer_to(api, "/links 14", chat_id=GROUP)).startswith("Deals")
    assert (await answer_to(api, "/find Anna", chat_id=GROUP)).startswith("This is not allowed in this chat: CRM")
    assert not (await answer_to(api, "/find Anna")).startswith("This is not allowed in this chat")


async def test_a_card_of_a_group_that_is_allowed_no_longer_does_nothing(api: FakeBotApi) -> None:
    await answer_to(api, "/allow", chat_id=GROUP)
    api.user_says("/unlink 14 all", chat_id=GROUP)
    (card,) = await api.answer()
    await answer_to(api, "/disallow", chat_id=GROUP)
    press = api.press(USER, card.message_id, "Do it", chat_id=GROUP)
    await api.until(lambda: press in api.callback_answers)
    assert api.callback_answers[press]["text"].startswith("I don't answer in this group")
    assert "deal 7" in await answer_to(api, "/links 14")


async def test_phones_and_mails_of_clients_are_shown_in_private_only(api: FakeBotApi) -> None:
    await answer_to(api, "/allow", chat_id=GROUP)
    for asked, secret in (("/find +7 916 123-45-67", "916"), ("/find nobody@example.com", "nobody@example.com")):
        assert secret in await answer_to(api, asked)
        shown = await answer_to(api, asked, chat_id=GROUP)
        assert secret not in shown
        assert "•••" in shown
        assert shown.endswith("in a private chat only.")
    assert (await answer_to(api, "/links 14", chat_id=GROUP)).count("private") == 0


async def test_who_writes_too_much_is_told_once_and_heard_again_later(api: FakeBotApi, clock: Clock) -> None:
    for number in range(AT_ONCE + 5):
        api.user_says(f"/links {number % 5 + 14}")
    *answers, told = await api.answer(AT_ONCE + 1)
    assert all(answer.text.startswith(("Deals", "Booking")) for answer in answers)
    assert told.text == ("Too many messages at once. Please continue in 3 s; the messages in between were not read.")
    api.user_says("/links 14", user_id=STRANGER)
    assert str(STRANGER) in (await api.answer())[0].text
    clock.now += 3
    assert (await answer_to(api, "/links 14")).startswith("Deals")
    assert api.unheard == []


async def test_a_stranger_who_keeps_writing_is_not_answered_for_ever(api: FakeBotApi) -> None:
    for _ in range(AT_ONCE + 20):
        api.user_says("let me in", user_id=STRANGER)
    await api.answer(AT_ONCE + 1)
    assert (await answer_to(api, "/lang")).startswith("I answer")
    assert api.unheard == []


async def test_menus_go_by_language_place_and_role(api: FakeBotApi) -> None:
    assert {"link", "signin", "logout"} < set(api.menu())
    assert api.menu("ru")["signin"] == "Войти в Битрикс24"
    assert not {"invite", "people", "allow"} & set(api.menu())
    group = api.menu(type="all_group_chats")
    assert "links" in group
    assert not {"signin", "logout", "invite", "people", "allow"} & set(group)
    assert {"allow", "disallow"} < set(api.menu("ru", type="all_chat_administrators"))
    for language in ("", "ru"):
        assert {"invite", "people"} < set(api.menu(language, type="chat", chat_id=USER))
    await answer_to(api, await invited(api, "/invite viewer Kate"), KATE)
    assert "links" in (own := api.menu(type="chat", chat_id=KATE))
    assert not {"link", "delete", "invite"} & set(own)
    await answer_to(api, "/people Kate admin")
    assert {"link", "invite"} < set(api.menu(type="chat", chat_id=KATE))
    await answer_to(api, "/people remove Kate")
    assert api.menu(type="chat", chat_id=KATE) == {}


async def test_help_shows_what_a_role_may_do(api: FakeBotApi) -> None:
    await answer_to(api, await invited(api, "/invite viewer Kate"), KATE)
    viewer, admin = await answer_to(api, "/help", KATE), await answer_to(api, "/help")
    assert "/link booking" not in viewer
    assert "/links booking" in viewer
    assert "/invite" not in viewer
    assert {"/link", "/invite:", "/people:", "/allow:"} <= {line.split()[0] for line in admin.splitlines()}
    assert "24 hours" in await answer_to(api, "/help invite")


@pytest.mark.parametrize(("typed", "meant"), [("/invte", "/invite"), ("/peple", "/people"), ("/войт", "/войти")])
async def test_a_misspelt_command_about_people_gets_the_nearest(api: FakeBotApi, typed: str, meant: str) -> None:
    assert meant in await answer_to(api, typed)


async def test_a_misspelt_role_invites_nobody(api: FakeBotApi) -> None:
    answer = await answer_to(api, "/invite viwer Kate")
    assert answer == (
        "“viwer” is not a role. Roles: viewer, editor, administrator. Nobody was invited. "
        "For example: /invite viewer Kate"
    )
    russian = await answer_to(api, "/пригласить Катя наблюдатедь")
    assert russian.startswith("«наблюдатедь» — не роль. Роли: наблюдатель, редактор, администратор.")
