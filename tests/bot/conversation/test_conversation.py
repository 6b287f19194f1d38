import html
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.commands.forms import TOOL_COMMANDS
from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply
from bot.rendering.dispatch import render_outcome
from bot.rendering.phrases import PHRASES
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.model.outcome import Listing, PlanDetails, Target
from linkdesk.plans.model import LIFETIME, StoredPlan
from linkdesk.portal.batch_refs import Steps
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)
BORIS = replace(ANNA, user=1002, name="1002 Boris")
WATCHER = replace(ANNA, user=1003, name="1003 Watcher", role=Role.VIEWER)


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[Desk]:
    async with open_desk(Settings(), sandbox=True, now=clock) as opened:
        yield opened


@pytest.fixture
def talk(desk: Desk) -> Conversation:
    return Conversation(desk)


async def said_to(talk: Conversation, *texts: str, person: Person = ANNA) -> list[str]:
    return [(await talk.say(text, person)).text for text in texts]


async def test_a_link_is_made_shown_and_not_made_twice(talk: Conversation) -> None:
    linked, shown, again = await said_to(
        talk, "/link booking 14 deal 1", "/links booking 14", "/свяжи бронь 14 сделка 1"
    )
    assert re.fullmatch(r"Linked: booking 14 \(\w+ \d+ \w+, 15:00–16:00\) \+ deal 1 “.+”\.\nDeals now: 7, 1\.", linked)
    assert re.fullmatch(r"Deals of booking 14 \(.+\):\n• deal 7 “.+”\n• deal 1 “.+”", shown)
    assert again == "Сделка 1 уже привязана к бронированию 14. Ничего не изменено."


async def test_russian_words_are_answered_in_russian(talk: Conversation) -> None:
    linked, listed, empty, unlinked, moved, bound = await said_to(
        talk,
        "/свяжи бронь 14 сделка 1",
        "/связи бронь 14",
        "/связи ожидание 4",
        "/отвязать бронь 14 сделка 5",
        "/перенести дело 999 из сделки 7 в сделку 8",
        "/привязки дело 999",
    )
    assert re.fullmatch(r"Привязано: бронирование 14 \(.+\) \+ сделка 1 «.+»\.\nТеперь сделки: 7, 1\.", linked)
    assert re.fullmatch(r"Сделки бронирования 14 \(.+\):\n• сделка 7 «.+»\n• сделка 1 «.+»", listed)
    assert empty == "У записи листа ожидания 4 нет сделок."
    assert unlinked == "Сделка 5 не привязана к бронированию 14. Ничего не изменено."
    assert re.fullmatch(r"Перенесено: дело 999, сделка 7 → сделка 8 «.+»\.\nТеперь привязки: сделка 8\.", moved)
    assert re.fullmatch(r"Привязки дела 999:\n• сделка 8 «.+»", bound)


async def test_what_does_not_exist_is_said_with_what_to_do(talk: Conversation) -> None:
    (answer,) = await said_to(talk, "/link booking 999 deal 1")
    what, meant, then = answer.splitlines()
    assert what == "Booking 999 was not found."
    assert meant.startswith("999 is an activity “")
    assert then.startswith("Nothing was changed. Check the number")
    (answer,) = await said_to(talk, "/link booking 14 deal 99")
    assert "deal 99" in answer
    assert "Nothing was changed." in answer


async def test_side_effects_have_a_line_of_their_own(talk: Conversation) -> None:
    (answer,) = await said_to(talk, "/link booking 16 deal 7")
    assert answer.splitlines()[-1] == "Bitrix24 also added as client: contact 1."


