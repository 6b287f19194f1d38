"""The client's sign-in and its tokens against the sandbox's authorization server, in process, on one clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.errors.base import NoCredentials, PortalMoved, Refused, Trouble
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.application import Application
from linkdesk.portal.client import Portal
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.portal.token_refresh import TokenManager
from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.authorization import ACCESS_TOKEN_LIFETIME_S, CODE_LIFETIME_S, REFRESH_TOKEN_LIFETIME_S
from linkdesk.signin.callback_page import callback_route
from linkdesk.signin.credentials import EmployeeCredentials
from linkdesk.signin.flow import SignInFlow, SignInResult
from linkdesk.storage.cipher import Cipher, new_key
from linkdesk.storage.database import Database
from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.storage.signin_attempts import Attempts
from linkdesk.storage.url import DatabaseAddress
from tests.support.sandbox_client import FRIDAY
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.methods.activity_binding import AddActivityBinding
from tool_specs.methods.user import Profile

ORIGIN = "https://salon.example"
PUBLIC = "https://linkdesk.example"
BIND = AddActivityBinding(activity_id=999, target=CrmRef(type="deal", id=1))


@dataclass
class SignInEnv:
    """A sandbox and everything of the client's side that a sign-in needs; waiting moves the clock they share."""

    folder: Path
    stack: AsyncExitStack
    passed: float = 0
    sandbox: Sandbox = field(init=False)
    application: Application = field(init=False)
    browser: httpx.AsyncClient = field(init=False)
    endpoint: TokenEndpoint = field(init=False)
    signing_in: SignInFlow = field(init=False)
    records: PortalTokens = field(init=False)
    tokens: TokenManager = field(init=False)
    ended: list[SignInResult | Trouble] = field(default_factory=list[SignInResult | Trouble])

    async def open(self) -> None:
        self.sandbox = Sandbox(clock=self.now, sleep=self.sleep, rate=None)
        known = self.sandbox.add_application(redirect=f"{PUBLIC}/oauth/callback")
        self.application = Application(
            ORIGIN,
            known.client_id,
            SecretStr(known.client_secret),
            token_url="https://oauth.example/oauth/token/",
            public_url=PUBLIC,
        )
        store = await self.stack.enter_async_context(
            await Database.open(DatabaseAddress.parse(f"sqlite:///{self.folder}/linkdesk.sqlite3")),
        )
        self.records = PortalTokens(store, Cipher.of(SecretStr(new_key())), ORIGIN, now=self.now)
        self.endpoint = TokenEndpoint(self.application, transport=self.sandbox.transport())
        attempts = Attempts(store, ORIGIN, now=self.now)
        self.signing_in = SignInFlow(self.application, self.endpoint, self.records, attempts)
        self.tokens = TokenManager(self.application, self.endpoint, self.records, sleep=self.sleep)
        ours = Starlette(routes=[callback_route(self.signing_in, self._told)])
        mounts = {f"all://{urlsplit(PUBLIC).netloc}": httpx.ASGITransport(ours)}
        self.browser = httpx.AsyncClient(transport=self.sandbox.transport(), mounts=mounts, trust_env=False)
        for what in (self.browser, self.endpoint, self.tokens):
            self.stack.push_async_callback(what.aclose)

    def now(self) -> datetime:
        return FRIDAY.astimezone(UTC) + timedelta(seconds=self.passed)

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds
        await asyncio.sleep(0)

    async def _told(self, how: SignInResult | Trouble) -> None:
        self.ended.append(how)

    async def redirect_for(self, who: str, user_id: int) -> str:
        """Begin a sign-in, say on the portal's page who one is, and give where the browser is sent."""
        answer = await self.browser.post(await self.signing_in.begin(who), data={"user_id": str(user_id)})
        return str(answer.headers["location"])

    async def sign_in(self, who: str, user_id: int) -> httpx.Response:
        return await self.browser.get(await self.redirect_for(who, user_id))

    async def portal_of(self, who: str) -> Portal:
        """Give the portal with this employee's own rights."""
        way = await EmployeeCredentials(self.tokens, ORIGIN).credentials_for(Actor(who, Face.CHAT, Role.EDITOR))
        portal = Portal(
            way,
            transport=self.sandbox.transport(),
            clock=lambda: self.passed,
            now=lambda: self.now().timestamp(),
            sleep=self.sleep,
        )
        return await self.stack.enter_async_context(portal)

    def renewals(self) -> int:
        asked = [seen for seen in self.sandbox.token_requests if seen.params == {"grant_type": "refresh_token"}]
        return len(asked)


