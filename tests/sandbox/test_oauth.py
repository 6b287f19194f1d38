"""The sandbox's authorization server at the wire: the page, the token endpoint, and calls with the tokens it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.authorization import ACCESS_TOKEN_LIFETIME_S, CODE_LIFETIME_S, REFRESH_TOKEN_LIFETIME_S
from tests.support.sandbox_client import FRIDAY, call, error, new_sandbox, request
from tool_specs.declaration.wire import Json

ID, SECRET = "local.5f00c0ffee", "planted-client-secret"
REDIRECT = "https://linkdesk.example.com/oauth/callback"
KEYS = {"client_id": ID, "client_secret": SECRET}
BIND = "crm.activity.binding.add"


@dataclass
class OAuthEnv:
    """A portal with an application, and its clock."""

    sandbox: Sandbox = field(init=False)
    now: datetime = FRIDAY

    def __post_init__(self) -> None:
        self.sandbox = new_sandbox(clock=lambda: self.now)
        self.sandbox.add_application(client_id=ID, client_secret=SECRET, redirect=REDIRECT)

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def back(self, user_id: int = 1, **more: str) -> dict[str, str]:
        """Give what a browser comes back to the application with."""
        query = {"client_id": ID, "state": "s", "user_id": str(user_id), "auto": "1", **more}
        answer = await request(self.sandbox, "GET", f"/oauth/authorize/?{urlencode(query)}")
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def ask(self, **given: str) -> httpx.Response:
        return await request(self.sandbox, "GET", "/oauth/token/", params=given)

    async def exchange(self, code: str) -> httpx.Response:
        return await self.ask(grant_type="authorization_code", code=code, **KEYS)

    async def refresh(self, token: str) -> httpx.Response:
        return await self.ask(grant_type="refresh_token", refresh_token=token, **KEYS)

    async def tokens(self, user_id: int = 1) -> dict[str, Json]:
        answer = await self.exchange((await self.back(user_id))["code"])
        assert answer.status_code == 200, answer.text
        granted: dict[str, Json] = answer.json()
        return granted

    async def refused(self, token: str, method: str = "profile") -> tuple[int, Json]:
        return await error(self.sandbox, method, {"auth": token}, path="/rest/")


@pytest.fixture
def env() -> OAuthEnv:
    return OAuthEnv()


def refusal(answer: httpx.Response) -> tuple[int, Json]:
    assert answer.headers["cache-control"] == "no-store"
    assert isinstance(answer.json()["error_description"], str)
    return answer.status_code, answer.json()["error"]


class Fields(HTMLParser):
    """Collects what a browser would send from a form, and the texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str | None] = {}
        self.buttons: list[str | None] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input":
            self.hidden[given["name"] or ""] = given["value"]
        if tag == "button":
            self.buttons.append(given["value"])

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_the_page_asks_who_one_is_and_its_form_leads_back_to_the_application(env: OAuthEnv) -> None:
    state = "\"><script>alert('1')</script>&"
    address = f"/oauth/authorize/?{urlencode({'client_id': ID, 'state': state})}"
    page = await request(env.sandbox, "GET", address)
    form = Fields(page.text)
    assert (page.status_code, "<script" in page.text) == (200, False)
    assert form.hidden == {"client_id": ID, "state": state}
    assert form.buttons == ["1", "2"]
    assert "Kate Miller (2, rights are restricted)" in form.text
    assert "script-src" not in page.headers["content-security-policy"]
    sent = await request(env.sandbox, "POST", address, data={**form.hidden, "user_id": "2"})
    assert sent.status_code == 302
    assert dict(parse_qsl(urlsplit(sent.headers["location"]).query))["state"] == state


async def test_the_page_speaks_the_browsers_language(env: OAuthEnv) -> None:
    address = f"/oauth/authorize/?client_id={ID}"
    russian = await request(env.sandbox, "GET", address, headers={"accept-language": "ru-RU,en;q=0.5"})
    english = await request(env.sandbox, "GET", address, headers={"accept-language": "de,ru"})
    assert 'lang="ru"' in russian.text
    assert "Кто вы?" in russian.text
    assert 'lang="en"' in english.text
    assert "Who are you?" in english.text


