"""The table of slash commands, read off the declared methods: nothing here is written a second time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from tool_specs import METHODS
from tool_specs.crm_ref import CRM_TYPES, CrmRef
from tool_specs.method import Effect, Method
from tool_specs.said import LANGUAGES, Language, Said
from tool_specs.words import OWNERS, TYPE_OF_WORD, VERBS, Owner, fold

EXAMPLE_IDS: Final[Mapping[str, int]] = {
    "booking_id": 14,
    "waitlist_id": 4,
    "activity_id": 999,
    "links": 1,
    "clients": 1,
    "source": 7,
    "target": 1,
}
"""The numbers that examples show; the sandbox has them all."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one method is asked for in a chat: the command, what it is about, the arguments that name CRM items."""

    method: type[Method[Any]]
    command: str
    owner: Owner
    items: tuple[str, ...]
    bare: str | None
    """The type of CRM item that a number alone stands for; None where the type has to be said."""

    @property
    def takes_all(self) -> bool:
        """Whether "all" says something here."""
        return "all" in self.method.model_fields

    @property
    def takes_replace(self) -> bool:
        """Whether "replace" says something here."""
        return "mode" in self.method.model_fields

    @property
    def moves(self) -> bool:
        """Whether it leads from one CRM item to another."""
        return len(self.items) > 1

    @property
    def takes_list(self) -> bool:
        """Whether one request names any number of CRM items."""
        return self.takes_all or self.takes_replace

    @property
    def allowed(self) -> tuple[str, ...]:
        """The types of CRM items it takes, smart processes aside."""
        return tuple(kind.name for kind in CRM_TYPES if self.accepts(CrmRef(type=kind.name, id=1)))

    def accepts(self, ref: CrmRef) -> bool:
        """Tell whether the CRM item is of a type that the method takes."""
        return any(_accepts(self.method, name, ref.type) for name in self.items)

    def example(self, language: Language) -> str:
        """Give the command as somebody would type it."""
        numbers = {name: EXAMPLE_IDS.get(name, 1) for name in self.method.model_fields}
        return f"/{_slash(self.method).to(language).format_map(numbers)}"


def _slash(method: type[Method[Any]]) -> Said:
    if method.slash is None:
        message = f"{method.__name__} has no slash form"
        raise TypeError(message)
    return method.slash


@cache
def _accepts(method: type[Method[Any]], name: str, item_type: str) -> bool:
    ref = CrmRef(type=item_type, id=1)
    adapter: TypeAdapter[Any] = TypeAdapter(method.model_fields[name].rebuild_annotation())
    for value in (ref, [ref]):
        try:
            adapter.validate_python(value)
        except ValidationError:
            continue
        return True
    return False


def _takes_items(method: type[Method[Any]], name: str) -> bool:
    return any(_accepts(method, name, kind.name) for kind in CRM_TYPES)


def _form_of(method: type[Method[Any]]) -> Form | None:
    """Read the English slash form: the command, and a noun before each argument; None where it is of another kind."""
    command, *rest = _slash(method).en.split()
    owner: Owner | None = None
    items: list[str] = []
    noun_of: dict[str, str] = {}
    noun = ""
    for piece in rest:
        argument = re.fullmatch(r"\{(\w+)\}", piece)
        if argument is None:
            noun = piece
        elif found := next((one for one in OWNERS if one.field == argument[1]), None):
            owner = found
        else:
            items.append(argument[1])
            noun_of[argument[1]] = TYPE_OF_WORD.get(fold(noun), noun)
    if owner is None or not all(_takes_items(method, name) for name in items):
        return None
    one_list = len(items) == 1 and {"all", "mode"} & method.model_fields.keys()
    return Form(method, command, owner, tuple(items), noun_of[items[0]] if one_list else None)


_READ: Final = tuple(_form_of(method) for method in METHODS if method.slash is not None)
FORMS: Final[tuple[Form, ...]] = tuple(form for form in _READ if form is not None)
COMMANDS: Final[tuple[str, ...]] = tuple(dict.fromkeys(form.command for form in FORMS))
TALK: Final[tuple[str, ...]] = tuple(command for command in VERBS if command not in COMMANDS)
"""Commands about the conversation itself: help, start, lang."""


def words_of(command: str) -> frozenset[str]:
    """Give every word of a command: those of its slash forms and its synonyms."""
    declared = {fold(_slash(form.method).ru.split()[0]) for form in forms_of(command)}
    return VERBS.get(command, frozenset()) | declared | {command}


def forms_of(command: str) -> tuple[Form, ...]:
    """Give the forms of a command, one for each kind of owner."""
    return tuple(form for form in FORMS if form.command == command)


def effect_of(command: str) -> Effect:
    """Give what a command can do."""
    return forms_of(command)[0].method.effect


def examples_of(command: str) -> tuple[Said, ...]:
    """Give the examples of a command in both languages."""
    return tuple(Said(**{language: form.example(language) for language in LANGUAGES}) for form in forms_of(command))


COMMANDS_OF_WORD: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(command for command in (*COMMANDS, *TALK) if word in words_of(command))
    for known in (*COMMANDS, *TALK)
    for word in words_of(known)
}
"""What each word may mean."""
