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
from tool_specs import METHODS
from tool_specs.method import Effect, Method, Toolset, wires
from tool_specs.said import LANGUAGES
from tool_specs.wire import Parameter

from tests.documented import REQUESTS
from tests.requirements import needed

every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.rest)

SPEC_DIR = os.environ.get("LINKDESK_SPEC_DIR", "")

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""(method, parameter) where the page is wrong or we leave a parameter out, with the reason."""


def declared() -> set[type[Method[Any]]]:
    found: set[type[Method[Any]]] = set()
    for module in pkgutil.iter_modules(tool_specs.__path__, "tool_specs."):
        for _, item in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(item, Method) and "rest" in vars(item):
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
    if method.toolset in {Toolset.LINKS}:
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
    if method.effect is not Effect.READ:
        assert method.read_answer(True) is True


@every_method
def test_the_wire_form_is_the_vendors_documented_example(method: type[Method[Any]]) -> None:
    arguments, body = REQUESTS[method.rest]
    assert method(**arguments).wire() == body


@every_method
def test_the_vendors_own_names_are_read_as_the_same_request(method: type[Method[Any]]) -> None:
    arguments, body = REQUESTS[method.rest]
    own = {name: value for name, value in arguments.items() if name not in wires(method)}
    assert method.model_validate({**body, **own}) == method(**arguments)


@every_method
def test_a_request_sent_as_json_text_is_read_as_the_same_request(method: type[Method[Any]]) -> None:
    arguments, body = REQUESTS[method.rest]
    own = {name: value for name, value in arguments.items() if name not in wires(method)}
    texts = {name: json.dumps(value) for name, value in body.items()}
    assert method.model_validate({**texts, **own}) == method(**arguments)


def spec_of(method: type[Method[Any]]) -> dict[str, Any]:
    needed("spec", bool(SPEC_DIR), "LINKDESK_SPEC_DIR does not name the folder of the vendor's descriptions")
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
    sample = spec_of(method)["resultExample"]["result"]
    answer = method.read_answer(sample)
    assert answer is not None
    if isinstance(sample, list) or method.answer_key is not None:
        assert answer != []
