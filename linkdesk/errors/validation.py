"""What is wrong with the arguments of a request, all of it at once, in both languages.

No text of pydantic's reaches anyone, and no value that was given: it may be long, or a secret in the wrong place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pydantic

from linkdesk.errors.argument_labels import argument_label
from linkdesk.errors.base import Problem
from tool_specs.declaration.crm_ref import CRM_TYPES
from tool_specs.declaration.localized import Localized, join_with_commas, same_in_both
from tool_specs.declaration.method import Method, wire_codecs

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Facts: TypeAlias = Mapping[str, Localized | str | int]

ARGUMENTS: Final = "(arguments)"
"""The field of a problem that concerns several arguments."""

_LONGEST_NAME: Final = 60
_LIKE_ENOUGH: Final = 70
"""Percent of likeness from which a name is taken for a misspelt one."""

_NOT_RIGHT: Final = Localized(en="is not valid", ru="указано неверно")
_NO_DATE: Final = Localized(en="must be a date such as 2026-11-21", ru="нужна дата, например 2026-11-21")
_NO_TIME: Final = Localized(
    en="must be a date or a time such as 2026-11-21T15:00",
    ru="нужна дата или время, например 2026-11-21T15:00",
)
_NO_TEXT: Final = Localized(en="must be text", ru="нужен текст")
_NO_NUMBER: Final = Localized(en="must be a whole number", ru="нужно целое число")
_NO_YES_OR_NO: Final = Localized(en="must be true or false", ru="нужно «да» или «нет»")
_NO_OBJECT: Final = Localized(en="must be a JSON object", ru="нужен набор значений с именами")
_CHOICE: Final = Localized(en="must be one of: {choices}", ru="нужно одно из значений: {choices}")

PROBLEM_TEXTS: Final[Mapping[str, Localized]] = {
    # our own types, raised in tool_specs
    "crm_ref": Localized(
        en='must be a CRM item such as {{"type": "deal", "id": 1}}',
        ru="нужен тип и номер элемента CRM, например «сделка 1»",
    ),
    "crm_type": Localized(
        en="must be of the type deal, contact, company, lead, quote or invoice, or a smart process number",
        ru="тип не распознан: бывает сделка, контакт, компания, лид, предложение, счёт или номер смарт-процесса",
    ),
    "crm_type_not_allowed": Localized(en="must be one of: {allowed}", ru="здесь допустимо только: {allowed}"),
    "given_twice": Localized(en="{field} is given twice: also as {names}", ru="{field}: указано дважды"),
    "all_needed": Localized(
        en="must be true: this clears the whole schedule",
        ru="нужно явно указать «все»: расписание будет очищено целиком",
    ),
    "change_id": Localized(
        en="must be the ten-character code shown with the change or plan",
        ru="нужен код из десяти букв и цифр, указанный в ответе с изменением или планом",
    ),
    "clock": Localized(en="must be a time of day such as 09:00", ru="нужно время суток, например 09:00"),
    "control_characters": Localized(en="must not contain control characters", ru="содержит недопустимые символы"),
    "email": Localized(
        en="must be an email address such as name@example.com", ru="нужен адрес, например name@example.com"
    ),
    "end_not_after_start": Localized(en="must be later than {field}", ru="должно быть позже, чем {field}"),
    "go_together": Localized(
        en="{field} and {other} must be given together",
        ru="нужно указать вместе: {field} и {other}",
    ),
    "nothing_to_change": Localized(en="name what to change: {fields}", ru="укажите, что изменить: {fields}"),
    "one_of": Localized(en="give at least one of: {fields}", ru="укажите хотя бы одно: {fields}"),
    "period_ends_before_start": Localized(en="must not be before {field}", ru="не может быть раньше, чем {field}"),
    "other_portal": Localized(
        en="must be an address on the portal {host}",
        ru="адрес ведёт на другой портал, а нужен {host}",
    ),
    "phone": Localized(en="must be a phone number such as +79990000000", ru="нужен телефон, например +79990000000"),
    "time_of_day": Localized(
        en="must be a day and time such as 2026-11-21 15:00",
        ru="нужны день и время, например 2026-11-21 15:00",
    ),
    "time_skipped": Localized(
        en="does not exist in {zone}: the clocks go forward then",
        ru="такого времени в часовом поясе {zone} нет: часы переводят вперёд",
    ),
    "time_zone_unknown": Localized(
        en="must be a known time zone such as Europe/Moscow",
        ru="нужен известный часовой пояс, например Europe/Moscow",
    ),
    "id_not_a_number": Localized(en="must be a number such as 14", ru="нужно число, например 14"),
    "id_too_large": Localized(en="is too large for a Bitrix24 id", ru="таких больших номеров в Битрикс24 не бывает"),
    "id_too_small": Localized(en="must be 1 or more", ru="номера начинаются с 1"),
    "items_or_all": Localized(
        en="give either {field} or all: true, which removes every one of them",
        ru="укажите либо «{field}», либо «все», но не вместе",
    ),
    "same_item": Localized(en="source and target must be different items", ru="прежний и новый элементы совпадают"),
    # pydantic's
    "missing": Localized(en="is required", ru="нужно указать"),
    "list_type": Localized(en="must be a list", ru="нужен список"),
    "too_short": Localized(en="needs at least {min_length}", ru="нужно указать не меньше {min_length}"),
    "too_long": Localized(
        en="takes at most {max_length} at once", ru="за один раз можно указать не больше {max_length}"
    ),
    "bool_parsing": _NO_YES_OR_NO,
    "bool_type": _NO_YES_OR_NO,
    "string_type": _NO_TEXT,
    "string_unicode": Localized(en="contains characters that are not text", ru="содержит недопустимые символы"),
    "string_too_short": Localized(
        en="needs at least {min_length} characters", ru="слишком коротко, нужно от {min_length} знаков"
    ),
    "string_too_long": Localized(
        en="takes at most {max_length} characters", ru="слишком длинно, можно до {max_length} знаков"
    ),
    "int_type": _NO_NUMBER,
    "int_parsing": _NO_NUMBER,
    "int_parsing_size": _NO_NUMBER,
    "int_from_float": _NO_NUMBER,
    "greater_than": Localized(en="must be more than {gt}", ru="нужно больше {gt}"),
    "greater_than_equal": Localized(en="must be {ge} or more", ru="нужно не меньше {ge}"),
    "less_than": Localized(en="must be less than {lt}", ru="нужно меньше {lt}"),
    "less_than_equal": Localized(en="must be {le} or less", ru="нужно не больше {le}"),
    "date_type": _NO_DATE,
    "date_parsing": _NO_DATE,
    "date_from_datetime_parsing": _NO_DATE,
    "date_from_datetime_inexact": _NO_DATE,
    "datetime_type": _NO_TIME,
    "datetime_parsing": _NO_TIME,
    "datetime_from_date_parsing": _NO_TIME,
    "datetime_object_invalid": _NO_TIME,
    "timezone_aware": Localized(en="must name its time zone", ru="нужно указать часовой пояс"),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "model_type": _NO_OBJECT,
    "model_attributes_type": _NO_OBJECT,
    "dict_type": _NO_OBJECT,
}
"""The words of each type of error; the placeholders are pydantic's own facts of it. Any other type: "is not right"."""

