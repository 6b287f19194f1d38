"""The portal client and the reading of answers, at the wire."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkdesk.config.logging import configure_logging, redact
from linkdesk.errors.base import (
    LinkdeskError,
    NotConfigured,
    NotReached,
    PortalError,
    PortalMoved,
    Refused,
    ResponseLost,
    UnreadableResponse,
)
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.portal.decode import MAX_BODY, decode_response
from linkdesk.portal.transport import NEVER_SENT
from tests.support.sandbox_env import virtual_clock
from tool_specs.declaration.list_items import ExternalItem
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks

SECRET = "s3cr3tPlantedForTests"
ADDRESS = WebhookAddress.parse(f"https://example.bitrix24.com/rest/1/{SECRET}/")
LISTING = ListBookingLinks(booking_id=14)
LINKING = SetBookingLinks.model_validate({"booking_id": 14, "links": ["deal:1"]})


def portal(answer: Callable[[httpx.Request], httpx.Response]) -> Portal:
    return Portal(ADDRESS, transport=httpx.MockTransport(answer), **virtual_clock())


def failing(error: Exception) -> Portal:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    return portal(answer)


async def test_a_call_posts_json_to_the_methods_address_and_types_the_answer() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        item = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "7"}
        return httpx.Response(200, json={"result": {"externalData": [item]}, "time": {}})

    async with portal(answer) as calls:
        links = await calls(LISTING)
    assert links == [ExternalItem(module_id="crm", entity_type_id="DEAL", value="7")]
    assert str(seen[0].url) == f"https://example.bitrix24.com/rest/1/{SECRET}/booking.v1.booking.externalData.list"
    assert json.loads(seen[0].content) == {"bookingId": 14}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": 1021, "error_description": "Booking not found"}, "1021"),
        ({"error": "1021"}, "1021"),
        ({"error": 0, "error_description": "<b>/var/www/bitrix</b>"}, "0"),
        ({"error": "", "error_description": "Activity is not found"}, ""),
        ({"error": {"code": "BITRIX_REST_V3", "message": "x"}}, "BITRIX_REST_V3"),
        ({"error": None}, ""),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 503])
def test_an_error_is_known_by_its_presence_whatever_its_type_and_status(
    body: dict[str, Any],
    code: str,
    status: int,
) -> None:
    with pytest.raises(Refused) as refused:
        decode_response("m", status, {}, json.dumps(body).encode())
    assert (refused.value.code, refused.value.status) == (code, status)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    calls = 0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(status, headers={"Location": f"https://new.bitrix24.com/rest/1/{SECRET}/x"})

    async with portal(answer) as portal_:
        with pytest.raises(PortalMoved) as moved:
            await portal_(LINKING)
    assert calls == 1
    assert moved.value.host == "new.bitrix24.com"
    assert SECRET not in str(moved.value)


@pytest.mark.parametrize(
    ("status", "body", "may_have_applied"),
    [
        (403, b"<html>blocked</html>", False),
        (404, b"", False),
        (500, b"<html>PHP Fatal error</html>", True),
        (502, b"", True),
        (200, b"", True),
        (200, b"[]", True),
        (200, b'{"time": {}}', True),
        (200, b'{"result": {"externalDa', True),
        (200, b"[" * 100_000, True),
        (200, b"\xff\xfe\x00", True),
    ],
)
def test_what_is_no_rest_answer_says_whether_a_write_may_have_happened(
    status: int,
    body: bytes,
    may_have_applied: bool,
) -> None:
    with pytest.raises(UnreadableResponse) as unreadable:
        decode_response("m", status, {}, body)
    assert unreadable.value.may_have_applied is may_have_applied


async def test_a_result_of_another_shape_is_unreadable() -> None:
    async with portal(lambda _: httpx.Response(200, json={"result": {"externalData": "none"}})) as calls:
        with pytest.raises(UnreadableResponse):
            await calls(LISTING)


async def test_an_endless_body_is_cut_off() -> None:
    class Endless(httpx.AsyncByteStream):
        sent = 0

        async def __aiter__(self) -> Any:  # noqa: ANN401 - an async iterator of bytes
            while True:
                self.sent += 1
                yield b" " * 1_000_000

    stream = Endless()
    async with portal(lambda _: httpx.Response(200, stream=stream)) as calls:
        with pytest.raises(UnreadableResponse):
            await calls(LISTING)
    assert stream.sent <= MAX_BODY // 1_000_000 + 2


def every_httpx_error() -> list[type[httpx.TransportError]]:
    found: list[type[httpx.TransportError]] = []
    kinds = [httpx.TransportError]
    while kinds:
        kind = kinds.pop()
        found.append(kind)
        kinds += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", every_httpx_error())
async def test_every_transport_error_becomes_never_sent_or_answer_lost(kind: type[httpx.TransportError]) -> None:
    async with failing(kind("boom")) as calls:
        with pytest.raises(PortalError) as lost:
            await calls(LINKING)
    never_sent = issubclass(kind, NEVER_SENT)
    assert type(lost.value) is (NotReached if never_sent else ResponseLost)
    assert lost.value.may_have_applied is not never_sent


@given(
    status=st.integers(100, 599),
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {"error": st.none() | st.integers() | st.text() | st.lists(st.integers())},
            optional={"time": st.integers() | st.fixed_dictionaries({"operating_reset_at": st.text() | st.floats()})},
        ).map(lambda value: json.dumps(value).encode()),
    ),
    location=st.text(max_size=40),
)
def test_whatever_comes_back_is_a_result_or_one_of_our_errors(status: int, body: bytes, location: str) -> None:
    with suppress(LinkdeskError):
        decode_response("m", status, {"location": location}, body)


async def test_the_secret_is_in_no_output_log_or_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging(("debug",))
    request = httpx.Request("POST", ADDRESS.url("m"))
    texts = [repr(ADDRESS), str(ADDRESS), ADDRESS.masked]
    for error in (httpx.ReadError(f"at {request.url}", request=request), httpx.ConnectError(str(request.url))):
        async with failing(error) as calls:
            texts.append(repr(calls))
            with pytest.raises(PortalError) as lost:
                await calls(LINKING)
        texts += ["".join(traceback.format_exception(lost.value)), repr(lost.value)]
        logging.getLogger("anything").error("failed at %s", request.url, exc_info=error)
        logging.getLogger("httpx").info("HTTP Request: POST %s", request.url)
    captured = capfd.readouterr()
    texts += [captured.out, captured.err]
    assert "failed at" in captured.err
    assert all(SECRET not in text for text in texts)


def test_a_bot_token_is_masked_wherever_it_stands() -> None:
    token = "123456:AAH-planted_token_0123456789abc"
    for text in (token, f"https://api.telegram.org/bot{token}/getMe", f"The token `{token}` was rejected"):
        assert token.partition(":")[2] not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.bitrix24.com/rest/1/abcd1234/",
        "https://example.bitrix24.com/rest/1/abcd1234",
        " https://EXAMPLE.bitrix24.com:8443/rest/12/abcd1234/ ",
        "http://127.0.0.1:9000/rest/1/abcd1234/",
        "http://localhost/rest/1/abcd1234/",
        "http://[::1]:9000/rest/1/abcd1234/",
    ],
)
def test_a_webhook_address_is_read(text: str) -> None:
    address = WebhookAddress.parse(text)
    assert address.secret == "abcd1234"
    assert address.url("profile").endswith("/abcd1234/profile")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.bitrix24.com:65536/rest/1/abcd1234/",
        "http://127.0.0.1:0/rest/1/abcd1234/",
        "",
        "example.bitrix24.com",
        "https://example.bitrix24.com/",
        "https://example.bitrix24.com/rest/",
        "https://example.bitrix24.com/rest/1/",
        "https://example.bitrix24.com/rest/abcd1234/",
        "http://example.bitrix24.com/rest/1/abcd1234/",
        "http://127.0.0.1.example.com/rest/1/abcd1234/",
        "https://user@example.bitrix24.com/rest/1/abcd1234/",
        "https://example.bitrix24.com/rest/1/abcd1234/profile?x=1",
        "https://example.bitrix24.com/rest/0/abcd1234/",
    ],
)
def test_half_an_address_is_refused_without_repeating_the_secret(text: str) -> None:
    with pytest.raises(NotConfigured) as refused:
        WebhookAddress.parse(text)
    for sentence in (refused.value.sentence.en, refused.value.sentence.ru, str(refused.value)):
        assert "LINKDESK_PORTAL" in sentence
        assert "abcd1234" not in sentence
