import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.parser import Reading, Requests, read_command
from bot.commands.table import COMMANDS
from tool_specs.declaration.method import Effect

VOCABULARY = """
booking bookings deal deals contact company lead waitlist activity дело бронь сделка сделки контакт
all все replace only instead вместо and и to from в из к от with the please urgently not не
waitlist resource type hours client клиента entry запись очередь no.
1 2 14 15 999 #7 №8 20-22 0 -5 1.5 99999999999 14a , ; ( ) (14)
"2" = 1,2 https://x.ru/crm/deal/details/3/
"""
WORDS = st.sampled_from(VOCABULARY.split())
COMMAND = st.sampled_from(sorted(COMMANDS.of_word))


def writes(reading: Reading) -> bool:
    """Tell whether something would be changed at once."""
    return isinstance(reading, Requests) and any(one.effect is not Effect.READ for one in reading.methods)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/delete booking 14 all", "all"),
        ("/delete 14", "14"),
        ("/delete booking 14 to 18", "to"),
        ("/delete deal 7", "deal 7"),
        ("/delete activity 999", "activity 999"),
        ("/delete all bookings", "all"),
        ("/delete booking 14 to waitlist", "to"),
        ("/удалить не бронь 14", "не"),
        ("/towaitlist waitlist 4", "waitlist 4"),
        ("/note booking 14 call", "booking"),
        ("/note deal 4 call", "deal"),
        ("/note waitlist urgently 4 call", "urgently"),
        ("/note waitlist 4, 5 call", "4,"),
        ("/note waitlist 4 and 5 call", "4 and 5"),
        ("/note waitlist 4 - 6 call", "4 - 6"),
        ("/note waitlist 4-6 call", "4-6"),
        ("/note waitlist 0 call", "0"),
        ("/whoami 7", "7"),
        ("/link booking 14 deal 1 urgently 77", "urgently"),
        ("/link booking 14 deal x", "x"),
        ("/link booking 14 dea 1", "dea"),
        ("/link booking 14 deal 1 (Ivanov)", "Ivanov"),
        ("/link booking 14 (not deal 1)", "not"),
        ("/link booking 14 no deal 1", "no"),
        ("/link booking 14 (deal -5)", "-5"),
        ("/link booking 14=1", "=1"),
        ("/link booking 14 client deal 5", "client"),
        ("/replace deal 7 of booking 14 replace deal 5", "replace"),
        ("/link booking 14 deal 1a", "1a"),
        ("/link booking 14 deal 0", "0"),
        ("/link booking 14 deal -5", "-5"),
        ("/link booking 14 deal 1.5", "1.5"),
        ("/link booking 14 deal 2147483648", "2147483648"),
        ("/link booking 14 deal 99999999999999999999999999999999999", "99999999999999999999"),
        ("/link booking 14 deals 22-20", "22-20"),
        ("/link booking 14 deals 1-251", "1-251"),
        ("/link booking 14 deal 1 booking", "booking"),
        ("/link booking 14 deals 1 to 3", "1 to 3"),
        ("/link 14, 1", "14, 1"),
        ("/link 14 15 deal 1", "14, 15"),
        ("/link 14 booking 15 deal 1", "14"),
        ("/link deal 1 from booking 14", "from"),
        ("/unlink deal 1 to booking 14", "to"),
        ("/link not booking 14 deal 1", "not"),
        ("/unlink booking 14 deal 1 all", "all"),
        ("/unlink booking 14 all but deal 1", "but"),
        ("/links booking 14 deal 1", "deal 1"),
        ("/links all", "all"),
        ("/link booking 14 all", "all"),
        ("/unlink booking 14 deal 1 replace", "replace"),
        ("/link lead 3 booking 14", "lead 3"),
        ("/link 14 https://x.ru/crm/deal/details/1/details/2/", "details/2/"),
        ("/link 14 https://x.ru/tasks/5/", "tasks/5/"),
        ("/link booking 14 deal 1\n/link booking 15 deal 2", "/link"),
        ("/связать не бронь 14 сделка 1", "не"),
    ],
)
def test_what_has_no_place_keeps_a_command_from_being_done_at_once(text: str, named: str) -> None:
    assert not writes(read_command(text)), named


@pytest.mark.parametrize(
    "text",
    [
        "/link booking 14 deal 5 instead of deal 7",
        "/link booking 14 replace deal 7 with deal 5",
        "/link booking 14 replace deal 7 deal 5",
        "/связать бронь 14 сделка 5 вместо сделки 7",
        "/убери 14 1",
        "/добавь 14 5",
        "/убери все с брони 14",
        "/move 999 from 7 to 8",
        "/move 999 from deal 7 from deal 8",
        "/move activity 999 deal 7 deal 7",
        "/move 999 deal 7 deal 8 deal 9",
        "/link bookings 1-201 deal 1",
        "/link booking 14 and 1",
        "don't link booking 14 deal 1",
        "сделки 1 и 2",
        "booking 14 deal 1",
        "find me a slot",
        "/delete booking",
        "/delete bookings 1-21",
        "/delete booking waitlist 4",
        "/waitlist deal 7",
    ],
)
def test_what_may_mean_two_things_is_asked_about(text: str) -> None:
    assert not writes(read_command(text))


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    read_command(text)
    read_command(f"/{text}")
    read_command(f"/link booking 14 deal {text}")


@given(COMMAND, st.lists(WORDS, max_size=9))
def test_no_write_ever_drops_a_number(command: str, words: list[str]) -> None:
    text = f"/{command} {' '.join(words)}"
    reading = read_command(text)
    if not isinstance(reading, Requests):
        return
    said = repr([method.model_dump(mode="json") for method in reading.methods])
    if all(method.effect is Effect.READ for method in reading.methods):
        return
    for number in re.findall(r"[0-9]+", text):
        assert re.search(rf"(?<![0-9]){number}(?![0-9])", said), f"{text} became {said}"


@given(st.lists(st.sampled_from(["booking", "deal", "urgently", "qqq", "not", "не", "14", "1"]), max_size=8))
def test_no_write_ever_drops_a_word_that_was_not_understood(words: list[str]) -> None:
    reading = read_command(f"/link {' '.join(words)}")
    assert not (writes(reading) and {"qqq", "not", "не"} & set(words))
