"""The vendor's own examples are answered as the vendor says."""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.store import CONTACT, DEAL, LEAD, Binding, CrmItem, WaitlistEntry
from tests.support.documented_requests import REQUESTS
from tests.support.requirements import require
from tests.support.sandbox_client import by_application, call, new_sandbox, result
from tool_specs import METHODS
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import Json

every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.rest)
SPEC_DIR: Final = os.environ.get("LINKDESK_SPEC_DIR", "")
BARE_ID: Final = "the page shows an object, the server's code gives a bare number; `ids_in_objects` does as the page"
ITEM: Final = "a portal's items have a hundred fields, ours those that anyone looks at"
UNLIKE: Final[dict[str, str]] = {
    **{method.rest: BARE_ID for method in METHODS if method.rest.endswith(".add") and "v1" in method.rest},
    "booking.v1.resourceType.list": "the page's example has the types under `resource`",
    "crm.item.get": ITEM,
    "crm.item.list": ITEM,
    "crm.activity.get": ITEM,
    "crm.activity.list": ITEM,
    "user.get": ITEM,
    "crm.type.list": ITEM,
}
"""Methods whose example has another shape than our answer, with the reason."""


def prepared(**switches: Json) -> Sandbox:
    """A portal that has what the examples speak of."""
    sandbox = new_sandbox(**switches)
    store = sandbox.store
    store.resources[15] = store.resources[1].model_copy(update={"id": 15, "name": "Car"})
    store.resource_types[15] = store.resource_types[1].model_copy(update={"id": 15, "name": "Equipment"})
    store.waitlist[7] = WaitlistEntry(id=7, note="note")
    store.items[LEAD][250] = CrmItem(id=250, title="Admin")
    store.items[CONTACT][102] = CrmItem(id=102, email="name@example.com")
    store.activities[71].bindings.append(Binding(entity_type_id=CONTACT, entity_id=102))
    store.activities[71].subject = "Call back"
    return sandbox


def bound_as_in_the_example(sandbox: Sandbox, method: type[Method[Any]]) -> None:
    """To take the binding to deal 1 away it must be there, and to add it, not."""
    if method.rest.endswith((".delete", ".move")):
        sandbox.store.activities[999].bindings.append(Binding(entity_type_id=DEAL, entity_id=1))


@every_method
async def test_the_documented_request_is_answered_with_what_the_declaration_reads(method: type[Method[Any]]) -> None:
    sandbox = prepared()
    bound_as_in_the_example(sandbox, method)
    answered = await result(sandbox, method.rest, **by_application(sandbox, method.rest, REQUESTS[method.rest][1]))
    method.read_answer(answered)


@every_method
async def test_the_answer_has_the_shape_of_the_documented_one(method: type[Method[Any]]) -> None:
    require("spec", bool(SPEC_DIR), "LINKDESK_SPEC_DIR does not name the folder of the vendor's descriptions")
    file = Path(SPEC_DIR) / f"{method.rest}.json"
    if not file.exists() or method.rest in UNLIKE:
        return
    sandbox = prepared()
    bound_as_in_the_example(sandbox, method)
    request = by_application(sandbox, method.rest, REQUESTS[method.rest][1])
    body = (await call(sandbox, method.rest, **request)).json()
    example = json.loads(file.read_text("utf-8"))["resultExample"]
    assert list(unlike(example["result"], body["result"], "result")) == []


def unlike(example: Json, answer: Json, where: str) -> Any:  # noqa: ANN401 - a generator of sentences
    """Say what an example has that an answer has not; null is of any type, and of a list one item is compared."""
    if isinstance(example, dict) and isinstance(answer, dict):
        for key, value in example.items():
            if key not in answer:
                yield f"{where}.{key} is missing"
            else:
                yield from unlike(value, answer[key], f"{where}.{key}")
    elif isinstance(example, list) and isinstance(answer, list):
        for one, other in list(zip(example, answer, strict=False))[:1]:
            yield from unlike(one, other, f"{where}[0]")
    elif None not in (example, answer) and type(example) is not type(answer):
        yield f"{where} is {type(answer).__name__}, not {type(example).__name__}"
