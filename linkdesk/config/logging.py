"""Logging to standard error, as key-value pairs, with secrets masked in every line, of libraries too."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

SECRETS: Final = (
    # A webhook's address: user and secret follow /rest/.
    (re.compile(r"(/rest/(?:api/)?[0-9]+/)[A-Za-z0-9_-]{4,}"), r"\1***"),
    # A bot token, in an address or alone; \b would miss the one that follows "bot".
    (re.compile(r"(?<![0-9])[0-9]{5,12}:[A-Za-z0-9_-]{20,}"), "***"),
    # The URL that the portal sends events to.
    (re.compile(r"(/bitrix24/events/)[A-Za-z0-9_-]{4,}"), r"\1***"),
    # Our own tokens, and other credentials in headers.
    (re.compile(r"\bld[tar]_[A-Za-z0-9_-]{20,}"), "***"),
    # Keys of model providers.
    (re.compile(r"(?<![\w-])sk-[A-Za-z0-9_-]{16,}"), "***"),
    (re.compile(r"(?i)(\bbearer\s+)[!-~]{8,}"), r"\1***"),
    (
        re.compile(
            r"(?i)((?:access_token|refresh_token|application_token|client_secret|auth)(?:\]|%5D)?[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+"
        ),
        r"\1***",
    ),
)

NOISY_LOGGERS: Final = (
    *("aiosqlite", "alembic", "psycopg", "redis", "sqlalchemy"),
    *("httpx", "httpcore", "httpx2", "httpcore2", "asyncio"),
    *("mcp", "telegram", "uvicorn"),
)
"""Loggers of libraries that log too much, or addresses and values with secrets."""


LEVELS: Final = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}


def redact(text: str) -> str:
    """Mask every secret in a text."""
    for pattern, masked in SECRETS:
        text = pattern.sub(masked, text)
    return text


class Redacting(logging.Formatter):
    """A formatter that masks the output of another one, tracebacks included."""

    def __init__(self, inner: logging.Formatter) -> None:
        """Take the formatter to wrap."""
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Format the line and mask it."""
        return redact(self._inner.format(record))


def _no_locals(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove structlog's internal keys."""
    event.pop("_from_structlog", None)
    event.pop("_record", None)
    return event


def configure_logging(wanted: tuple[str, ...] = ("info",)) -> None:
    """Send all logs of this process to standard error, masked.

    Args:
        wanted: the lowest level that is logged; `json` or `console`.
    """
    level = next((LEVELS[name] for name in wanted if name in LEVELS), logging.INFO)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json = "json" in wanted
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False,
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    traces: list[Any] = [structlog.processors.format_exc_info] if as_json else []
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[_no_locals, *traces, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(formatter))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
