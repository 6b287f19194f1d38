"""`linkdesk parse`: the meaning of a sentence or slash command as a line of JSON."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.commands.parser import Requests, Unclear, read_command
from bot.nlu.parser import read
from bot.nlu.questions import for_missing
from bot.nlu.result import Grade, Proposal, Understood
from linkdesk.text.language import detect_language
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import days_of
from tool_specs.methods.booking import ListBookings

_OWNERS: Final = ("booking_id", "waitlist_id", "activity_id", "resource_id", "type_id")


def parse_sentence(text: str, now: datetime, zone: str, portal_host: str | None = None) -> dict[str, Any]:
    """Return the tool, its arguments, what is missing and the question for one sentence.

    Args:
        text: the sentence, or a slash command.
        now: the present time; without an offset it is that of the zone.
        zone: the business's time zone.
        portal_host: the host that addresses of cards have to have; None for any.
    """
    if text.strip().startswith("/"):
        return _of_slash(text, now, zone, portal_host)
    return _row(read(text, now, zone, portal_host))


def json_line(row: dict[str, Any]) -> str:
    """Serialize a row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False)


def _row(understood: Understood) -> dict[str, Any]:
    return {
        "text": understood.text,
        "tool": understood.tool.name() if understood.tool else None,
        "arguments": understood.arguments,
        "missing": list(understood.missing),
        "question": understood.question.to(understood.language) if understood.question else None,
        "grade": understood.grade.value,
        "proposals": [_proposal(one) for one in understood.proposals],
        "also": [_proposal(one) for one in understood.also],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {"tool": proposal.tool.name(), "arguments": proposal.arguments, "missing": list(proposal.missing)}


def _of_slash(text: str, now: datetime, zone: str, portal_host: str | None) -> dict[str, Any]:
    language = detect_language(text) or "en"
    nothing = _row(Understood(text, language))
    match read_command(text, portal_host):
        case Requests(methods):
            row = _requests(methods, _day(now, zone), language == "ru")
            proposal = {"tool": row["tool"], "arguments": row["arguments"], "missing": row.get("missing", [])}
            grade = Grade.ASK if proposal["missing"] else Grade.RUN
            return {**nothing, **row, "grade": grade.value, "proposals": [proposal]}
        case Unclear(question=question, missing=missing):
            # What the form of the command does not take may be a sentence that begins with its word.
            understood = read(text.strip().removeprefix("/"), now, zone, portal_host)
            if understood.complete and understood.grade in {Grade.RUN, Grade.CARD}:
                return {**_row(understood), "text": text}
            row = _row(understood) if missing and understood.missing else nothing
            return {**row, "text": text, "question": question.to(language)}
        case _:
            return nothing


def _requests(methods: tuple[Method[Any], ...], today: date, russian: bool) -> dict[str, Any]:  # noqa: FBT001 - one caller
    """Return the one request, or ask which of several, where they differ in the record."""
    rows = [_arguments(_dated(method, today)) for method in methods]
    row: dict[str, Any] = {"tool": methods[0].name(), "arguments": rows[0]}
    if len(methods) == 1:
        return row
    differing = [name for name in rows[0] if any(other.get(name) != rows[0][name] for other in rows)]
    numbers = [other[name] for name in differing[:1] for other in rows if name in _OWNERS]
    question: Localized = for_missing(differing, numbers)
    kept = {name: value for name, value in rows[0].items() if name not in differing}
    return {**row, "arguments": kept, "missing": differing, "question": question.ru if russian else question.en}


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date() if now.tzinfo is not None else now.date()


def _dated(method: Method[Any], today: date) -> Method[Any]:
    """Return a request with the days that its word means."""
    if not isinstance(method, ListBookings) or method.days is None:
        return method
    first, last = days_of(method.days, today)
    return ListBookings(date_from=first, date_to=last)


def _arguments(method: Method[Any]) -> dict[str, Any]:
    return method.model_dump(mode="json", by_alias=True, exclude_defaults=True)
