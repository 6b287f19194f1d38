"""Linking one's own Bitrix24 account, end to end in process: bot, browser, our pages, and a portal with OAuth."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from telegram.request import HTTPXRequest

from bot.app.app import Transports, serve
from bot.app.wiring import StaffAccess
from bot.conversation.service import Conversation
from bot.telegram.request import TolerantRequest
from linkdesk.accounts.portal_accounts import Handover
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.signin import open_employee_portals, open_signin_store, open_tokens, portal_accounts
from linkdesk.bootstrap.signin_routes import routes
from linkdesk.bootstrap.stores import open_staff
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.portal.application import Application
from linkdesk.portal.throttle import LocalBucket, Throttle
from linkdesk.sandbox.app import Sandbox
from linkdesk.signin.cookie import BROWSER_KEY_PREFIX, COOKIE_NAME
from linkdesk.signin.credentials import EmployeeCredentials
from linkdesk.signin.flow import SignInFlow
from linkdesk.storage.cipher import new_key
from linkdesk.storage.database import Database
from linkdesk.storage.signin_handovers import LIFETIME, Handovers
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import KINDS, content_of, fresh_database
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi

ORIGIN, PUBLIC = "https://salon.example", "https://linkdesk.example"
START = f"{PUBLIC}/oauth/start"
KATE, STRANGER = 1002, 666


@dataclass
class Serving:
    """What our pages are told."""

    settings: Settings
    sandbox: bool = False


@dataclass
class SignInEnv:
    """Everything of one installation, and a browser."""

    settings: Settings
    sandbox: Sandbox
    stack: AsyncExitStack
    api: FakeBotApi = field(default_factory=FakeBotApi)
    pages: Starlette = field(init=False)

    async def open(self) -> None:
        transport = self.sandbox.transport()
        made = await self.stack.enter_async_context(routes(Serving(self.settings), transport=transport))
        self.pages = Starlette(routes=list(made))
        application = self.application
        tokens = await self.stack.enter_async_context(open_tokens(self.settings, application, transport=transport))
        pace = Throttle(LocalBucket(self.settings.rate, lambda: 0))
        employees = EmployeeCredentials(tokens, ORIGIN)
        portals = await self.stack.enter_async_context(open_employee_portals(employees, pace, transport))
        people = await self.stack.enter_async_context(open_staff(self.settings))
        desk = Desk(portals, host="salon.example")
        through: dict[str, Any] = {"httpx_kwargs": {"transport": self.api.transport}}
        wires, stopped = Transports(HTTPXRequest(**through), TolerantRequest(**through)), asyncio.Event()
        staffing = StaffAccess(people, portal_accounts(self.settings), "salon.example")
        # With a public address the bot would wait for a webhook; here it asks.
        asking = self.settings.model_copy(update={"public_url": None})
        serving = asyncio.create_task(serve(asking, Conversation(desk), wires, stopped, staff_access=staffing))

        async def stop() -> None:
            stopped.set()
            await serving

        self.stack.push_async_callback(stop)
        await self.api.until(lambda: serving.done() or self.api.called("getUpdates"))

    @property
    def application(self) -> Application:
        connection = self.settings.connection()
        assert isinstance(connection, Application)
        return connection

    def browser(self) -> httpx.AsyncClient:
        mounts = {f"all://{urlsplit(PUBLIC).netloc}": httpx.ASGITransport(self.pages)}
        client = httpx.AsyncClient(transport=self.sandbox.transport(), mounts=mounts, trust_env=False)
        self.stack.push_async_callback(client.aclose)
        return client

    async def redirect(self, browser: httpx.AsyncClient, user: int) -> str:
        """Begin at our page, say on the portal's who one is, and give where the browser is sent then."""
        begun = await browser.get(START)
        assert begun.status_code == 303
        answer = await browser.post(begun.headers["location"], data={"user_id": str(user)})
        return str(answer.headers["location"])

    async def code(self, user: int = 2, language: str = "en") -> str:
        """Sign in with a new browser, and give what the page's link makes a person send to the bot."""
        browser = self.browser()
        page = await browser.get(await self.redirect(browser, user), headers={"Accept-Language": language})
        assert page.status_code == 200, page.text
        link = re.search(r'href="https://t\.me/fake_bot\?start=([A-Za-z0-9_-]{1,64})"', page.text)
        assert link is not None, page.text
        return f"/start {link[1]}"

    async def said(self, text: str, user: int = KATE, **more: Any) -> BotMessage:  # noqa: ANN401 - as user_says takes it
        self.api.user_says(text, user_id=user, **more)
        (answer,) = await self.api.answer()
        return answer

    async def pressed(self, card: BotMessage, button: str, user: int = KATE) -> str:
        self.api.press(user, card.message_id, button)
        (answer,) = await self.api.answer()
        return answer.text

    async def signed_in(self) -> list[str]:
        async with open_signin_store(self.settings, self.application) as kept:
            return await kept.tokens.employees()


