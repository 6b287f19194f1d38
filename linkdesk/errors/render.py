"""Render an error: a few fields for a model, two or three short lines for a person.

Whatever came from outside is stripped of characters that do not print, and bounded. Escaping for a particular
screen, Telegram's HTML for one, is left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from linkdesk.errors.argument_labels import argument_label
from linkdesk.errors.base import Changed, Problem, Trouble
from linkdesk.errors.codes.linkdesk import OUTCOME_UNKNOWN
from linkdesk.errors.record_lines import ASK_WHICH, name_records, record_fields, suggestion_lines, unnamed_record_line
from linkdesk.errors.validation import ARGUMENTS
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Language, Localized, same_in_both

MAX_LENGTH: Final = 500
"""Characters of one string."""
MAX_PROBLEMS_FOR_MODEL: Final = 20
"""Problems told to a model at once."""
MAX_PROBLEMS_FOR_CHAT: Final = 3
"""Problems told to a person at once."""

_LONGEST_CODE: Final = 64
_LONGEST_FACT: Final = 200
_A_MINUTE: Final = 60

_STATE: Final[Mapping[Changed, Localized]] = {
    Changed.NO: Localized(en="Nothing was changed.", ru="Ничего не изменено."),
    Changed.YES: Localized(en="The change was made.", ru="Изменение выполнено."),
    Changed.PARTLY: Localized(en="Only part of it was changed.", ru="Изменена только часть."),
    Changed.UNKNOWN: Localized(
        en="It is not known whether anything was changed.",
        ru="Неизвестно, применилось ли изменение.",
    ),
}


def render_for_model(trouble: Trouble, call: str | None = None) -> dict[str, Any]:
    """Render the error object that tools return, in English.

    Args:
        trouble: the error.
        call: the next step, where the caller knows a better one than the catalogue.
    """
    failure, facts = trouble.failure, _facts(trouble)
    advice = _advice(trouble)
    step = call or same_in_both(advice.call or advice.next.en).format_map(facts).en
    if trouble.meant is not None:
        step = f"{ASK_WHICH} {step}"
    error: dict[str, Any] = {
        "code": failure.code,
        "vendor_code": None if trouble.vendor_code is None else _code(trouble.vendor_code),
        "what": _line(failure.what.format_map(facts).en + (f" Now there: {trouble.now.en}." if trouble.now else "")),
        "why": None if failure.why is None else _line(failure.why.format_map(facts).en),
        "next": _line(step),
        "who": failure.who.value,
        "retryable": advice.retryable,
        "retry_after_s": trouble.retry_after_s if advice.retryable else None,
        "changed": trouble.changed.value,
        "problems": _problems_for_model(trouble.problems),
    }
    if trouble.incident is not None:
        error["incident"] = _line(trouble.incident)
    return {"error": {**error, **record_fields(trouble)}}


def render_for_chat(trouble: Trouble, language: Language, *, write: bool = True, ready: str | None = None) -> str:
    """Render an error as at most three lines of plain text; the caller escapes it.

    Args:
        trouble: the error.
        language: the language to say it in.
        write: whether the request could have changed anything, so that the answer says whether it did.
        ready: the command for the likeliest of what may have been meant.
    """
    failure, facts = trouble.failure, _facts(trouble)
    what = [failure.what.format_map(name_records(trouble, facts))]
    what += [] if failure.why is None else [failure.why.format_map(facts)]
    what += unnamed_record_line(trouble)
    then = [_STATE[trouble.changed]] if write else []
    if trouble.now is not None:
        then.append(Localized(en=f"Now there: {trouble.now.en}.", ru=f"Сейчас там: {trouble.now.ru}."))
    advice = _advice(trouble)
    then.append(advice.next.format_map(facts))
    if advice.retryable and trouble.retry_after_s is not None:
        then.append(_wait_text(trouble.retry_after_s))
    lines = (
        " ".join(said.to(language) for said in what),
        " ".join(
            filter(None, (_problems_for_chat(trouble.problems, language), *_suggestions(trouble, language, ready)))
        ),
        " ".join(said.to(language) for said in then),
    )
    return "\n".join(_line(line) for line in lines if line)


def render_shared(trouble: Trouble, language: Language) -> tuple[str, str]:
    """Render an error shared by several requests: what happened and what to do, without facts of a single one."""
    failure, facts = trouble.failure, _facts(trouble)
    what = [failure.what.format_map(facts), *([] if failure.why is None else [failure.why.format_map(facts)])]
    return _line(" ".join(said.to(language) for said in what)), _line(
        _advice(trouble).next.format_map(facts).to(language)
    )


def _suggestions(trouble: Trouble, language: Language, ready: str | None) -> list[str]:
    return [said.to(language) for said in suggestion_lines(trouble, ready)]


def _advice(trouble: Trouble) -> Failure:
    """Choose the entry with the next step: what may already have been done is checked, never sent again."""
    if trouble.failure.retryable and trouble.changed is not Changed.NO:
        return OUTCOME_UNKNOWN
    return trouble.failure


def _line(text: str, longest: int = MAX_LENGTH) -> str:
    return one_line(text, longest)


def _code(code: str) -> str:
    """Replace characters that codes do not contain, so that a vendor's code cannot carry instructions to a model."""
    return re.sub(r"[^A-Za-z0-9_.:-]", "_", code)[:_LONGEST_CODE]


