import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from bot.conversation.yes_no import yes_or_no
from bot.rendering.writer import Writer
from linkdesk.auth.policy import Face, Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.plans.model import LIFETIME

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)
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


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "Yes, please!", "yes please", "ok", "OK, do it", "go ahead", "sure", "yes, go ahead", "yes thank you"),
        *(
            "да, конечно",
            "Да",
            "ага",
            "давай",
            "да, давай",
            "да, пожалуйста",
            "конечно",
            "да-да".replace("-", " "),
            "/да",
            "/apply",
            "/применить",
        ),
    ],
)
def test_an_unmistakable_yes_is_a_yes(text: str) -> None:
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("no", "No, thanks", "no thank you", "stop", "/cancel", "don't", "don’t do it", "no no", "nope"),
        *("не надо", "нет, спасибо", "Нет.", "нет, не надо", "отмена, пожалуйста", "нет, конечно", "стоп"),
        *("/reject", "/отклонить"),
    ],
)
def test_an_unmistakable_no_is_a_no(text: str) -> None:
    assert yes_or_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("", "yes?", "да?", "yes no", "no yes", "да нет", "да нет, наверное", "нет да", "yes and no", "no problem"),
        *("yes but only deal 7", "конечно нет", "of course not", "please", "спасибо", "пожалуйста", "not yes", "ну да"),
        *(
            "ok no",
            "да, отмена",
            "давай не надо",
            "ок, стоп",
            "yes 14",
            "не",
            "yes " * 20,
            "sure thing not",
            "/link yes",
        ),
    ],
)
def test_anything_less_clear_is_neither(text: str) -> None:
    assert yes_or_no(text) is None


@pytest.mark.parametrize(
    ("yes", "done"),
    [("yes please", "Unlinked"), ("да, конечно", "Отвязано"), ("давай", "Отвязано"), ("ok", "Отвязано")],
)
async def test_a_polite_answer_settles_the_question_in_its_language(talk: Conversation, yes: str, done: str) -> None:
    asked = "/unlink booking 14 all" if done == "Unlinked" else "/отвязать бронь 14 все"
    _, settled = await said_to(talk, asked, yes)
    assert settled.startswith(done)


async def test_what_is_no_answer_and_no_command_is_told_that_a_question_waits(talk: Conversation) -> None:
    _, first, second, third, links = await said_to(
        talk, "/отвязать бронь 14 все", "well, maybe", "", "да?", "/links 14"
    )
    assert first == second == third == "Вопрос ждёт ответа (бронирование 14): напишите «да» или «нет»."
    assert links.startswith("Сделки бронирования 14")
    _, english = await said_to(talk, "/unlink booking 15 all", "что это")
    assert english == "A question is waiting (booking 15): answer yes or no."
    _, waited, done = await said_to(talk, "/unlink booking 15 all", "wait", "yes")
    assert waited == english
    assert done.startswith("Unlinked")
    assert (await said_to(talk, "/links 14"))[0].startswith("Deals")


async def test_an_unknown_command_leaves_the_question_waiting(talk: Conversation) -> None:
    _, unknown, half, done = await said_to(talk, "/unlink 14 all", "/frobnicate", "/link booking 15", "yes")
    assert unknown.startswith("There is no command “/frobnicate”")
    assert half.startswith("Which deals?")
    assert done.startswith("Unlinked")


async def test_a_question_that_another_change_ends_is_told_of_and_loses_its_buttons(talk: Conversation) -> None:
    asked = await talk.say("/unlink booking 14 all", ANNA)
    linked = await talk.say("/link booking 16 deal 1", ANNA)
    assert linked.text.splitlines()[-1] == "The earlier question about booking 14 was dropped."
    assert linked.closes == asked.card
    *_, other = await said_to(talk, "/отвязать бронь 14 все", "/отвязать бронь 15 все")
    assert other.splitlines()[-2:] == ["Прежний вопрос (бронирование 14) снят.", "Выполнить? да / нет"]
    (again,) = await said_to(talk, "/отвязать бронь 15 все")
    assert "снят" not in again


async def test_a_question_that_has_expired_is_neither_repeated_nor_dropped(talk: Conversation, clock: Clock) -> None:
    await said_to(talk, "/unlink 14 all")
    clock.now += LIFETIME
    what, linked = await said_to(talk, "what?", "/link 16 1")
    assert what.startswith("Write a command")
    assert "dropped" not in linked


async def test_an_address_of_another_portal_changes_nothing(desk: Desk) -> None:
    talk = Conversation(desk, portal_host="ours.bitrix24.ru")
    refused, linked = await said_to(
        talk,
        "/link booking 16 https://other.bitrix24.ru/crm/deal/details/1/",
        "/link booking 16 https://ours.bitrix24.ru/crm/deal/details/1/",
    )
    assert refused.startswith("This address belongs to another portal, “other.bitrix24.ru”; ours is ours.bitrix24.ru.")
    assert linked.startswith("Linked")