def settings_for(sandbox: Sandbox, folder: Path, **more: Any) -> Settings:  # noqa: ANN401 - any setting
    known = sandbox.add_application(redirect=f"{PUBLIC}/oauth/callback")
    return Settings.model_validate(
        {
            "portal": SecretStr(ORIGIN),
            "client_id": known.client_id,
            "client_secret": SecretStr(known.client_secret),
            "oauth_url": "https://oauth.example/oauth/token/",
            "public_url": PUBLIC,
            "secret_key": SecretStr(new_key()),
            "database": SecretStr(f"sqlite:///{folder}/linkdesk.sqlite3"),
            "telegram_token": SecretStr(TOKEN),
            "telegram_api": "http://127.0.0.1:1",
            "staff": {USER: Role.ADMIN, KATE: Role.EDITOR},
            **more,
        },
    )


@pytest.fixture
async def env(tmp_path: Path) -> AsyncIterator[SignInEnv]:
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(rate=None)
        opened = SignInEnv(settings_for(sandbox, tmp_path), sandbox, stack)
        await opened.open()
        yield opened


async def test_an_employee_links_their_own_account_and_works_with_its_rights(env: SignInEnv) -> None:
    assert "/signin" in (await env.said("/links 14")).text
    assert START in (await env.said("/signin")).text
    card = await env.said(await env.code(2))
    assert "salon.example" in card.text
    assert "user 2" in card.text
    assert [name.partition(":")[0] + ":" for name in await env.signed_in()] == [BROWSER_KEY_PREFIX]
    assert (await env.pressed(card, "Do it")).startswith("Linked")
    assert await env.signed_in() == ["telegram:1002"]
    me = (await env.said("/whoami")).text
    assert "employee: telegram:1002" in me
    assert "the permissions of user 2 “Kate Miller”" in me
    assert (await env.said("/bind activity 999 deal 1")).text.startswith("Bitrix24 does not let you change activity")
    assert "/signin" in (await env.said("/links 14", USER)).text


async def test_a_typed_yes_links_as_the_button_does(env: SignInEnv) -> None:
    await env.said(await env.code(1))
    env.api.user_says("да", user_id=KATE)
    stripped, done = await env.api.answer(2)
    assert (stripped.buttons, done.text.startswith("Linked")) == ([], True)
    assert (await env.said("/links 14")).text.startswith("Deals of booking 14")


async def test_the_page_binds_the_browser_with_a_cookie_that_scripts_and_other_sites_do_not_get(env: SignInEnv) -> None:
    begun = await env.browser().get(START)
    cookie = begun.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE_NAME)
    for flag in ("httponly", "secure", "samesite=lax", "path=/oauth", "max-age=600"):
        assert flag in cookie
    assert begun.headers["cache-control"] == "no-store"
    assert "client_secret" not in begun.headers["location"]


async def test_nobody_elses_way_back_is_accepted(env: SignInEnv) -> None:
    mine, other, fresh = env.browser(), env.browser(), env.browser()
    await env.redirect(other, 1)
    for browser in (other, fresh):
        refused = await browser.get(await env.redirect(mine, 2))
        assert refused.status_code == 400
        assert "t.me" not in refused.text
    forged = await fresh.get(await env.redirect(mine, 2), headers={"Cookie": f"{COOKIE_NAME}=x"})
    assert forged.status_code == 400
    assert await env.signed_in() == []


async def test_a_way_back_works_once(env: SignInEnv) -> None:
    browser = env.browser()
    back = await env.redirect(browser, 2)
    cookies = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 200
    again = await browser.get(back, headers={"Cookie": f"{COOKIE_NAME}={cookies[COOKIE_NAME]}"})
    assert again.status_code == 400


async def test_a_code_links_one_account_once(env: SignInEnv) -> None:
    start = await env.code(2)
    card = await env.said(start)
    assert (await env.said(start, USER)).text.startswith("This link has already been used")
    assert (await env.said(start)).text.startswith("This link has already been used")
    press = env.api.press_data(USER, card.message_id, card.keys[0]["callback_data"])
    await env.api.until(lambda: press in env.api.callback_answers)
    assert "Nothing was changed" in env.api.callback_answers[press]["text"]
    assert (await env.pressed(card, "Do it")).startswith("Linked")
    assert await env.signed_in() == ["telegram:1002"]


