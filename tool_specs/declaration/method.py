"""The declaration of a REST method: one class that everything else is derived from.

A subclass names the vendor's method and describes it in class variables; its fields are the arguments that people and
models pass. Its docstring is the tool's description. The tool and its schema, the slash command, the wire form, the
sandbox's validation, the error table and the registry-wide tests are derived from it.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, ClassVar, Generic, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from tool_specs.declaration.failure import Failure
from tool_specs.declaration.intents import Intent
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.shortcut import Shortcut
from tool_specs.declaration.wire import Json, Parameter, WireCodec, merge_parameters

Answer = TypeVar("Answer")


class Effect(StrEnum):
    """What a call can do; declared, never inferred from the method's name."""

    READ = "read"
    WRITE = "write"
    DESTRUCTIVE = "destructive"


class Toolset(StrEnum):
    """The group a tool is offered in."""

    LINKS = "links"
    CHANGES = "changes"
    BOOKINGS = "bookings"
    WAITLIST = "waitlist"
    RESOURCES = "resources"
    CRM = "crm"


class Method(BaseModel, Generic[Answer]):
    """One call of a REST method with its arguments; `Answer` is the type of the portal's result."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

    rest: ClassVar[str]
    """The vendor's name of the method."""
    page: ClassVar[str]
    """The vendor's documentation page, below `/api-reference/`."""
    scope: ClassVar[str]
    """The scope it needs."""
    effect: ClassVar[Effect]
    title: ClassVar[Localized]
    toolset: ClassVar[Toolset | None] = None
    """The group of the tool; None for a method that is used internally only."""
    slash: ClassVar[Localized | None] = None
    """The slash command: a word, its object, and `{arguments}` in their places."""
    shortcuts: ClassVar[tuple[Shortcut, ...]] = ()
    """One-word commands that stand for this request with fixed arguments."""
    intents: ClassVar[tuple[Intent, ...]] = ()
    """How it is requested in plain language."""
    fails: ClassVar[Mapping[str, Failure]] = {}
    """The meanings of the method's own error codes; system codes are in `linkdesk.errors.codes.rest`."""
    creates: ClassVar[bool] = False
    """Whether every call creates a record, so that it must not be repeated."""
    answer_key: ClassVar[str | None] = None
    """The key of the answer within the result, if the result is an object around it."""

    @classmethod
    def name(cls) -> str:
        """Return the tool's name: the class name in snake_case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def description(cls) -> str:
        """Return the tool's description: the docstring of the class."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def arguments(cls) -> tuple[str, ...]:
        """Return the names of the arguments; the field `name_` is the argument `name`."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """List the vendor's parameters in the order of the fields; parts of one object are merged."""
        return merge_parameters(parameter for wire in wire_codecs(cls).values() for parameter in wire.parameters)

    def wire(self) -> dict[str, Json]:
        """Return the parameters to send, without arguments that are None."""
        sent: dict[str, Json] = {}
        for field, wire in wire_codecs(type(self)).items():
            if (value := getattr(self, field)) is not None:
                merge(sent, wire.encode(value))
        return sent

    @classmethod
    def read_answer(cls, result: Json) -> Answer:
        """Validate the portal's result and convert it to `Answer`.

        Raises:
            pydantic.ValidationError: the result has another form.
        """
        if cls.answer_key is not None and isinstance(result, Mapping):
            result = cast("Mapping[str, Json]", result).get(cls.answer_key)
        return cast("Answer", _answer_type(cls).validate_python(result))

    @model_validator(mode="before")
    @classmethod
    def _callers_spellings(cls, given: object) -> object:
        """Accept the API's parameter names, and a JSON string in place of an object or a list."""
        if not isinstance(given, Mapping):
            return given
        arguments = {str(name): value for name, value in cast("Mapping[str, object]", given).items()}
        for outer in _enclosing_objects(cls):
            _unnest(arguments, outer)
        known = cls.arguments()
        _take_camel_case(arguments, known)
        texts = {field.alias or name for name, field in cls.model_fields.items() if _is_text(field.annotation)}
        for field, wire in wire_codecs(cls).items():
            name = cls.model_fields[field].alias or field
            _take_vendor_names(arguments, name, wire, _unchanged if name in texts else parse_json_text)
        return {
            name: value if name in texts else parse_json_text(value)
            for name, value in arguments.items()
            if not (value is None and name in known)
        }