async def test_a_browser_comes_back_with_everything_the_vendor_names(env: OAuthEnv) -> None:
    back = await env.back(2)
    assert set(back) == {"code", "state", "domain", "member_id", "scope", "server_domain"}
    assert (back["state"], back["domain"], back["scope"]) == ("s", "portal.example", "booking,crm,user")
    assert back["member_id"] == env.sandbox.authorization.member_id


async def test_what_stands_in_the_applications_address_already_stays(env: OAuthEnv) -> None:
    env.sandbox.add_application(client_id=ID, client_secret=SECRET, redirect=f"{REDIRECT}?from=portal")
    back = await env.back(2)
    assert (back["from"], len(back)) == ("portal", 7)


@pytest.mark.parametrize("query", [f"client_id={ID}&user_id=3&auto=1", "client_id=other", ""])
async def test_an_unknown_application_or_user_gets_a_page_and_nobody_is_sent_anywhere(
    env: OAuthEnv, query: str
) -> None:
    answer = await request(env.sandbox, "GET", f"/oauth/authorize/?{query}&state=s")
    assert (answer.status_code, answer.headers.get("location")) == (400, None)
    assert env.sandbox.authorization.codes == {}


async def test_a_code_becomes_tokens_as_documented(env: OAuthEnv) -> None:
    granted = await env.tokens(2)
    at = int(FRIDAY.timestamp())
    assert (granted.pop("access_token"), granted.pop("refresh_token")) == (
        *env.sandbox.authorization.access,
        *env.sandbox.authorization.refresh,
    )
    assert granted == {
        "expires": at + 3600,
        "expires_in": 3600,
        "scope": "app",
        "domain": "portal.example",
        "server_endpoint": "https://portal.example/rest/",
        "status": "L",
        "client_endpoint": "https://portal.example/rest/",
        "member_id": env.sandbox.authorization.member_id,
        "user_id": 2,
    }


async def test_the_token_endpoint_takes_a_form_too_and_needs_no_slash(env: OAuthEnv) -> None:
    given = {"grant_type": "authorization_code", "code": (await env.back())["code"], **KEYS}
    answer = await request(env.sandbox, "POST", "/oauth/token", data=given)
    assert answer.json()["user_id"] == 1


async def test_a_code_is_good_once(env: OAuthEnv) -> None:
    code = (await env.back())["code"]
    assert (await env.exchange(code)).status_code == 200
    assert refusal(await env.exchange(code)) == (400, "invalid_grant")


@pytest.mark.parametrize(("seconds", "status"), [(CODE_LIFETIME_S - 1, 200), (CODE_LIFETIME_S, 400)])
async def test_a_code_is_good_for_thirty_seconds(env: OAuthEnv, seconds: int, status: int) -> None:
    code = (await env.back())["code"]
    env.pass_(seconds)
    assert (await env.exchange(code)).status_code == status


async def test_a_refresh_token_gives_a_new_pair_and_is_used_up_by_it(env: OAuthEnv) -> None:
    first = await env.tokens(2)
    second = (await env.refresh(first["refresh_token"])).json()
    assert second["user_id"] == 2
    assert len({first["refresh_token"], second["refresh_token"], first["access_token"], second["access_token"]}) == 4
    assert refusal(await env.refresh(first["refresh_token"])) == (400, "invalid_grant")
    assert (await env.refresh(second["refresh_token"])).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(REFRESH_TOKEN_LIFETIME_S - 1, 200), (REFRESH_TOKEN_LIFETIME_S, 400)])
async def test_a_refresh_token_lives_for_180_days(env: OAuthEnv, seconds: int, status: int) -> None:
    granted = await env.tokens()
    env.pass_(seconds)
    assert (await env.refresh(granted["refresh_token"])).status_code == status