@pytest.fixture
async def env(tmp_path: Path) -> AsyncIterator[SignInEnv]:
    async with AsyncExitStack() as stack:
        opened = SignInEnv(tmp_path, stack)
        await opened.open()
        yield opened


async def test_an_employee_works_with_their_own_rights(env: SignInEnv) -> None:
    assert (await env.sign_in("kate", 2)).status_code == 200
    assert (await env.sign_in("alex", 1)).status_code == 200
    assert [ended.user_id for ended in env.ended if isinstance(ended, SignInResult)] == [2, 1]
    kate, alex = await env.portal_of("kate"), await env.portal_of("alex")
    assert ((await kate(Profile())).id, (await alex(Profile())).id) == (2, 1)
    with pytest.raises(Refused) as refused:
        await kate(BIND)
    assert refused.value.code == "ACCESS_DENIED"
    assert await alex(BIND) is True
    assert [seen.applied for seen in env.sandbox.calls if seen.method == BIND.rest] == [False, True]


async def test_an_employee_who_did_not_sign_in_is_told_how(env: SignInEnv) -> None:
    with pytest.raises(Trouble) as trouble:
        await env.portal_of("kate")
    assert trouble.value.failure is sign_in_errors.NOT_SIGNED_IN
    assert env.sandbox.calls == []