async def test_a_stranger_who_gets_hold_of_a_code_is_not_linked_and_does_not_use_it_up(env: SignInEnv) -> None:
    start = await env.code(2)
    assert str(STRANGER) in (await env.said(start, STRANGER)).text
    assert (await env.said(start)).buttons == ["Do it", "Cancel"]


async def test_a_no_forgets_the_sign_in(env: SignInEnv) -> None:
    card = await env.said(await env.code(2, "ru"))
    assert (await env.pressed(card, "Cancel")).startswith("Nothing was linked")
    assert await env.signed_in() == []


async def test_signing_in_again_takes_the_place_of_the_earlier_sign_in(env: SignInEnv) -> None:
    for user in (2, 1):
        await env.pressed(await env.said(await env.code(user)), "Do it")
    assert await env.signed_in() == ["telegram:1002"]
    async with open_signin_store(env.settings, env.application) as kept:
        token = await kept.tokens.find("telegram:1002")
    assert token is not None
    assert (token.user_id, token.version) == (1, 3)


async def test_logging_out_forgets_the_tokens_and_leaves_the_person_in(env: SignInEnv) -> None:
    await env.pressed(await env.said(await env.code(1)), "Do it")
    assert (await env.said("/logout")).text.startswith("You are signed out of Bitrix24")
    assert await env.signed_in() == []
    assert (await env.said("/links 14")).text.startswith("You have not signed in")
    assert (await env.said("/logout")).text.startswith("You are not signed in")


async def test_whoever_is_removed_is_signed_out_too(env: SignInEnv) -> None:
    made = (await env.said("/invite editor Ivan", USER)).text
    link = re.search(r"start=(\S+)", made)
    assert link is not None
    await env.said(f"/start {link[1]}", 1003)
    await env.pressed(await env.said(await env.code(1), 1003), "Do it", 1003)
    assert "1003 Ivan: editor; signed in to Bitrix24" in (await env.said("/people", USER)).text
    await env.said("/people remove Ivan", USER)
    assert await env.signed_in() == []


async def test_a_sign_in_begun_in_the_terminal_still_ends_on_the_page(env: SignInEnv) -> None:
    async with open_signin_store(env.settings, env.application) as kept:
        signing_in = SignInFlow(env.application, None, kept.tokens, kept.attempts)  # type: ignore[arg-type]
        address = await signing_in.begin("anna")
    browser = env.browser()
    back = await browser.post(address, data={"user_id": "1"})
    page = await browser.get(back.headers["location"])
    assert (page.status_code, "anna is signed in" in page.text) == (200, True)
    assert await env.signed_in() == ["anna"]


async def test_no_secret_is_kept_in_clear_or_logged(env: SignInEnv, capfd: pytest.CaptureFixture[str]) -> None:
    start = await env.code(2)
    code = start.partition(" ")[2].encode()
    content = content_of(
        f"sqlite:///{urlsplit(str(env.settings.database and env.settings.database.get_secret_value())).path[1:]}"
    )
    assert b"handovers" in content
    assert code not in content
    said = "".join(capfd.readouterr())
    assert code.decode() not in said


@pytest.mark.parametrize("kind", KINDS)
async def test_a_handover_is_taken_once_and_in_time(kind: str, tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    with fresh_database(kind, tmp_path / "store") as address:
        async with await Database.open(DatabaseAddress.parse(address)) as store:
            kept = Handovers(store, ORIGIN, now=lambda: now)
            handover = Handover("web:x", "Kate (user 2)")
            first, late = await kept.store(handover), await kept.store(handover)
            assert await Handovers(store, "https://other.example", now=lambda: now).take(first) is None
            taken = await asyncio.gather(*(kept.take(first) for _ in range(4)))
            assert [one for one in taken if one is not None] == [handover]
            now += LIFETIME
            assert await kept.take(late) is None
            now -= timedelta(seconds=1)
            assert await kept.take(late) is None


async def test_without_an_address_from_outside_the_bot_says_who_can_help(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(rate=None)
        env = SignInEnv(settings_for(sandbox, tmp_path, public_url=None), sandbox, stack)
        await env.open()
        assert "linkdesk signin --as telegram:1002" in (await env.said("/signin")).text


async def test_there_are_no_pages_where_nobody_signs_in() -> None:
    webhook = Settings.model_validate({"portal": SecretStr("https://salon.example/rest/1/abcdefgh/")})
    for serving in (Serving(webhook), Serving(Settings(), sandbox=True)):
        async with routes(serving) as made:
            assert list(made) == []
