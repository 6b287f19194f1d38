"""How each tool is asked for by a slash command, derived from the slash forms that the methods declare.

A form is a command word, nouns, and `{arguments}` in their places; what may be left out stands in square brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.nlu.lexicon_data.command_words import OWNER_OF_PHRASE, TYPE_OF_WORD, Owner
from tool_specs import TOOLS
from tool_specs.declaration.crm_ref import CRM_TYPES, CrmRef
from tool_specs.declaration.localized import LANGUAGES, Language, Localized, join_with_commas, same_in_both
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.shortcut import Shortcut
from tool_specs.declaration.text import fold

EXAMPLES: Final[Mapping[str, Localized]] = {
    "booking_id": same_in_both(14),
    "change_id": same_in_both("7k2m9q4x1z"),
    "plan_id": same_in_both("7k2m9q4x1z"),
    "waitlist_id": same_in_both(4),
    "activity_id": same_in_both(999),
    "type_id": same_in_both(2),
    "item": same_in_both(7),
    "owner": same_in_both(7),
    "source": same_in_both(7),
    "date_from": same_in_both("2026-11-21"),
    "date_to": same_in_both("2026-11-22"),
    "day": same_in_both("2026-11-21"),
    "type": Localized(en="contact", ru="контакт"),
    "text": Localized(en="Smith", ru="Петров"),
    "note": Localized(en="call before noon", ru="позвонить до обеда"),
}
"""What examples show in the place of an argument, if not 1; the sandbox has them all."""
NUMBER: Final = Localized(en="NUMBER", ru="НОМЕР")
_CODE: Final = Localized(en="CODE", ru="КОД")
_TEXT: Final = Localized(en="TEXT", ru="ТЕКСТ")
PLACEHOLDERS: Final[Mapping[str, Localized]] = {
    "change_id": _CODE,
    "plan_id": _CODE,
    "text": _TEXT,
    "note": _TEXT,
    **{name: EXAMPLES[name] for name in ("date_from", "date_to", "day", "type")},
}
"""What refusals and questions show there, if not NUMBER: a number would be that of somebody's record."""


@dataclass(frozen=True, slots=True)
class CommandForm:
    """How one method is asked for in a chat: the command, what it is about, and the arguments of each kind."""

    method: type[Method[Any]]
    command: str
    owner: Owner | None = None
    """What has the number; None where the command is about none."""
    items: tuple[str, ...] = ()
    """The arguments that name CRM items."""
    bare: str | None = None
    """The type of CRM item that a number alone stands for; None where the type has to be said."""
    noun: bool = False
    """Whether the command's word is itself the noun before the number: "booking 14"."""
    days: tuple[str, ...] = ()
    """The arguments that are days; they may be left out."""
    kind: str | None = None
    """The argument that is a type of CRM items; it may be left out."""
    text: str | None = None
    """The argument that is the rest of the line, as it is written."""
    code: str | None = None
    """The argument that is the id of a change; it may be left out."""
    shortcut: Shortcut | None = None
    """The word that says all the arguments by itself, where the command is one."""

    @property
    def said(self) -> Localized:
        """The command as it is declared, in both languages."""
        return self.shortcut.said if self.shortcut is not None else _slash(self.method)

    @property
    def title(self) -> Localized:
        """What the command is for."""
        return self.shortcut.title if self.shortcut is not None else self.method.title

    @property
    def lone(self) -> bool:
        """Whether the command says everything by itself."""
        return not (self.owner or self.items or self.days or self.text or self.code)

    @property
    def takes_all(self) -> bool:
        """Whether "all" says something here."""
        return bool(self.items) and "all" in self.method.model_fields

    @property
    def clears(self) -> bool:
        """Whether it always means all there is: then "all" is not said, and sent."""
        return not self.items and "all" in self.method.model_fields

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

    def word(self, language: Language) -> str:
        """Return the command's word in a language."""
        return self.said.to(language).split()[0]

    def accepts(self, ref: CrmRef) -> bool:
        """Return whether the CRM item is of a type that the method takes."""
        return any(_accepts(self.method, name, ref.type) for name in self.items)

    def example(self, language: Language, *, whole: bool = False) -> str:
        """Return the command as somebody would type it in the sandbox; `whole` with what may be left out."""
        shown = {name: EXAMPLES.get(name, same_in_both(1)).to(language) for name in self.method.model_fields}
        return self._filled(language, shown, whole=whole)

    def examples(self, *, whole: bool = False) -> Localized:
        """Return the example in both languages."""
        return Localized(**{language: self.example(language, whole=whole) for language in LANGUAGES})

    def pattern(self, *, whole: bool = False) -> Localized:
        """Return the command with placeholders in both languages: "/delete booking NUMBER"."""
        shown = {name: PLACEHOLDERS.get(name, NUMBER) for name in self.method.model_fields}
        said = {
            language: self._filled(language, {name: text.to(language) for name, text in shown.items()}, whole=whole)
            for language in LANGUAGES
        }
        return Localized(**said)

    def _filled(self, language: Language, shown: Mapping[str, str], *, whole: bool) -> str:
        form = self.said.to(language)
        form = re.sub(r"[\[\]]", "", form) if whole else re.sub(r" ?\[[^\]]*\]", "", form)
        return f"/{form.format_map(shown)}"

    def about(self, method: Method[Any], *, whole: bool = False) -> Localized:
        """Name the records of a request: "booking 14", "deal 7"; `whole` adds the one CRM item it names."""
        values = [getattr(method, name) for name in self.items]
        refs = [value.said for value in values if isinstance(value, CrmRef)]
        if self.owner is not None:
            number = getattr(method, self.owner.field)
            owner = Localized(en=f"{self.owner.said.en} {number}", ru=f"{self.owner.said.ru} {number}")
            return join_with_commas([owner, *refs]) if whole else owner
        return join_with_commas(refs) if refs else method.title


