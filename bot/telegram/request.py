"""HTTP requests to Telegram that tolerate malformed answers: an unreadable update is skipped."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, cast

import structlog
from telegram import Update
from telegram.request import HTTPXRequest

log = structlog.stdlib.get_logger()


class ForgivingRequest(HTTPXRequest):
    """Fills in fields that other Bot API servers omit and python-telegram-bot requires."""

    async def do_request(self, url: str, method: str, *args: Any, **options: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Send the request and complete the answer."""
        status, payload = await super().do_request(url, method, *args, **options)
        name = url.rpartition("/")[2].lower()
        return status, completed(name, payload) if name in COMPLETED and status == HTTPStatus.OK else payload


COMPLETED: Final = frozenset({"getme", "sendmessage", "editmessagetext", "editmessagereplymarkup"})

KEPT: Final = ("message_id", "chat", "text")


def completed(method: str, payload: bytes) -> bytes:
    """Complete the answer to a method: who the bot is, or which message there is now."""
    with suppress(ValueError):
        answer = json.loads(payload)
        if not isinstance(answer, dict) or "result" not in answer:
            return payload
        given: object = cast("dict[str, Any]", answer)["result"]
        result = True if given is None and method != "sendmessage" else given
        if isinstance(given, dict):
            result = _completed(method, cast("dict[str, Any]", given))
        if result != given:
            return json.dumps({**answer, "result": result}).encode()
    return payload


def _completed(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """Complete one result; of a message the number alone is wanted."""
    if method == "getme":
        return {"is_bot": True, **given}
    # One server counts dates in thousandths of seconds, and gives other parts back as text.
    return {"chat": {"id": 0, "type": "private"}, **{name: given[name] for name in KEPT if name in given}, "date": 0}


class TolerantRequest(HTTPXRequest):
    """Polls for updates; python-telegram-bot would request a batch with a malformed update for ever."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the options of HTTPXRequest
        """Take what HTTPXRequest takes."""
        super().__init__(**options)
        self.token_refused = asyncio.Event()
        """Set when Telegram stops accepting the token."""
        self.in_trouble = False
        """Whether the last request failed, so that an outage is told of once."""

    async def do_request(self, url: str, method: str, *args: Any, **options: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Send the request and make the answer safe to parse."""
        status, payload = await super().do_request(url, method, *args, **options)
        if not url.lower().endswith("/getupdates"):
            return status, payload
        if status == HTTPStatus.OK:
            self.in_trouble = False
            return status, readable(payload)
        if status == HTTPStatus.UNAUTHORIZED:
            self.token_refused.set()
        # Something between us and Telegram answers 404 now and then; taken for a wrong token it would end the polling.
        return (HTTPStatus.BAD_GATEWAY if status == HTTPStatus.NOT_FOUND else status), payload


def readable(payload: bytes) -> bytes:
    """Reduce every update that cannot be parsed to its number, so that it is confirmed and skipped."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        answer: dict[str, Any] = json.loads(payload)
        updates = cast("list[object]", answer["result"])
        kept = [readable_update(update) for update in updates]
        if kept != updates:
            return json.dumps({**answer, "result": [update for update in kept if update is not None]}).encode()
    return payload


def readable_update(update: object) -> dict[str, Any] | None:
    """Return an update that can be parsed: one that cannot be is reduced to its number; None where it has none."""
    given = _with_what_is_left_out(cast("dict[str, Any]", update)) if isinstance(update, dict) else {}
    number = given.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        log.warning("telegram.update_without_number")
        return None
    try:
        Update.de_json(given, None)
    except Exception as error:  # noqa: BLE001 - whatever parsing raises, the other updates must go on
        log.warning("telegram.update_skipped", update_id=number, error=type(error).__name__)
        return {"update_id": number}
    return given


def _with_what_is_left_out(update: dict[str, Any]) -> dict[str, Any]:
    """Fill in what other Bot API servers leave out of a press, and nobody here reads."""
    press = update.get("callback_query")
    if not isinstance(press, dict) or "chat_instance" in press:
        return update
    return {**update, "callback_query": {"chat_instance": "", **cast("dict[str, Any]", press)}}