async def test_an_expired_token_is_renewed_once_and_the_call_goes_on(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    env.passed += ACCESS_TOKEN_LIFETIME_S
    assert await alex(BIND) is True
    assert (await alex(Profile())).id == 1
    assert env.renewals() == 1
    assert [seen.status for seen in env.sandbox.calls] == [401, 200, 200]


async def test_ten_tasks_that_meet_an_expired_token_renew_it_once(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    portals = [await env.portal_of("alex") for _ in range(10)]
    env.passed += ACCESS_TOKEN_LIFETIME_S
    assert [me.id for me in await asyncio.gather(*(portal(Profile()) for portal in portals))] == [1] * 10
    assert env.renewals() == 1


async def test_renewals_go_on_for_as_long_as_each_brings_a_new_refresh_token(env: SignInEnv) -> None:
    await env.sign_in("kate", 2)
    kate = await env.portal_of("kate")
    for _ in range(3):
        env.passed += ACCESS_TOKEN_LIFETIME_S
        assert (await kate(Profile())).id == 2
    assert env.renewals() == 3


async def test_a_refresh_token_that_somebody_else_used_up_ends_the_sign_in(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    kept = await env.records.find("alex")
    assert kept is not None
    await env.endpoint.refresh(kept.refresh)
    env.passed += ACCESS_TOKEN_LIFETIME_S
    with pytest.raises(NoCredentials) as refused:
        await alex(Profile())
    assert refused.value.failure is sign_in_errors.SIGN_IN_ENDED
    asked = env.renewals()
    with pytest.raises(Trouble) as trouble:
        await env.portal_of("alex")
    assert trouble.value.failure is sign_in_errors.SIGN_IN_ENDED
    assert env.renewals() == asked
    await env.sign_in("alex", 1)
    assert (await (await env.portal_of("alex"))(Profile())).id == 1


async def test_a_sign_in_that_nobody_used_for_half_a_year_ends(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    env.passed += REFRESH_TOKEN_LIFETIME_S
    with pytest.raises(NoCredentials) as refused:
        await alex(Profile())
    assert refused.value.failure is sign_in_errors.SIGN_IN_ENDED


async def test_a_lost_answer_of_the_token_endpoint_costs_the_sign_in_and_a_lost_request_does_not(
    env: SignInEnv,
) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    env.passed += ACCESS_TOKEN_LIFETIME_S
    for kind in ("reset_before", "http_500_html", "empty_body"):
        env.sandbox.add_fault("oauth.token", kind)
        with pytest.raises(NoCredentials) as refused:
            await alex(Profile())
        assert refused.value.failure is not sign_in_errors.SIGN_IN_ENDED
    assert (await alex(Profile())).id == 1
    env.passed += ACCESS_TOKEN_LIFETIME_S
    env.sandbox.add_fault("oauth.token", "reset_after_commit")
    for failure in (sign_in_errors.AUTHORIZATION_NOT_REACHED, sign_in_errors.SIGN_IN_ENDED):
        with pytest.raises(NoCredentials) as refused:
            await alex(Profile())
        assert refused.value.failure is failure


async def test_expired_token_on_order_is_renewed_too(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    env.sandbox.add_fault(BIND.rest, "expired_token")
    assert await alex(BIND) is True
    assert env.renewals() == 1


async def test_a_scope_that_the_application_lacks_is_refused_as_such(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    env.sandbox.authorization.applications[env.application.client_id].scopes = ("booking",)
    with pytest.raises(Refused) as refused:
        await (await env.portal_of("alex"))(BIND)
    assert refused.value.code == "insufficient_scope"
    assert env.renewals() == 0


async def test_a_code_that_is_used_twice_or_too_old_signs_nobody_in(env: SignInEnv) -> None:
    address = await env.redirect_for("kate", 2)
    code = dict(parse_qsl(urlsplit(address).query))["code"]
    await env.endpoint.exchange(code)
    late = await env.redirect_for("alex", 1)
    env.passed += CODE_LIFETIME_S
    for where in (address, late):
        assert (await env.browser.get(where)).status_code == 400
    assert [ended.failure for ended in env.ended if isinstance(ended, Trouble)] == [sign_in_errors.CODE_REFUSED] * 2
    assert await env.records.employees() == []


async def test_a_portal_that_answers_for_another_member_is_not_signed_in_to(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    env.sandbox.authorization.member_id = "ff" * 16
    await env.sign_in("kate", 2)
    assert isinstance(env.ended[-1], Trouble)
    assert env.ended[-1].failure is sign_in_errors.OTHER_MEMBER
    env.passed += ACCESS_TOKEN_LIFETIME_S
    with pytest.raises(NoCredentials) as refused:
        await (await env.portal_of("alex"))(Profile())
    assert refused.value.failure is sign_in_errors.OTHER_MEMBER


async def test_a_call_is_not_sent_after_a_portal_that_moved(env: SignInEnv) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    env.sandbox.moved_to = "https://new.example"
    with pytest.raises(PortalMoved) as moved:
        await alex(BIND)
    assert moved.value.host == "new.example"
    assert [(seen.status, seen.applied) for seen in env.sandbox.calls] == [(302, False)]


@pytest.mark.parametrize(("name", "code"), [("installed", "NOT_INSTALLED"), ("paid", "PAYMENT_REQUIRED")])
async def test_an_application_that_is_shut_does_not_end_the_sign_in(env: SignInEnv, name: str, code: str) -> None:
    await env.sign_in("alex", 1)
    alex = await env.portal_of("alex")
    env.passed += ACCESS_TOKEN_LIFETIME_S
    known = env.sandbox.authorization.applications[env.application.client_id]
    setattr(known, name, False)
    with pytest.raises(NoCredentials) as refused:
        await alex(Profile())
    assert refused.value.failure is sign_in_errors.TOKEN_ENDPOINT[code]
    setattr(known, name, True)
    assert (await alex(Profile())).id == 1