async def test_every_kind_of_change_is_said(talk: Conversation) -> None:
    answers = await said_to(
        talk,
        "/client 15 5",
        "/client 15 5",
        "/unclient 15 6",
        "/unclient 15 5",
        "/clients 15",
        "/bind 999 contact 5",
        "/bind 999 contact 5",
        "/unbind 999 contact 6",
        "/unbind 999 contact 5",
        "/unbind 999 deal 7",
        "/link waitlist 4 deals 1, 2",
        "/link waitlist 4 deals 2, 3",
        "/unlink waitlist 4 deals 1, 9",
        "/unlink booking 17 all",
        "/move 70 from deal 8 to contact 1",
        "/move 70 from deal 8 to contact 1",
    )
    firsts = [answer.splitlines()[0] for answer in answers]
    assert [re.sub(r" \([^)]+\)| “[^”]+”", "", first) for first in firsts] == [
        "Client added: booking 15 + contact 5.",
        "Already among the clients of booking 15: contact 5. Nothing was changed.",
        "Not among the clients of booking 15: contact 6. Nothing was changed.",
        "Client removed: booking 15 − contact 5.",
        "Booking 15 has no clients.",
        "Bound: activity 999 + contact 5.",
        "Activity 999 is already bound to contact 5. Nothing was changed.",
        "Activity 999 is not bound to contact 6. Nothing was changed.",
        "Unbound: activity 999 − contact 5.",
        "This is the only binding of activity 999, so it cannot be removed.",
        "Linked: waitlist entry 4 + deal 1, deal 2.",
        "Linked: waitlist entry 4 + deal 3.",
        "Unlinked: waitlist entry 4 − deal 1.",
        "Booking 17 has no deals. Nothing was changed.",
        "Moved: activity 70, deal 8 → contact 1.",
        "Activity 70 is already bound to contact 1, and not to deal 8. Nothing was changed.",
    ]
    assert answers[11].splitlines()[1:3] == ["Already there: deal 2.", "Deals now: 1, 2, 3."]
    assert answers[12].splitlines()[1:] == ["Deals now: 2, 3.", "Was not there: deal 9."]


async def test_several_bookings_are_told_of_one_by_one(talk: Conversation) -> None:
    (answer,) = await said_to(talk, "/link bookings 17, 999, 18 deal 3")
    assert [line.split(" (")[0] for line in answer.splitlines()] == [
        "Linked: booking 17",
        "Deals now: 3.",
        "Booking 999 was not found.",
        "999 is an activity “Позвонить и подтвердить запись”, not a booking. Did you mean booking 17",
        "Nothing was changed for booking 999. Check the number in the booking calendar: it may have been deleted.",
        "Linked: booking 18",
        "Deals now: 3.",
    ]


@pytest.mark.parametrize(
    ("yes", "done"), [("yes", "Unlinked"), ("Да!", "Отвязано"), ("do it", "Unlinked"), ("/yes", "Unlinked")]
)
async def test_a_plan_that_destroys_waits_for_a_yes(talk: Conversation, yes: str, done: str) -> None:
    command = "/unlink booking 14 all" if done == "Unlinked" else "/отвязать бронь 14 все"
    asked = await talk.say(command, ANNA)
    assert asked.card
    assert "deal 7" in asked.text or "сделка 7" in asked.text
    assert asked.text.splitlines()[-1] in {"Do it? yes / no", "Выполнить? да / нет"}
    assert "7" in (await talk.say("/links 14", ANNA)).text
    settled = await talk.say(yes, ANNA)
    assert settled.text.startswith(done)
    assert settled.closes == asked.card


async def test_a_replacing_plan_shows_what_goes_comes_and_stays(talk: Conversation) -> None:
    await said_to(talk, "/link booking 14 deals 1, 2")
    (asked,) = await said_to(talk, "/link booking 14 deals 2, 3 replace")
    goes, comes, stays, question = asked.splitlines()
    assert re.fullmatch(r"Booking 14 \(.+\) will lose: deal 7.*, deal 1.*\.", goes)
    assert re.fullmatch(r"Will be added: deal 3.*\.", comes)
    assert re.fullmatch(r"Will stay: deal 2.*\.", stays)
    assert question == "Do it? yes / no"
    (done,) = await said_to(talk, "yes")
    assert "Deals now: 2, 3." in done.splitlines()


async def test_no_leaves_everything_as_it_was(talk: Conversation) -> None:
    _, cancelled, again, links = await said_to(talk, "/unlink 14 all", "no", "yes", "/links 14")
    assert cancelled == "Cancelled. Nothing was changed."
    assert again.startswith("No question is waiting for an answer")
    assert "deal 7" in links


async def test_a_question_is_answered_once(talk: Conversation) -> None:
    _, first, second = await said_to(talk, "/unlink 14 all", "yes", "yes")
    assert first.startswith("Unlinked")
    assert second.startswith("No question is waiting for an answer")


