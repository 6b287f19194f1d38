"""Verdict on a model's answer: one valid request, one question, or nothing. Pure.

The answer is not trusted: it may be wrong, and the message may have been written to mislead it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.llm.arguments import CheckedArguments, UnfitArgumentsError, check_arguments
from bot.llm.grounding import Message, ids_in
from bot.llm.proposal import ModelProposal, ProposalStatus
from bot.llm.tools import ASK, NO_REQUEST, Tools
from bot.llm.wire_formats import Call
from bot.nlu.questions import ONE_ORDER, for_missing
from bot.nlu.result import Certainty, Understood
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Method

LONGEST_QUESTION: Final = 200
_LEADS_AWAY: Final = re.compile(r"://|\bwww\.|\bt\.me\b|@\w|<|>", re.IGNORECASE)
ASKED: Final = Localized(en="{question} Nothing was done.", ru="{question} Ничего не сделано.")


@dataclass(frozen=True, slots=True)
class Question:
    """What the model was asked: the reader's result, the grounded message, and the offered tools."""

    nothing: Understood
    message: Message
    tools: Tools
    portal_host: str | None = None


def judge(asked: Question, calls: Sequence[Call]) -> ModelProposal:
    """Judge the tool calls of an answer."""
    match calls:
        case []:
            return ModelProposal(asked.nothing, ProposalStatus.NO_REQUEST)
        case [Call(name=name)] if name == NO_REQUEST:
            return ModelProposal(asked.nothing, ProposalStatus.NO_REQUEST)
        case [Call(name=name, arguments={"question": str(question)})] if name == ASK:
            return _question(asked, question)
        case [Call(name=name, arguments=arguments)] if name in asked.tools:
            return _request(asked, asked.tools[name], arguments)
        case _ if len(calls) > 1 and all(call.name in asked.tools for call in calls):
            titles = join_with_commas(list(dict.fromkeys(asked.tools[call.name].title for call in calls)))
            return _asking(asked, ONE_ORDER.format_map({"verbs": titles}))
        case _:
            return ModelProposal(asked.nothing, ProposalStatus.UNFIT)


def _asking(asked: Question, question: Localized) -> ModelProposal:
    return ModelProposal(
        replace(asked.nothing, question=question, certainty=Certainty.GUESSED), ProposalStatus.QUESTION
    )


def _question(asked: Question, text: str) -> ModelProposal:
    """Sanitize the model's question: one short line without links."""
    line = one_line(text, LONGEST_QUESTION)
    if not line or _LEADS_AWAY.search(line):
        return ModelProposal(asked.nothing, ProposalStatus.UNFIT)
    return _asking(asked, ASKED.format_map({"question": line}))


def _request(asked: Question, tool: type[Method[Any]], arguments: object) -> ModelProposal:
    try:
        fine = _grounded(tool, check_arguments(tool, arguments, asked.portal_host), asked.message)
    except UnfitArgumentsError:
        return ModelProposal(asked.nothing, ProposalStatus.UNFIT)
    understood = replace(
        asked.nothing,
        tool=tool,
        arguments=fine.arguments,
        missing=fine.missing,
        question=for_missing(fine.missing, ()) if fine.missing else None,
        certainty=Certainty.GUESSED,
    )
    return ModelProposal(understood, ProposalStatus.REQUEST)


def _grounded(tool: type[Method[Any]], given: CheckedArguments, message: Message) -> CheckedArguments:
    """Ask for arguments whose ids are not in the message, instead of accepting invented ones.

    Raises:
        UnfitArgumentsError: it stands where nothing has to stand, so that without it the request would be another.
    """
    made_up = [
        name for name, value in given.arguments.items() if not all(message.has(one) for one in ids_in(name, value))
    ]
    needed = {field.alias or name for name, field in tool.model_fields.items() if field.is_required()}
    if not needed.issuperset(made_up):
        raise UnfitArgumentsError("made up")
    missing = {*given.missing, *made_up}
    in_order = tuple(name for name in tool.arguments() if name in missing)
    return CheckedArguments({name: value for name, value in given.arguments.items() if name not in made_up}, in_order)
