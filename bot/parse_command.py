"""What a sentence means, as a line of JSON: the command `linkdesk parse`."""

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
from tool_specs.declaration.localized import Language
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
    return _row(read(text, now, zone, portal_host), text)


def json_line(row: dict[str, Any]) -> str:
    """Serialize a row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False)


def _row(understood: Understood, text: str) -> dict[str, Any]:
    question = understood.question
    return {
        "text": text,
        "tool": understood.tool.name() if understood.tool else None,
        "arguments": understood.arguments,
        "missing": list(understood.missing),
        "question": question.to(understood.language) if question else None,
        "grade": understood.grade.value,
        "proposals": [_proposal(one) for one in understood.proposals],
        "also": [_proposal(one) for one in understood.also],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {"tool": proposal.tool.name(), "arguments": proposal.arguments, "missing": list(proposal.missing)}


def _of_slash(text: str, now: datetime, zone: str, portal_host: str | None) -> dict[str, Any]:
    language: Language = detect_language(text) or "en"
    match read_command(text, portal_host, now=_local(now, zone), zone=zone):
        case Requests(methods):
            return _row(_understood(methods, language, _local(now, zone).date()), text)
        case Unclear(understood=Understood() as understood):
            return _row(understood, text)
        case Unclear(question=question):
            return _row(Understood(text, language, question=question), text)
        case _:
            return _row(Understood(text, language), text)


def _understood(methods: tuple[Method[Any], ...], language: Language, today: date) -> Understood:
    """Describe the one request, or ask which of several, where they differ in the record."""
    rows = [_arguments(_dated(method, today)) for method in methods]
    tool, first = type(methods[0]), rows[0]
    differing = tuple(name for name in first if any(other.get(name) != first[name] for other in rows))
    numbers = tuple(other[name] for name in differing[:1] for other in rows if name in _OWNERS)
    kept = {name: value for name, value in first.items() if name not in differing}
    question = for_missing(differing, numbers) if differing else None
    grade = Grade.ASK if differing else Grade.RUN
    proposals = (Proposal(tool, kept, differing),)
    return Understood("", language, tool, kept, differing, question, each=numbers, grade=grade, proposals=proposals)


def _local(now: datetime, zone: str) -> datetime:
    here = ZoneInfo(zone)
    return now.astimezone(here) if now.tzinfo is not None else now.replace(tzinfo=here)


def _dated(method: Method[Any], today: date) -> Method[Any]:
    """Return a request with the days that its word means."""
    if not isinstance(method, ListBookings) or method.days is None:
        return method
    first, last = days_of(method.days, today)
    return ListBookings(date_from=first, date_to=last)


def _arguments(method: Method[Any]) -> dict[str, Any]:
    return method.model_dump(mode="json", by_alias=True, exclude_defaults=True)