async def test_a_question_expires(talk: Conversation, clock: Clock) -> None:
    await said_to(talk, "/unlink 14 all")
    clock.now += LIFETIME
    answer, links = await said_to(talk, "yes", "/links 14")
    assert answer.startswith("The question has expired")
    assert "deal 7" in links


async def test_talk_leaves_a_question_waiting_and_another_change_ends_it(talk: Conversation) -> None:
    _, _, _, done = await said_to(talk, "/unlink 14 all", "/links 15", "what?", "yes")
    assert done.startswith("Unlinked")
    _, _, nothing = await said_to(talk, "/unlink 15 all", "/link 16 1", "yes")
    assert nothing.startswith("No question is waiting for an answer")


async def test_only_the_person_who_was_asked_can_answer(talk: Conversation) -> None:
    card = (await talk.say("/unlink 14 all", ANNA)).card or ""
    assert (await said_to(talk, "yes", person=BORIS))[0].startswith("No question is waiting for an answer")
    pressed = await talk.claim(BORIS, card, agreed=True)
    assert isinstance(pressed, Reply)
    assert pressed.text.startswith("Only the person who was asked can answer this.\nNothing was changed.")
    elsewhere = await talk.claim(replace(ANNA, chat=6), card, agreed=True)
    assert isinstance(elsewhere, Reply)
    assert elsewhere.text.startswith("The question is waiting in your private chat with the bot.\nNothing was changed.")
    claimed = await talk.claim(ANNA, card, agreed=True)
    assert isinstance(claimed, StoredPlan)
    assert (await talk.settle(claimed, ANNA)).text.startswith("Unlinked")
    again = await talk.claim(ANNA, card, agreed=True)
    assert isinstance(again, Reply)
    assert again.text.startswith("This question has already been answered.")
    assert "Nothing was changed" not in again.text


async def test_a_yes_to_a_plan_that_would_now_remove_more_is_asked_again(talk: Conversation) -> None:
    await said_to(talk, "/unlink 14 all")
    await said_to(talk, "/link 14 5", person=BORIS)
    (again,) = await said_to(talk, "yes")
    assert "deal 5" in again
    assert again.endswith("Do it? yes / no")
    (done,) = await said_to(talk, "yes")
    assert done.startswith("Unlinked")


async def test_plans_of_one_message_are_one_question(talk: Conversation) -> None:
    asked, done = await said_to(talk, "/unlink bookings 14, 15 all", "yes")
    assert asked.count("Do it?") == 1
    assert asked.count("will lose") == 2
    assert done.count("Unlinked") == 2


async def test_who_may_only_look_changes_nothing(talk: Conversation) -> None:
    refused, shown = await said_to(talk, "/link 14 1", "/links 14", person=WATCHER)
    assert refused.startswith("Your role in Linkdesk does not allow this.")
    assert "deal 7" in shown


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "The message is empty."),
        (" \u200b\n ", "The message is empty."),
        ("/", "A slash needs a command"),
        ("/ ", "A slash needs a command"),
        ("/link\x00 14 1", "The message contains unreadable characters"),
        ("\x1b[31m/link 14 1", "The message contains unreadable characters"),
        ("/link 14 \u202e1", "The message contains unreadable characters"),
        ("/link \ud800", "The message contains unreadable characters"),
        ("x" * 5000, "The message is too long"),
        ("/link 14 " + "1 " * 2500, "The message is too long"),
        ("/frobnicate", "There is no command"),
        ("good morning", "Write a command"),
        ("yes", "No question is waiting for an answer"),
    ],
)
async def test_what_is_no_command_gets_one_clear_sentence(talk: Conversation, text: str, answer: str) -> None:
    (given,) = await said_to(talk, text)
    assert given.startswith(answer)
    assert "\n" not in given
    (in_russian,) = await said_to(talk, text, person=replace(ANNA, chat=77, language="ru"))
    assert in_russian != given or re.search("[A-Za-z]", text)