_TYPE_TEXTS: Final[Mapping[str, Localized]] = {
    kind.name: Localized(en=kind.name, ru=kind.said.ru) for kind in CRM_TYPES
}


def collect_problems(error: pydantic.ValidationError, method: type[Method[Any]]) -> tuple[Problem, ...]:
    """Return everything that is wrong with a method's arguments, without duplicates."""
    details = error.errors(include_url=False, include_input=False)
    return tuple(dict.fromkeys(Problem(_field(detail), _problem(detail, method)) for detail in details))


def sanitize_name(name: str) -> str:
    """Sanitize a given name: one short line without invisible characters."""
    shown = "".join(char for char in name if unicodedata.category(char)[0] not in "CZ" or char == " ")
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def _field(detail: ErrorDetails) -> str:
    """Return the argument's path with list indexes, without what pydantic adds for unions."""
    given = detail["type"] == "extra_forbidden"
    last = len(detail["loc"]) - 1
    pieces = [
        sanitize_name(str(piece))
        for place, piece in enumerate(detail["loc"])
        if isinstance(piece, int) or piece.isidentifier() or (given and place == last)
    ]
    return ".".join(pieces) or ARGUMENTS


def _problem(detail: ErrorDetails, method: type[Method[Any]]) -> Localized:
    if detail["type"] == "extra_forbidden":
        return _unknown_argument(detail["loc"], method)
    words = PROBLEM_TEXTS.get(detail["type"], _NOT_RIGHT)
    facts = dict(_facts(detail.get("ctx", {})))
    return words.format_map(facts) if words.placeholders() <= facts.keys() else _NOT_RIGHT


def _facts(context: Mapping[str, Any]) -> Iterator[tuple[str, Localized | str | int]]:
    """Return the facts of a validation error: limits, names and choices."""
    for name, value in context.items():
        match name, value:
            case "expected", str():
                yield "choices", same_in_both(", ".join(re.findall(r"'([^']*)'", value)))
            case "allowed", str():
                yield name, join_with_commas([_TYPE_TEXTS.get(kind, same_in_both(kind)) for kind in value.split(", ")])
            case "field" | "other", str():
                yield name, Localized(en=value, ru=argument_label(value).ru)
            case "fields", str():
                yield (
                    name,
                    Localized(en=value, ru=", ".join(argument_label(argument).ru for argument in value.split(", "))),
                )
            case _, str() | int():
                yield name, value
            case _:
                pass


def _unknown_argument(place: tuple[int | str, ...], method: type[Method[Any]]) -> Localized:
    """Describe an unknown argument, with the accepted ones and the most similar."""
    name = str(place[-1])
    if len(place) > 1:
        return Localized(en="is not known here", ru="здесь не используется")
    if others := _partners(name, method):
        return Localized(en=f"works only together with {others}", ru=f"нужно указать вместе с {others}")
    fields = zip(method.arguments(), method.model_fields.values(), strict=True)
    takes = [name for name, _ in sorted(fields, key=lambda field: not field[1].is_required())]
    said = Localized(
        en=f"is not an argument of this tool; it takes: {', '.join(takes)}",
        ru=f"здесь такого указать нельзя; можно: {', '.join(argument_label(argument).ru for argument in takes)}",
    )
    from rapidfuzz import fuzz, process

    meant = process.extractOne(name, takes, scorer=fuzz.ratio, processor=_letters, score_cutoff=_LIKE_ENOUGH)
    if meant is None:
        return said
    return Localized(
        en=f"{said.en}. Perhaps {meant[0]} was meant",
        ru=f"{said.ru}. Возможно, имелось в виду: {argument_label(meant[0]).ru}",
    )


def _partners(name: str, method: type[Method[Any]]) -> str:
    """Return the vendor's parameters that are needed along with this one."""
    for wire in wire_codecs(method).values():
        names = [parameter.name for parameter in wire.parameters]
        if name in names:
            return ", ".join(other for other in names if other != name)
    return ""


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