async def test_another_applications_code_and_refresh_token_are_refused_and_stay_good(env: OAuthEnv) -> None:
    env.sandbox.add_application(client_id="other", client_secret=SECRET, redirect=REDIRECT)
    code, granted = (await env.back())["code"], await env.tokens()
    mine, theirs = KEYS, {**KEYS, "client_id": "other"}
    for grant, what in (
        ("authorization_code", {"code": code}),
        ("refresh_token", {"refresh_token": granted["refresh_token"]}),
    ):
        assert refusal(await env.ask(grant_type=grant, **what, **theirs)) == (400, "invalid_grant")
        assert (await env.ask(grant_type=grant, **what, **mine)).status_code == 200


GOOD = {"grant_type": "refresh_token", "refresh_token": "x", **KEYS}


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({}, 400, "invalid_request"),
        ({**GOOD, "grant_type": ""}, 400, "invalid_request"),
        ({**GOOD, "client_secret": ""}, 400, "invalid_request"),
        ({**GOOD, "refresh_token": ""}, 400, "invalid_request"),
        ({**GOOD, "client_id": "unknown"}, 200, "wrong_client"),
        ({**GOOD, "client_secret": "ключ"}, 400, "invalid_client"),
        ({**GOOD, "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({**GOOD, "scope": "no_such"}, 403, "invalid_scope"),
        ({**GOOD, "scope": "crm,task"}, 403, "insufficient_scope"),
        ({**GOOD, "scope": "app"}, 400, "invalid_grant"),
        (GOOD, 400, "invalid_grant"),
    ],
)
async def test_what_is_missing_unknown_or_wrong_has_its_code(
    env: OAuthEnv, given: dict[str, str], status: int, code: str
) -> None:
    assert refusal(await env.ask(**given)) == (status, code)


async def test_a_parameter_given_twice_is_refused(env: OAuthEnv) -> None:
    answer = await request(env.sandbox, "POST", "/oauth/token/?grant_type=refresh_token", data=GOOD)
    assert refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize(("name", "code"), [("installed", "NOT_INSTALLED"), ("paid", "PAYMENT_REQUIRED")])
async def test_an_application_that_was_removed_or_not_paid_for_gets_in_nowhere(
    env: OAuthEnv, name: str, code: str
) -> None:
    granted = await env.tokens()
    setattr(env.sandbox.authorization.applications[ID], name, False)
    assert refusal(await env.refresh(granted["refresh_token"])) == (401, code)
    assert await env.refused(granted["access_token"]) == (401, code)


async def test_a_token_brings_the_rights_of_its_user_and_the_scopes_of_its_application(env: OAuthEnv) -> None:
    for user, refused in ((2, (400, "ACCESS_DENIED")), (1, None)):
        bound = {
            "activityId": 999,
            "entityTypeId": 2,
            "entityId": 1,
            "auth": (await env.tokens(user))["access_token"],
        }
        answer = (await call(env.sandbox, BIND, bound, path="/rest/")).json()
        assert answer.get("error") == (refused[1] if refused else None)
    env.sandbox.authorization.applications[ID].scopes = ("booking",)
    token = (await env.tokens())["access_token"]
    assert await env.refused(token, "crm.activity.binding.list") == (401, "insufficient_scope")
    assert (await call(env.sandbox, "scope", {"auth": token}, path="/rest/")).json()["result"] == ["booking"]


async def test_a_token_may_come_in_the_query_the_body_and_the_header(env: OAuthEnv) -> None:
    token = (await env.tokens(2))["access_token"]
    for answer in (
        await call(env.sandbox, "profile", {"auth": token}, path="/rest/"),
        await call(env.sandbox, "profile", {"access_token": token}, path="/rest/"),
        await request(env.sandbox, "POST", "/rest/profile", data={"auth": token}),
        await request(env.sandbox, "GET", f"/rest/profile.json?auth={token}"),
        await request(env.sandbox, "GET", "/rest/profile", headers={"authorization": f"Bearer {token}"}),
        await call(env.sandbox, "batch", {"auth": token, "cmd": ["profile"]}, path="/rest/"),
    ):
        got = answer.json()["result"]
        assert (got.get("result", [got])[0])["ID"] == "2"