@cache
def wire_codecs(method: type[Method[Any]]) -> Mapping[str, WireCodec]:
    """Return the wire codec of each field that has one."""
    found = {name: _codec_of(field) for name, field in method.model_fields.items()}
    return MappingProxyType({name: wire for name, wire in found.items() if wire is not None})


def _enclosing_objects(method: type[Method[Any]]) -> Iterator[str]:
    """Yield the names of the vendor's wrapper objects, such as `fields`, that are not arguments themselves."""
    for outer in dict.fromkeys(
        part for wire in wire_codecs(method).values() for part in (wire.inside or "").split(".")
    ):
        if outer and outer not in method.model_fields:
            yield outer


def _codec_of(field: FieldInfo) -> WireCodec | None:
    return next((item for item in field.metadata if isinstance(item, WireCodec)), None)


def _take_camel_case(arguments: dict[str, Any], known: Iterable[str]) -> None:
    """Rename `dateFrom` to `date_from`; if both are given, leave the second to be refused by name."""
    snake = {name.replace("_", "").lower(): name for name in known if "_" in name}
    for spelt in [name for name in arguments if "_" not in name and name.lower() in snake]:
        if (name := snake[spelt.lower()]) not in arguments:
            arguments[name] = arguments.pop(spelt)


def _unnest(arguments: dict[str, Any], outer: str) -> None:
    """Unnest the parameters in the vendor's `fields` or `filter`; unknown ones are refused by name."""
    inner = parse_json_text(arguments.get(outer))
    if isinstance(inner, Mapping) and inner:
        del arguments[outer]
        for name, value in cast("Mapping[str, Any]", inner).items():
            arguments.setdefault(name, value)


def _take_vendor_names(
    arguments: dict[str, Any], field: str, wire: WireCodec, read: Callable[[object], object]
) -> None:
    # Case-insensitive: models write waitlistId, the vendor waitListId.
    spelt = {name.lower(): name for name in arguments if name != field}
    names = [name for name in wire.names if name != field]
    if not names or not all(name.lower() in spelt for name in names):
        return
    if field in arguments:
        raise PydanticCustomError(
            "given_twice",
            "{field} is given twice: also as {names}",
            {"field": field, "names": ", ".join(names)},
        )
    arguments[field] = wire.decode({name: read(arguments.pop(spelt[name.lower()])) for name in names})


def _unchanged(value: object) -> object:
    return value


def _is_text(annotation: object) -> bool:
    """Return whether an argument is plain or optional text."""
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return any(_is_text(part) for part in get_args(annotation))
    return annotation is str


def parse_json_text(value: object) -> object:
    """Parse a JSON object or array passed as a string, also within an array, as some clients send them.

    Other text is returned unchanged.
    """
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    if isinstance(value, list):
        items = cast("list[object]", value)
        return [parse_json_text(item) if isinstance(item, str) else item for item in items]
    return value


def merge(into: dict[str, Json], more: Mapping[str, Json]) -> None:
    """Merge nested parameters: two fields may be parts of one object on the wire."""
    for name, value in more.items():
        if isinstance(value, Mapping) and isinstance(into.get(name), dict):
            merge(into[name], cast("Mapping[str, Json]", value))
        else:
            into[name] = value


@cache
def _answer_type(method: type[Method[Any]]) -> TypeAdapter[Any]:
    """Build the adapter of the `X` in `class M(Method[X])`, so that the answer's type is declared once."""
    for base in method.__mro__:
        generic = getattr(base, "__pydantic_generic_metadata__", {})
        if issubclass(generic.get("origin") or object, Method):
            return TypeAdapter(generic["args"][0])
    message = f"{method.__name__} does not say what it answers: write Method[...]"
    raise TypeError(message)
