"""What Telegram answers when it is asked for updates: one that cannot be read is skipped."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import structlog
from telegram import Update
from telegram.request import HTTPXRequest

log = structlog.stdlib.get_logger()


class TolerantRequest(HTTPXRequest):
    """Asks for updates; python-telegram-bot would ask for a batch with a malformed one again and again, for ever."""

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
    """Give an update that can be parsed: one that cannot be is reduced to its number; None where it has none."""
    given = cast("dict[str, Any]", update) if isinstance(update, dict) else {}
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