async def test_an_access_token_expires_after_an_hour_and_a_renewal_does_not_end_the_older_one(env: OAuthEnv) -> None:
    first = await env.tokens()
    env.pass_(ACCESS_TOKEN_LIFETIME_S - 1)
    second = (await env.refresh(first["refresh_token"])).json()
    assert (await call(env.sandbox, "profile", {"auth": first["access_token"]}, path="/rest/")).status_code == 200
    env.pass_(1)
    assert await env.refused(first["access_token"]) == (401, "expired_token")
    assert await env.refused(first["access_token"], "batch") == (401, "expired_token")
    assert (await call(env.sandbox, "profile", {"auth": second["access_token"]}, path="/rest/")).status_code == 200


async def test_an_expired_token_is_known_as_such_for_half_a_year_and_then_forgotten(env: OAuthEnv) -> None:
    first = await env.tokens()
    env.pass_(REFRESH_TOKEN_LIFETIME_S)
    await env.tokens()
    assert await env.refused(first["access_token"]) == (401, "expired_token")
    env.pass_(ACCESS_TOKEN_LIFETIME_S)
    await env.tokens()
    assert await env.refused(first["access_token"]) == (401, "NO_AUTH_FOUND")


async def test_tokens_of_nobody_a_lost_application_and_a_dismissed_user_are_told_apart(env: OAuthEnv) -> None:
    token, refresh = ((granted := await env.tokens(2))["access_token"], granted["refresh_token"])
    assert await env.refused("unknown") == (401, "NO_AUTH_FOUND")
    assert await env.refused("unknown", "no.such.method") == (404, "ERROR_METHOD_NOT_FOUND")
    del env.sandbox.store.users[2]
    assert await env.refused(token) == (401, "authorization_error")
    assert refusal(await env.refresh(refresh)) == (400, "invalid_grant")
    env.sandbox.authorization.applications.clear()
    assert await env.refused(token) == (401, "invalid_token")


async def test_an_expired_token_can_be_ordered_for_one_call(env: OAuthEnv) -> None:
    token = (await env.tokens())["access_token"]
    env.sandbox.add_fault("profile", "expired_token")
    assert await env.refused(token) == (401, "expired_token")
    assert (await call(env.sandbox, "profile", {"auth": token}, path="/rest/")).status_code == 200


async def test_operating_time_is_the_applications_by_whichever_token(env: OAuthEnv) -> None:
    granted = await env.tokens()
    first = (await call(env.sandbox, "profile", {"auth": granted["access_token"]}, path="/rest/")).json()["time"]
    other = (await env.tokens(2))["access_token"]
    second = (await call(env.sandbox, "profile", {"auth": other}, path="/rest/")).json()["time"]
    assert second["operating"] == pytest.approx(first["operating"] * 2)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("query_limit", 503, "QUERY_LIMIT_EXCEEDED"),
        ("operation_time_limit", 429, "OPERATION_TIME_LIMIT"),
        ("expired_token", 401, "expired_token"),
        ("no_rights", 401, "NOT_INSTALLED"),
    ],
)
async def test_the_token_endpoint_refuses_on_order_and_nothing_is_used_up(
    env: OAuthEnv, kind: str, status: int, code: str
) -> None:
    granted = await env.tokens()
    env.sandbox.add_fault("oauth.token", kind)
    assert refusal(await env.refresh(granted["refresh_token"])) == (status, code)
    assert (await env.refresh(granted["refresh_token"])).status_code == 200