@pytest.mark.parametrize(
    ("before", "text", "russian"),
    [
        ([], "/link бронь 14 сделка 1", True),
        ([], "/links booking 14", False),
        ([], "/links 14", False),
        (["/связи 14"], "/links 14", True),
        (["/связи 14"], "/links booking 14", False),
        (["/связи 14"], "ok", True),
        (["/lang ru"], "/links booking 14", True),
        (["/язык английский"], "/связи бронь 14", False),
        (["/lang ru", "/lang auto"], "/links booking 14", False),
        (["/связи 14"], "/link 14 https://x.ru/crm/deal/details/1/", True),
        (["/связи 14"], "/help link", True),
    ],
)
async def test_answers_are_in_the_language_of_the_message(
    talk: Conversation, before: list[str], text: str, *, russian: bool
) -> None:
    *_, answer = await said_to(talk, *before, text)
    assert (re.match(r"[А-Яа-яЁё/]", answer) is not None) == russian


async def test_the_language_of_telegram_counts_where_the_message_tells_none(talk: Conversation) -> None:
    (answer,) = await said_to(talk, "/links 14", person=replace(ANNA, language="ru"))
    assert answer.startswith("Сделки")


async def test_a_language_that_is_set_for_all_holds_until_somebody_chooses(desk: Desk) -> None:
    talk = Conversation(desk, language="ru")
    first, chosen, second = await said_to(talk, "/links booking 14", "/lang en", "/links booking 14")
    assert first.startswith("Сделки")
    assert chosen.startswith("From now on I answer in English.")
    assert second.startswith("Deals")


async def test_help_names_every_command_and_tells_more_of_each(talk: Conversation) -> None:
    overview, more, unknown, in_russian = await said_to(talk, "/help", "/help link", "/help nothing", "/помощь")
    assert {line.split()[0].rstrip(":") for line in overview.splitlines() if line.startswith("/")} == {
        *(f"/{command}" for command in TOOL_COMMANDS),
        "/signin",
        "/logout",
        "/notify",
    }
    assert "/link booking 14 deal 1" in more
    assert "/link waitlist 4 deal 1" in more
    assert "replace" in more
    assert unknown.startswith("There is no command “nothing”.")
    assert "/связать бронь 14 сделка 1: привязать сделки к бронированию" in in_russian


async def test_everything_said_is_bounded_and_escaped() -> None:
    name = "<b>Bad</b> & \x1b[31m\n" + "long " * 50
    ref = CrmRef(type="deal", id=1)
    for kind in PHRASES:
        when = Localized(en="<when>", ru="<when>")
        listing = Listing(
            target=Target("booking", 14), kind=kind, items=(ref,), about=PlanDetails(when=when, names={ref: name})
        )
        spoken = render_outcome(listing, "en")
        assert html.unescape(re.sub("</?b>", "", spoken.html)) == spoken.plain
        assert "&lt;b&gt;Bad&lt;/b&gt; &amp;" in spoken.html
        assert "\x1b" not in spoken.plain
        assert len(spoken.plain.splitlines()) == 2
        assert len(spoken.plain) < 200


class BrokenPortal:
    async def __call__(self, _method: Method[Any]) -> NoReturn:
        raise RuntimeError("https://h/rest/1/plantedsecret123/ broke")

    async def batch(self, _methods: Sequence[Method[Any]]) -> NoReturn:
        raise RuntimeError("https://h/rest/1/plantedsecret123/ broke")

    async def run_steps(self, _steps: Steps) -> NoReturn:
        raise RuntimeError("https://h/rest/1/plantedsecret123/ broke")


async def test_a_fault_of_our_own_is_told_with_a_number_that_the_log_has_too() -> None:
    talk = Conversation(Desk(BrokenPortal()))
    with capture_logs() as logged:
        read, written = await said_to(talk, "/links 14", "/link bookings 14, 15 deal 1")
    (number,) = re.findall(r"\b[0-9a-f]{8}\b", read)
    assert "changed" not in read
    assert "It is not known whether anything was changed." in written
    assert "Not attempted after that: booking 15." in written
    assert number == logged[0]["incident"]
    assert isinstance(logged[0]["exc_info"], RuntimeError)
    assert "plantedsecret123" not in read + written


@given(st.text(max_size=300))
async def test_nothing_that_is_said_makes_the_conversation_fail(text: str) -> None:
    talk = Conversation(Desk(BrokenPortal()))
    with capture_logs():
        assert (await talk.say(text, ANNA)).text


async def test_the_desk_is_told_who_asks() -> None:
    assert ANNA.actor == Actor("1001 Anna", Face.TELEGRAM, Role.EDITOR, "telegram:1001", place="telegram:5")
