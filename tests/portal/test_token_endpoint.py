"""What the token endpoint answers, and what is made of it."""

from __future__ import annotations

import ssl
import traceback

import httpx
import pytest
from pydantic import SecretStr

from linkdesk.errors.base import NoCredentials
from linkdesk.portal.application import Application, endpoint_within, is_bare_origin, origin_of
from linkdesk.portal.oauth import MAX_BODY, TokenEndpoint
from linkdesk.portal.oauth_response import parse_grant
from tests.support.authorization import CLIENT_ID, CLIENT_SECRET, ORIGIN, TOKEN_URL
from tests.support.paths import ROOT

APPLICATION = Application(ORIGIN, CLIENT_ID, SecretStr(CLIENT_SECRET), TOKEN_URL)
SECRET = "planted-refresh-1"
GOOD = (
    b'{"access_token":"planted-a","refresh_token":"planted-r","expires_in":3600,'
    b'"client_endpoint":"https://salon.bitrix24.ru/rest/","member_id":"a1","user_id":"7","scope":"crm"}'
)


def test_an_answer_is_read() -> None:
    granted = parse_grant(200, GOOD)
    assert (granted.access, granted.refresh, granted.user_id, granted.expires_in) == ("planted-a", "planted-r", 7, 3600)
    assert "planted" not in repr(granted)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b'{"error":"wrong_client","error_description":"planted"}', "wrong_application_keys"),
        (400, b'{"error":"invalid_client"}', "wrong_application_keys"),
        (400, b'{"error":"invalid_grant","error_description":"planted"}', "authorization_refused"),
        (403, b'{"error":"invalid_scope"}', "authorization_refused"),
        (401, b'{"error":"PAYMENT_REQUIRED"}', "subscription_ended"),
        (401, b'{"error":"NOT_INSTALLED"}', "application_not_installed"),
        (400, b'{"error":0}', "authorization_refused"),
        (400, b'{"error":{"code":"planted"}}', "authorization_refused"),
        (200, b"<html>planted</html>", "authorization_unreadable"),
        (502, b"<html>planted</html>", "authorization_unreadable"),
        (200, b"", "authorization_unreadable"),
        (200, b"[]", "authorization_unreadable"),
        (200, b"[" * 100_000, "authorization_unreadable"),
        (200, b"{}", "authorization_unreadable"),
        (500, GOOD, "authorization_unreadable"),
        (200, GOOD.replace(b'"planted-r"', b'""'), "authorization_unreadable"),
        (200, GOOD.replace(b'"planted-a"', b'"planted a"'), "authorization_unreadable"),
        (200, GOOD.replace(b'"a1"', b'"../a1"'), "authorization_unreadable"),
        (302, b"", "authorization_moved"),
    ],
)
def test_an_answer_that_grants_nothing_has_a_sentence_without_what_was_sent(
    status: int, body: bytes, code: str
) -> None:
    with pytest.raises(NoCredentials) as refused:
        parse_grant(status, body)
    assert refused.value.failure.code == code
    assert "planted" not in "".join(traceback.format_exception(refused.value))
    assert "planted" not in refused.value.as_trouble().what.ru


async def asked(handler: httpx.MockTransport) -> NoCredentials:
    endpoint = TokenEndpoint(APPLICATION, transport=handler)
    with pytest.raises(NoCredentials) as refused:
        await endpoint.refresh(SECRET)
    await endpoint.aclose()
    assert SECRET not in "".join(traceback.format_exception(refused.value))
    return refused.value


async def test_a_redirect_of_the_token_endpoint_is_not_followed() -> None:
    hosts: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://evil.example.com/"})

    assert (await asked(httpx.MockTransport(handler))).failure.code == "authorization_moved"
    assert hosts == ["oauth.example.com"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError("planted"), "authorization_not_reached"),
        (httpx.ReadTimeout("planted"), "authorization_not_reached"),
        (httpx.RemoteProtocolError("planted"), "authorization_not_reached"),
        (ssl.SSLCertVerificationError("planted"), "authorization_not_trusted"),
    ],
)
async def test_an_endpoint_that_cannot_be_asked_is_said(error: Exception, code: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(error, httpx.HTTPError):
            raise error
        raise httpx.ConnectError(str(request.url)) from error

    failed = await asked(httpx.MockTransport(handler))
    assert failed.failure.code == code
    assert failed.may_have_applied is False


async def test_an_endless_answer_is_cut_off() -> None:
    body = b"x" * (MAX_BODY + 2)
    failed = await asked(httpx.MockTransport(lambda _: httpx.Response(200, content=body)))
    assert failed.failure.code == "authorization_unreadable"


def test_an_endpoint_says_where_it_is_and_keeps_its_keys() -> None:
    assert repr(TokenEndpoint(APPLICATION)) == f"TokenEndpoint({TOKEN_URL})"
    assert CLIENT_SECRET not in repr(APPLICATION)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Salon.Bitrix24.ru", "https://salon.bitrix24.ru"),
        ("https://salon.bitrix24.ru:443/rest/", "https://salon.bitrix24.ru"),
        ("https://salon.bitrix24.ru:8443/", "https://salon.bitrix24.ru:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://salon.bitrix24.ru", None),
        ("https://anna:planted@salon.bitrix24.ru", None),
        ("https://salon.bitrix24.ru:port", None),
        ("https://salon bitrix24.ru", None),
        ("https://", None),
        ("salon.bitrix24.ru", None),
        ("javascript:alert(1)", None),
    ],
)
def test_an_origin_is_read_strictly(address: str, origin: str | None) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("endpoint", "taken"),
    [
        ("https://salon.bitrix24.ru/rest/", f"{ORIGIN}/rest/"),
        ("https://salon.bitrix24.ru/some/rest/", f"{ORIGIN}/some/rest/"),
        ("https://salon.bitrix24.ru/../x/?planted=1", f"{ORIGIN}/rest/"),
        ("http://salon.bitrix24.ru/rest/", None),
        ("https://salon.bitrix24.ru.evil.example.com/rest/", None),
        ("https://salon.bitrix24.ru@evil.example.com/rest/", None),
    ],
)
def test_calls_go_to_the_portal_only(endpoint: str, taken: str | None) -> None:
    assert endpoint_within(ORIGIN, endpoint) == taken


def test_a_webhook_is_no_bare_portal() -> None:
    assert is_bare_origin("https://salon.bitrix24.ru/")
    assert not is_bare_origin("https://salon.bitrix24.ru/rest/1/planted/")
    assert not is_bare_origin("https://salon.bitrix24.ru/?x")


def test_the_client_secret_is_written_nowhere_in_our_code_but_for_the_token_endpoint() -> None:
    root = ROOT
    opened = [
        str(file.relative_to(root))
        for file in (root / "linkdesk").rglob("*.py")
        if "client_secret.get_secret_value" in file.read_text(encoding="utf-8")
    ]
    assert opened == ["linkdesk/portal/oauth.py"]