async def test_the_token_endpoint_breaks_on_order(env: OAuthEnv) -> None:
    granted = await env.tokens()
    for kind, got in (("http_500_html", (500, True)), ("empty_body", (200, False))):
        env.sandbox.add_fault("oauth.token", kind)
        answer = await env.refresh(granted["refresh_token"])
        assert (answer.status_code, bool(answer.content)) == got
    env.sandbox.add_fault("oauth.token", "reset_before")
    with pytest.raises(httpx.ReadError):
        await env.refresh(granted["refresh_token"])
    env.sandbox.add_fault("oauth.token", "reset_after_commit")
    with pytest.raises(httpx.ReadError):
        await env.refresh(granted["refresh_token"])
    assert refusal(await env.refresh(granted["refresh_token"])) == (400, "invalid_grant")
    assert [(seen.status, seen.applied) for seen in env.sandbox.token_requests[1:]] == [
        (500, False),
        (200, False),
        (None, False),
        (None, True),
        (400, False),
    ]


async def test_a_slow_token_endpoint_grants_at_once_and_answers_later() -> None:
    slept: list[tuple[float, int]] = []

    async def sleep(seconds: float) -> None:
        slept.append((seconds, len(sandbox.authorization.access)))

    env = OAuthEnv()
    env.sandbox = sandbox = new_sandbox(sleep=sleep)
    sandbox.add_application(client_id=ID, client_secret=SECRET, redirect=REDIRECT)
    sandbox.add_fault("oauth.token", "slow", seconds=7)
    await env.tokens()
    assert slept == [(7, 1)]


async def test_a_failure_of_any_method_leaves_the_token_endpoint_alone_and_it_needs_no_room_in_the_bucket() -> None:
    env = OAuthEnv()
    env.sandbox = new_sandbox(rate=(1, 1))
    env.sandbox.add_application(client_id=ID, client_secret=SECRET, redirect=REDIRECT)
    env.sandbox.add_fault("*", "http_500_html")
    for _ in range(3):
        await env.tokens()
    assert env.sandbox.calls == []
    assert [seen.params for seen in env.sandbox.token_requests] == [{"grant_type": "authorization_code"}] * 3
    assert (await call(env.sandbox, "profile")).status_code == 500


async def test_a_reset_leaves_applications_and_tokens_alone(env: OAuthEnv) -> None:
    granted = await env.tokens()
    await request(env.sandbox, "POST", "/_sandbox/reset")
    assert env.sandbox.token_requests == []
    assert (await call(env.sandbox, "profile", {"auth": granted["access_token"]}, path="/rest/")).status_code == 200


async def test_a_portal_that_moved_answers_every_call_with_its_new_address_and_does_nothing(env: OAuthEnv) -> None:
    granted = await env.tokens()
    env.sandbox.moved_to = "https://new.example"
    unset = f"{env.sandbox.webhook_path}booking.v1.booking.externalData.unset"
    for path, query in ((unset, "?bookingId=14"), ("/rest/profile", ""), ("/rest/no/such/%D0%BF%0D%0A", "")):
        answer = await request(env.sandbox, "POST", path + query, json={})
        assert (answer.status_code, answer.headers["location"]) == (302, f"https://new.example{path}{query}")
        assert answer.headers["content-type"].startswith("text/html")
    assert [(seen.status, seen.applied) for seen in env.sandbox.calls] == [(302, False)] * 3
    renewed = (await env.refresh(granted["refresh_token"])).json()
    assert renewed["client_endpoint"] == "https://new.example/rest/"
    env.sandbox.moved_to = None
    assert (await call(env.sandbox, "profile")).status_code == 200


async def test_an_address_that_was_set_is_the_one_that_tokens_name(env: OAuthEnv) -> None:
    env.sandbox.address = "http://127.0.0.1:8123"
    assert (await env.back())["domain"] == "127.0.0.1:8123"
    assert (await env.tokens())["client_endpoint"] == "http://127.0.0.1:8123/rest/"


async def test_ids_and_secrets_are_made_up_where_none_are_given() -> None:
    sandbox = new_sandbox()
    first, second = sandbox.add_application(redirect=REDIRECT), sandbox.add_application(redirect=REDIRECT)
    assert first.client_id.startswith("local.")
    assert len({first.client_id, second.client_id, first.client_secret, second.client_secret}) == 4
