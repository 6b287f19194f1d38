"""Rendering of outcomes and errors; chooses the module of the subject."""

from __future__ import annotations

from typing import Final

from bot.rendering import crm, plans, records, registry
from bot.rendering.corrected_command import corrected_command
from bot.rendering.linked_lists import LinkListWriter
from bot.rendering.markup import Text, joined
from bot.rendering.phrases import DO_IT
from bot.rendering.writer import Writer
from linkdesk.errors.base import Trouble
from linkdesk.errors.render import render_for_chat
from linkdesk.model.outcome import Done, Listing, Outcome, ReadResult, RecordDone, RecordPlan, Waiting, WaitingMany
from tool_specs.declaration.failure import Who
from tool_specs.declaration.localized import Language, Localized
from tool_specs.methods.crm_item import FindCrmItems

NEW_LINE: Final = "\n"
DETAILS: Final = Localized(en="Details: /explain {code}", ru="Подробнее: /explain {code}")


def render_outcome(outcome: Outcome, language: Language, *, year: int | None = None, alone: bool = True) -> Text:
    """Render an outcome; dates of `year` omit it, `alone` marks the only request of a message."""
    writer = Writer(language, year, alone)
    speech = LinkListWriter(writer)
    match outcome:
        case Listing():
            lines = speech.listing(outcome)
        case Done(changed=True):
            lines = speech.done(outcome)
        case Done():
            lines = speech.already(outcome)
        case WaitingMany():
            lines = plans.many(writer, outcome)
        case Waiting(plan=plan):
            lines = records.waiting(writer, plan) if isinstance(plan, RecordPlan) else speech.difference(plan)
        case ReadResult():
            lines = registry.found(writer, outcome)
        case RecordDone():
            lines = records.done(writer, outcome)
    remarks = (Text.of(remark.to(language)) for remark in dict.fromkeys(_remarks(outcome)))
    return joined([*lines, *remarks], NEW_LINE)


def _remarks(outcome: Outcome) -> tuple[Localized, ...]:
    match outcome:
        case Waiting(plan=plan):
            return plan.also
        case Done() | RecordDone() | WaitingMany():
            return outcome.also
        case _:
            return ()


def render_error(trouble: Trouble, language: Language, *, write: bool, typed: str = "") -> Text:
    """Render an error; one that somebody else has to fix names where to read more.

    Args:
        trouble: the error.
        language: the language to say it in.
        write: whether the request could have changed anything.
        typed: the message it came of, where that asked for one thing only.
    """
    said = render_for_chat(trouble, language, write=write, ready=corrected_command(trouble, typed, language))
    others = trouble.failure.who is not Who.YOU and trouble.incident is None
    details = DETAILS.format_map({"code": trouble.failure.code}).to(language)
    return Text.of(f"{said} {details}" if others else said)


def render_nothing_found(asked: FindCrmItems, language: Language) -> Text:
    """Render an empty search of all usual types."""
    return crm.nothing_anywhere(Writer(language), asked)


def render_question(language: Language) -> Text:
    """Render the question for a yes or a no."""
    return Text.strong(DO_IT.to(language))
