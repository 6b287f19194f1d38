import contextlib
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from select import select

import pytest

from bot.terminal import ends_conversation

LINKDESK = Path(sys.executable).parent / "linkdesk"
SECRET = "plantedwebhooksecret12345"


def chat(*options: str, said: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [LINKDESK, "chat", *options],
        input=said,
        capture_output=True,
        check=False,
        timeout=30,
        env={**os.environ, **environment},
    )


def test_the_demo_lines_are_echoed_and_answered() -> None:
    lines = ["/link booking 14 deal 1", "/links booking 14", "/свяжи бронь 14 сделка 1", "/link booking 999 deal 1"]
    done = chat("--sandbox", said="".join(f"{line}\n" for line in lines).encode())
    said = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    first, second, third, fourth = said.removeprefix("> ").split("\n> ")
    assert first.startswith("/link booking 14 deal 1\nLinked: booking 14 (")
    assert "Deals now: 7, 1." in first
    assert [line[:8] for line in second.splitlines()[1:]] == ["Deals of", "• deal 7", "• deal 1"]
    assert "555" not in second
    assert third == "/свяжи бронь 14 сделка 1\nСделка 1 уже привязана к бронированию 14. Ничего не изменено."
    assert "Booking 999 was not found." in fourth
    assert "Nothing was changed." in fourth


def test_a_card_is_answered_by_the_next_line() -> None:
    done = chat("--sandbox", said="/unlink booking 14 all\nyes\n/связи бронь 14".encode())
    assert "Do it? yes / no\n> yes\nUnlinked: booking 14" in done.stdout.decode()
    assert done.stdout.decode().endswith("нет сделок.\n")


def test_a_word_to_leave_ends_the_conversation_and_the_rest_is_not_read() -> None:
    done = chat("--sandbox", said="/links 14\n/выход\n/link booking 14 deal 1\n".encode())
    assert done.returncode == 0
    assert done.stdout.decode().endswith("\n> /выход\n")


@pytest.mark.parametrize("line", ["exit", "quit", "/quit", "/exit", "выход", " Exit "])
def test_each_word_to_leave_is_known(line: str) -> None:
    assert ends_conversation(line)
    assert not ends_conversation(f"{line} 14")


def test_whatever_bytes_come_are_answered() -> None:
    done = chat("--sandbox", said=b"\xef\xbb\xbf/links 14\r\n\xff\xfe\n\n\x00\x1b[31m\n" + b"x" * 5000 + b"\n/links 15")
    assert done.returncode == 0
    assert done.stdout.decode().count("\n> ") == 5
    assert "\x1b" not in done.stdout.decode()


def test_a_language_may_be_set_for_all_answers() -> None:
    assert "\nСделки " in chat("--sandbox", said=b"/links booking 14\n", LINKDESK_LANG="ru").stdout.decode()


def test_the_language_of_the_command_line_is_stronger_than_the_one_that_is_set() -> None:
    said = chat("--sandbox", "--lang", "en", said="/связи бронь 14\n".encode(), LINKDESK_LANG="ru").stdout.decode()
    assert "\nDeals " in said


def test_without_a_portal_one_sentence_says_what_to_set() -> None:
    done = chat(said=b"/links 14\n")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1
    assert b"LINKDESK_PORTAL" in done.stderr
    assert b"--sandbox" in done.stderr


def test_no_secret_is_written_anywhere_even_when_everything_is_logged() -> None:
    done = chat(
        said=b"/links 14\n/link 14 1\n",
        LINKDESK_PORTAL=f"http://127.0.0.1:9/rest/1/{SECRET}/",
        LINKDESK_LOG="debug",
    )
    assert done.returncode == 0
    assert "Bitrix24 could not be reached." in done.stdout.decode()
    assert done.stderr
    assert SECRET.encode() not in done.stdout + done.stderr


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Where the tests run in the background, Ctrl-C is ignored, and what they start would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_a_person_at_a_terminal_is_prompted_and_ctrl_c_ends_it() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [LINKDESK, "chat", "--sandbox"], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            seen = read_until(ours, "> ")
            os.write(ours, b"/links 14\n")
            seen += read_until(ours, "> ")
            assert interrupted(process) == 0
            seen += read_until(ours, None)
        finally:
            process.kill()
    os.close(ours)
    assert "Linkdesk" in seen
    assert "To quit: exit" in seen
    assert "Deals of booking 14" in seen
    assert "Traceback" not in seen


def interrupted(process: subprocess.Popen[bytes]) -> int:
    """Press Ctrl-C until it is heard: readline loses one that comes just when it shows its prompt."""
    for _ in range(20):
        process.send_signal(2)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=1)
    raise AssertionError("Ctrl-C is not heard")


def read_until(terminal: int, end: str | None) -> str:
    seen = b""
    while end is None or not seen.decode(errors="replace").endswith(end):
        if not select([terminal], [], [], 20)[0]:
            raise AssertionError(f"nothing came after {seen!r}")
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        seen += more
    return seen.decode(errors="replace")