def _slash(method: type[Method[Any]]) -> Localized:
    if method.slash is None:
        message = f"{method.__name__} has no slash form"
        raise TypeError(message)
    return method.slash


def _read_as(method: type[Method[Any]], name: str, value: object) -> object:
    """Return what an argument makes of a value; None where it refuses it."""
    adapter: TypeAdapter[Any] = TypeAdapter(method.model_fields[name].rebuild_annotation())
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return None


@cache
def _accepts(method: type[Method[Any]], name: str, item_type: str) -> bool:
    ref = CrmRef(type=item_type, id=1)
    return any(_read_as(method, name, value) is not None for value in (ref, [ref]))


def _takes_items(method: type[Method[Any]], name: str) -> bool:
    return any(_accepts(method, name, kind.name) for kind in CRM_TYPES)


def _form_of(method: type[Method[Any]]) -> CommandForm:
    """Read the English slash form.

    Raises:
        TypeError: it names an argument of a kind that no reader is for.
    """
    command, *rest = _slash(method).en.translate({ord("["): None, ord("]"): None}).split()
    form = CommandForm(method, command)
    nouns: list[str] = []
    for piece in rest:
        argument = re.fullmatch(r"\{(\w+)\}", piece)
        if argument is None:
            nouns.append(piece)
        else:
            form, nouns = _with_argument(form, nouns, argument[1]), []
    return form


def _with_argument(form: CommandForm, nouns: list[str], name: str) -> CommandForm:
    """Add an argument to a form: what stands before it, and what it accepts, tell its kind."""
    noun = not (form.owner or form.items) and _is_noun(form.command, nouns)
    phrase = tuple(fold(word) for word in ([form.command, *nouns] if noun else nouns))
    owner = OWNER_OF_PHRASE.get(phrase)
    if owner is not None and owner.field == name:
        return replace(form, owner=owner, noun=noun)
    if _takes_items(form.method, name):
        one_list = not form.items and {"all", "mode"} & form.method.model_fields.keys()
        bare = TYPE_OF_WORD[phrase[-1]] if one_list else None
        return replace(form, items=(*form.items, name), bare=bare, noun=form.noun or noun)
    if isinstance(_read_as(form.method, name, "2026-11-21"), date):
        return replace(form, days=(*form.days, name))
    if _read_as(form.method, name, "contact") == "contact":
        free = _read_as(form.method, name, "any text") == "any text"
        return replace(form, text=name) if free else replace(form, kind=name)
    if _read_as(form.method, name, EXAMPLES["change_id"].en) is not None:
        return replace(form, code=name)
    message = f"{form.method.__name__}: no reader for {name} in its slash form"
    raise TypeError(message)


def _is_noun(command: str, nouns: list[str]) -> bool:
    """Return whether the command's word belongs to the noun before a number."""
    if tuple(nouns) in OWNER_OF_PHRASE:
        return False
    return (command, *nouns) in OWNER_OF_PHRASE or (not nouns and command in TYPE_OF_WORD)


FORMS: Final[tuple[CommandForm, ...]] = tuple(
    form
    for method in TOOLS
    for form in (
        *([_form_of(method)] if method.slash is not None else []),
        *(CommandForm(method, word.said.en, shortcut=word) for word in method.shortcuts),
    )
)
TOOL_COMMANDS: Final[tuple[str, ...]] = tuple(dict.fromkeys(form.command for form in FORMS))
"""The commands that ask for a tool, in the order of the tools."""


def forms_of(command: str) -> tuple[CommandForm, ...]:
    """Return the forms of a command, one for each kind of owner; none for a command that asks for no tool."""
    return tuple(form for form in FORMS if form.command == command)


def form_of(method: Method[Any]) -> CommandForm | None:
    """Return the form that asks for a method, or None."""
    return next((form for form in FORMS if form.method is type(method)), None)


def effect_of(command: str) -> Effect:
    """Return the effect of a command's tool."""
    return forms_of(command)[0].method.effect


def examples_of(command: str) -> tuple[Localized, ...]:
    """Return an example of each form of a command, in both languages."""
    return tuple(form.examples() for form in forms_of(command))


def pattern_of(command: str) -> Localized:
    """Return the first form of a command with placeholders, in both languages."""
    return forms_of(command)[0].pattern()


def _noun_words(form: CommandForm) -> frozenset[str]:
    if form.owner is None:
        return frozenset(TYPE_OF_WORD)
    return frozenset(phrase[0] for phrase in form.owner.phrases)


COMMANDS_OF_NOUN: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(dict.fromkeys(form.command for form in FORMS if form.noun and word in _noun_words(form)))
    for known in FORMS
    if known.noun
    for word in _noun_words(known)
}
"""The commands whose word is itself a noun, by the words that the noun may begin with, in every case and number."""
