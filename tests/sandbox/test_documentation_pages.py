"""The requests of the five documentation pages, as printed there; the blanks are filled in."""

import json

import pytest

from linkdesk.sandbox.app import Sandbox
from tests.support.sandbox_client import bindings_of, clients_of, links_of, new_sandbox, request, result

LINKS = "booking.v1.booking.externalData.set"
WAITLIST_LINKS = "booking.v1.waitlist.externalData.set"
CLIENTS = "booking.v1.booking.client.set"
WAITLIST_CLIENTS = "booking.v1.waitlist.client.set"
BINDING = "crm.activity.binding.add"

DEAL = '{"moduleId":"crm","entityTypeId":"DEAL","value":"1"}'
TWO_CONTACTS = '[{"id":1,"type":{"module":"crm","code":"CONTACT"}},{"id":2,"type":{"module":"crm","code":"CONTACT"}}]'
BODIES = {
    LINKS: '{"bookingId":14,"externalData":' + DEAL + "}",
    WAITLIST_LINKS: '{"waitListId":14,"externalData":[' + DEAL + "]}",
    CLIENTS: '{"bookingId":14,"clients":' + TWO_CONTACTS + "}",
    WAITLIST_CLIENTS: '{"waitListId":4,"clients":' + TWO_CONTACTS + "}",
    BINDING: '{"activityId":999, "entityTypeId":2, "entityId": 1}',
}
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}

# What a PHP client (CRest) makes of the arrays on the pages.
FORMS = {
    WAITLIST_LINKS: "waitListId=14&externalData[0][moduleId]=crm&externalData[0][entityTypeId]=DEAL"
    "&externalData[0][value]=1",
    CLIENTS: "bookingId=14&clients%5B0%5D%5Bid%5D=1&clients%5B0%5D%5Btype%5D%5Bmodule%5D=crm"
    "&clients%5B0%5D%5Btype%5D%5Bcode%5D=CONTACT&clients%5B1%5D%5Bid%5D=2"
    "&clients%5B1%5D%5Btype%5D%5Bmodule%5D=crm&clients%5B1%5D%5Btype%5D%5Bcode%5D=CONTACT",
    BINDING: "activityId=999&entityTypeId=2&entityId=1",
}


async def waitlist(sandbox: Sandbox, method: str, entry: int) -> object:
    return await result(sandbox, f"booking.v1.waitlist.{method}.list", {"waitListId": entry})


async def everything_done(sandbox: Sandbox, method: str) -> bool:
    """Say whether what the page is about is now so."""
    if method == WAITLIST_LINKS:
        return await waitlist(sandbox, "externalData", 14) == {"externalData": [json.loads(DEAL)]}
    if method == CLIENTS:
        return await clients_of(sandbox, 14) == [("CONTACT", 1), ("CONTACT", 2)]
    if method == WAITLIST_CLIENTS:
        return await waitlist(sandbox, "client", 4) == {"waitListClient": json.loads(TWO_CONTACTS)}
    return await bindings_of(sandbox, 999) == [(2, 7), (2, 1)]


@pytest.mark.parametrize("method", [WAITLIST_LINKS, CLIENTS, WAITLIST_CLIENTS, BINDING])
@pytest.mark.parametrize("way", ["webhook", "OAuth"])
async def test_a_page_s_request_works_as_printed(method: str, way: str) -> None:
    sandbox = new_sandbox()
    body, path = BODIES[method], f"{sandbox.webhook_path}{method}"
    if way == "OAuth":
        body, path = f'{body[:-1]},"auth":"{sandbox.add_token(1)}"}}', f"/rest/{method}"
    answer = await request(sandbox, "POST", path, content=body, headers=HEADERS)
    assert (answer.status_code, answer.json()["result"]) == (200, True)
    assert await everything_done(sandbox, method)


@pytest.mark.parametrize("method", FORMS)
async def test_a_page_s_request_works_as_a_form(method: str) -> None:
    sandbox = new_sandbox()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await request(sandbox, "POST", sandbox.webhook_path + method, content=FORMS[method], headers=headers)
    assert (answer.status_code, answer.json()["result"]) == (200, True)
    assert await everything_done(sandbox, method)


async def test_external_data_as_one_object_is_refused_as_on_the_real_portal() -> None:
    sandbox = new_sandbox()
    before = await links_of(sandbox, 14)
    for headers, body in (
        (HEADERS, BODIES[LINKS]),
        (
            {"Content-Type": "application/x-www-form-urlencoded"},
            "bookingId=14&externalData[moduleId]=crm&externalData[entityTypeId]=DEAL&externalData[value]=1",
        ),
    ):
        answer = await request(sandbox, "POST", sandbox.webhook_path + LINKS, content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, 0)
    assert await links_of(sandbox, 14) == before


async def test_the_same_request_with_an_array_works() -> None:
    sandbox = new_sandbox()
    body = BODIES[LINKS].replace(DEAL, f"[{DEAL}]")
    answer = await request(sandbox, "POST", sandbox.webhook_path + LINKS, content=body, headers=HEADERS)
    assert answer.json()["result"] is True
    assert await links_of(sandbox, 14) == [json.loads(DEAL)]
