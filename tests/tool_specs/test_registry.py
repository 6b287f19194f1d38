"""What holds of every declared method."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import tool_specs
from tests.support.documented_requests import REQUESTS
from tests.support.requirements import require
from tool_specs import METHODS
from tool_specs.declaration.localized import LANGUAGES
from tool_specs.declaration.method import Effect, Method, Toolset, wire_codecs
from tool_specs.declaration.wire import Parameter
from tool_specs.methods.event import UnbindEvent, UnbindResult

every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.rest)

SPEC_DIR = os.environ.get("LINKDESK_SPEC_DIR", "")

IN_CAPITALS = "the table writes FILTER and ORDER, the samples and the server's code filter and order"
PAGING = "start is common to all list methods, and not on this page"
LISTED_ANSWER = "the description took the answer's fields for parameters"
NOT_READ = "the server drops the short name without a word and reads the one that get answers with"
LISTS = ("booking.v1.booking.list", "booking.v1.resource.list", "booking.v1.resourceType.list")
SETTING = (
    "booking.v1.resource.add",
    "booking.v1.resource.update",
    "booking.v1.resourceType.add",
    "booking.v1.resourceType.update",
)
SERVER_NAMES = (
    "infoNotificationDelay",
    "reminderNotificationDelay",
    "delayedNotificationDelay",
    "confirmationNotificationDelay",
    "confirmationNotificationRepetitions",
    "confirmationNotificationRepetitionsInterval",
)

EXCEPTIONS: dict[tuple[str, str], str] = {
    **{(method, name): IN_CAPITALS for method in LISTS for name in ("ORDER", "order", "filter")},
    **{(method, "start"): PAGING for method in (*LISTS, "booking.v1.waitlist.list")},
    **{
        (method, name): LISTED_ANSWER
        for method in ("booking.v1.clienttype.list", "crm.enum.ownertype")
        for name in ("result", "time")
    },
    **{(method, name): NOT_READ for method in SETTING for name in SERVER_NAMES},
    ("booking.v1.booking.createfromwaitlist", "fields"): "not starred, but its resourceIds and datePeriod are",
    ("user.get", "FILTER"): "typed string, but an object in every sample; we never call it without",
}
"""(method, parameter) where the page is wrong or we leave a parameter out, with the reason."""

UNDESCRIBED = {"user.current", "profile", "scope", "server.time", "event.get"}
"""Methods that the vendor's machine-readable description leaves out."""

WITHOUT_SAMPLE = {"booking.v1.resourceType.list", "crm.activity.list"}
"""Methods whose description holds no answer."""


def declared() -> set[type[Method[Any]]]:
    found: set[type[Method[Any]]] = set()
    for module in pkgutil.iter_modules(tool_specs.__path__, "tool_specs."):
        for _, item in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(item, Method) and vars(item).get("rest"):
                found.add(item)
    return found


def test_every_declared_method_is_on_the_list_once() -> None:
    assert declared() == set(METHODS)
    assert len({method.rest.lower() for method in METHODS}) == len(METHODS)
    assert len({method.name() for method in METHODS}) == len(METHODS)


@every_method
def test_a_declaration_is_whole(method: type[Method[Any]]) -> None:
    assert method.rest
    assert method.page.endswith(".html")
    assert method.scope in {"booking", "crm", "user", ""}
    assert isinstance(method.effect, Effect)
    assert len(method.description()) >= 20
    assert method.__doc__ is not None
    texts = [method.title, *([method.slash] if method.slash else [])]
    for failure in method.fails.values():
        texts += failure.texts()
    for text in texts:
        assert all(text.to(language).strip() for language in LANGUAGES)
        assert text.en != text.ru
    if method.toolset is Toolset.LINKS:
        assert method.slash is not None


@every_method
def test_a_slash_form_names_the_methods_own_arguments_in_both_languages(method: type[Method[Any]]) -> None:
    if method.slash is None:
        return
    names = method.slash.placeholders()
    assert names <= set(method.model_fields)
    for language in LANGUAGES:
        assert all(f"{{{name}}}" in method.slash.to(language) for name in names)


@every_method
def test_the_answer_has_one_declared_type(method: type[Method[Any]]) -> None:
    if method.effect is Effect.READ:
        return
    if method.name().startswith(("add_b", "add_r", "add_w", "create_")):
        assert method.read_answer(1823) == method.read_answer({"id": 1823}) == 1823
    elif method is UnbindEvent:
        assert method.read_answer({"count": 1}) == UnbindResult(count=1)
    else:
        assert method.read_answer(json.loads("true")) is True


@every_method
def test_the_wire_form_is_the_vendors_documented_example(method: type[Method[Any]]) -> None:
    arguments, body = REQUESTS[method.rest]
    assert method(**arguments).wire() == body


@every_method
def test_the_vendors_own_names_are_read_as_the_same_request(method: type[Method[Any]]) -> None:
    arguments, body = REQUESTS[method.rest]
    own = {name: value for name, value in arguments.items() if name not in wire_codecs(method)}
    assert method.model_validate({**body, **own}) == method(**arguments)


@every_method
def test_a_request_sent_as_json_text_is_read_as_the_same_request(method: type[Method[Any]]) -> None:
    arguments, body = REQUESTS[method.rest]
    own = {name: value for name, value in arguments.items() if name not in wire_codecs(method)}
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    assert method.model_validate({**texts, **own}) == method(**arguments)


def spec_of(method: type[Method[Any]]) -> dict[str, Any]:
    if method.rest in UNDESCRIBED:
        pytest.skip("the vendor describes this method for people only")
    require("spec", bool(SPEC_DIR), "LINKDESK_SPEC_DIR does not name the folder of the vendor's descriptions")
    path = Path(SPEC_DIR) / f"{method.rest}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def nested(spec: dict[str, Any], parameter: dict[str, Any]) -> list[dict[str, Any]]:
    reference = parameter.get("ref")
    fields: list[dict[str, Any]] = spec["defs"][reference.rpartition("/")[2]]["fields"] if reference else []
    return fields


def compare(method: str, spec: dict[str, Any], ours: tuple[Parameter, ...], theirs: list[dict[str, Any]]) -> None:
    named = {parameter.name: parameter for parameter in ours}
    for parameter in theirs:
        if (method, parameter["name"]) in EXCEPTIONS:
            continue
        own = named.pop(parameter["name"], None)
        if own is None:
            assert not parameter["required"], f"{method} does not send {parameter['name']}"
            continue
        assert own.type == parameter["base"], f"{method}: {own.name}"
        assert own.required == parameter["required"], f"{method}: {own.name}"
        if inner := nested(spec, parameter):
            compare(method, spec, own.fields, inner)
    undocumented = [name for name in named if (method, name) not in EXCEPTIONS]
    assert undocumented == [], f"{method} sends what the page does not name"


@every_method
def test_the_parameters_are_those_of_the_vendors_description(method: type[Method[Any]]) -> None:
    spec = spec_of(method)
    assert spec["scope"] == method.scope or not method.scope
    compare(method.rest, spec, method.parameters(), spec["params"])
    assert spec["page"].removeprefix("/api-reference/") == method.page


@every_method
def test_the_vendors_sample_answer_is_read(method: type[Method[Any]]) -> None:
    spec = spec_of(method)
    assert ("resultExample" not in spec) == (method.rest in WITHOUT_SAMPLE)
    if "resultExample" not in spec:
        return
    sample = spec["resultExample"]["result"]
    answer = method.read_answer(sample)
    assert answer is not None
    if isinstance(sample, list) or method.answer_key is not None:
        assert answer != []