def _facts(trouble: Trouble) -> dict[str, Localized | str | int]:
    """Return the sanitized facts, with the vendor's code and the incident id."""
    facts = {name: _safe(fact) for name, fact in trouble.facts.items()}
    code = trouble.vendor_code if trouble.vendor_code is not None else str(trouble.facts.get("vendor_code", ""))
    facts["vendor_code"] = _code(code) or "-"
    if trouble.incident is not None:
        facts["incident"] = _line(trouble.incident)
    return facts


def _safe(fact: Localized | str | int) -> Localized | str | int:
    match fact:
        case Localized():
            return Localized(en=_line(fact.en, _LONGEST_FACT), ru=_line(fact.ru, _LONGEST_FACT))
        case str():
            return _line(fact, _LONGEST_FACT)
        case _:
            return fact


def _problems_for_model(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    shown = [{"field": _line(it.field), "problem": _line(it.problem.en)} for it in problems[:MAX_PROBLEMS_FOR_MODEL]]
    if more := len(problems) - len(shown):
        shown.append({"field": ARGUMENTS, "problem": f"there are {more} more problems"})
    return shown


def _problems_for_chat(problems: tuple[Problem, ...], language: Language) -> str:
    if not problems:
        return ""
    shown = [_problem_sentence(problem).to(language) for problem in problems[:MAX_PROBLEMS_FOR_CHAT]]
    if more := len(problems) - len(shown):
        shown.append(Localized(en=f"and {more} more", ru=f"и ещё {more}").to(language))
    return f"{'; '.join(shown)}."


def _problem_sentence(problem: Problem) -> Localized:
    """Render a problem with the argument's label: `links.1` is the second deal."""
    if problem.field == ARGUMENTS:
        return problem.problem
    argument, _, rest = problem.field.partition(".")
    name = argument_label(argument)
    if (index := rest.partition(".")[0]).isdecimal():
        number = int(index) + 1
        name = Localized(en=f"{name.en} (no. {number})", ru=f"{name.ru} (№ {number})")
    return Localized(en=f"{name.en}: {problem.problem.en}", ru=f"{name.ru}: {problem.problem.ru}")


def _wait_text(seconds: int) -> Localized:
    if seconds <= _A_MINUTE:
        return Localized(en=f"Wait about {seconds} s.", ru=f"Подождите примерно {seconds} с.")
    minutes = -(-seconds // _A_MINUTE)
    return Localized(en=f"Wait about {minutes} min.", ru=f"Подождите примерно {minutes} мин.")