async def test_of_several_records_each_line_says_which_one_did_not_change(talk: Conversation) -> None:
    mixed, alike, bound = await said_to(
        talk, "/link bookings 15, 998, 999 deal 2", "/свяжи брони 15, 998, 16 сделка 2", "/bind 999 deal 7"
    )
    assert mixed.splitlines()[0] == "Deal 2 is already linked to booking 15."
    assert "Not found: booking 998, 999.\nNothing was changed for booking 998, 999." in mixed
    assert "Без изменений: бронирование 998." in alike
    assert "Ничего не изменено" not in alike
    assert bound.splitlines()[0].startswith("Activity 999 is already bound to deal 7.")
    assert "Nothing was changed." not in mixed


async def test_the_same_refusal_of_several_records_is_said_once_and_names_them(talk: Conversation) -> None:
    (refused,) = await said_to(talk, "/link bookings 15, 16 deal 1", person=WATCHER)
    assert refused.count("Your role in Linkdesk does not allow this.") == 1
    assert re.search("Nothing was changed for booking 15(, booking 16)?", refused)
    assert "booking 16" in refused


async def test_the_same_problem_of_many_records_is_one_line(talk: Conversation) -> None:
    bulk, listed, several, missing, russian = await said_to(
        talk,
        "/link bookings 14-16, 900-912 deal 1",
        "/links bookings 900, 901, 903, 14",
        "/unlink bookings 900-915 deal 1",
        "/link bookings 15, 16 deal 500",
        "/связать ожидание 900 901 902 сделка 1",
    )
    assert bulk.splitlines()[:2] == ["Done: booking 14-16.", "Not found: booking 900-912."]
    assert listed.splitlines()[0] == "Not found: booking 900, 901, 903."
    assert "Deals of booking 14" in listed
    assert several == (
        "Not found: booking 900-915.\n"
        "Nothing was changed. Check the number in the booking calendar: it may have been deleted."
    )
    assert missing.splitlines()[0] == "Not found in the CRM: deal 500."
    assert len(missing.splitlines()) == 2
    assert russian.startswith("Не найдено: запись листа ожидания 900-902.\nНичего не изменено. Проверьте номер")


async def test_a_binding_that_is_moved_already_is_said_in_the_right_cases(talk: Conversation) -> None:
    *_, again = await said_to(talk, *["/перенести дело 999 из сделки 7 в сделку 2"] * 2)
    assert again == "Дело 999 уже привязано к сделке 2, а к сделке 7 не привязано. Ничего не изменено."


@pytest.mark.parametrize(
    ("name", "english", "russian"),
    [
        ("Студия «Лотос»", "“Студия ‘Лотос’”", "«Студия „Лотос“»"),
        ('Студия "Лотос"', "“Студия ‘Лотос’”", "«Студия „Лотос“»"),
        ("Студия „Лотос“", "“Студия ‘Лотос’”", "«Студия „Лотос“»"),
        ("“Lotus” and ‘co’", "“‘Lotus’ and ‘co’”", "«„Lotus“ and ‘co’»"),
        ('Monitor 24"', '“Monitor 24"”', '«Monitor 24"»'),
        ("Anna's", "“Anna's”", "«Anna's»"),
    ],
)
def test_quotation_marks_within_a_name_are_the_inner_ones(name: str, english: str, russian: str) -> None:
    assert Writer("en").quoted(name).plain == english
    assert Writer("ru").quoted(name).plain == russian


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("/help help", "/help link: more about one"),
        ("/help start", "/start: what this is"),
        ("/help lang", "/lang auto: the language of your message"),
        ("/help more", "/more: the rest"),
        ("/help bind activity", "/bind activity 999 deal 1"),
        ("/help /link", "/link booking 14 deal 1"),
        ("/помощь связать", "/связать бронь 14 сделка 1"),
        ("/помощь помощь", "/помощь связать: подробнее"),
        ("/помощь", "Подробнее о команде: /помощь связать."),
        ("/help", "/lang auto"),
        ("/lang", "/lang auto"),
        ("/lang klingon", "/lang auto"),
        ("/lang рус", "Теперь отвечаю по-русски."),
        ("/lang русский", "Теперь отвечаю по-русски."),
        ("/lang english", "From now on I answer in English."),
    ],
)
async def test_help_and_language_are_told_for_every_way_of_asking(talk: Conversation, command: str, part: str) -> None:
    (answer,) = await said_to(talk, command)
    assert part in answer
    assert not answer.startswith("There is no command")


async def test_other_words_of_a_command_are_of_the_persons_language_and_not_the_command_itself(
    talk: Conversation,
) -> None:
    english, russian = await said_to(talk, "/help link", "/помощь связать")
    (others,) = [line for line in english.splitlines() if line.startswith("Also understood: ")]
    assert others == "Also understood: add, attach."
    (others, *_) = [line for line in russian.splitlines() if line.startswith("Можно и так: ")]
    assert "привязать" in others
    assert not re.search("[A-Za-z]|связать,", others)
