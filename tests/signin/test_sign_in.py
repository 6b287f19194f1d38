"""Signing in at the wire: the address, the way back, the exchange, and everything that may be wrong with it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import JSONResponse

from linkdesk.errors.base import Trouble
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.signin.callback_page import callback_route
from linkdesk.signin.flow import SignInFlow
from linkdesk.storage.cipher import Cipher, new_key
from linkdesk.storage.database import Database
from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.storage.signin_attempts import Attempts
from linkdesk.storage.url import DatabaseAddress
from tests.support.authorization import CLIENT_ID, CLIENT_SECRET, MEMBER, ORIGIN, TOKEN_URL, Authorization
from tests.support.databases import KINDS, content_of, fresh_database


@dataclass
class Reception:
    """Everything a sign-in goes through, and the clock."""

    server: Authorization
    records: PortalTokens
    signing_in: SignInFlow
    database: str
    now: datetime

    async def state_for(self, who: str) -> str:
        (state,) = parse_qs(urlsplit(await self.signing_in.begin(who)).query)["state"]
        return state

    async def answer_for(self, who: str, user_id: int = 7) -> dict[str, str]:
        """Begin a sign-in and give what the browser comes back with."""
        state, code = await self.state_for(who), self.server.code_for(user_id)
        return {"state": state, "code": code, "domain": "salon.bitrix24.ru", "member_id": MEMBER}


def application(secret: str = CLIENT_SECRET, client_id: str = CLIENT_ID) -> Application:
    return Application(ORIGIN, client_id, SecretStr(secret), TOKEN_URL, "https://linkdesk.example.com")


@pytest.fixture(params=KINDS)
async def reception(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Reception]:
    with fresh_database(request.param, tmp_path / "store") as database:
        async with await Database.open(DatabaseAddress.parse(database)) as store:
            server = Authorization()
            records = PortalTokens(store, Cipher.of(SecretStr(new_key())), ORIGIN)
            attempts = Attempts(store, ORIGIN, now=lambda: here.now)
            endpoint = TokenEndpoint(application(), transport=server.transport())
            signing_in = SignInFlow(application(), endpoint, records, attempts)
            here = Reception(server, records, signing_in, database, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
            yield here
            await endpoint.aclose()


async def refusal(reception: Reception, query: dict[str, str]) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        await reception.signing_in.finish(query)
    return trouble.value


async def test_the_address_to_open_names_the_application_and_never_its_secret(reception: Reception) -> None:
    address = await reception.signing_in.begin("anna")
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ORIGIN}/oauth/authorize/"
    assert parse_qs(parts.query)["client_id"] == [CLIENT_ID]
    assert len(parse_qs(parts.query)["state"][0]) >= 40
    assert CLIENT_SECRET not in address


async def test_who_comes_back_is_signed_in_under_the_name_the_sign_in_was_begun_for(reception: Reception) -> None:
    ended = await reception.signing_in.finish(await reception.answer_for("anna", 7))
    assert (ended.who, ended.user_id, ended.origin) == ("anna", 7, ORIGIN)
    token = await reception.records.find("anna")
    assert token is not None
    assert (token.user_id, token.endpoint, token.member_id) == (7, f"{ORIGIN}/rest/", MEMBER)
    assert reception.server.valid[token.access] == 7


async def test_employees_are_kept_side_by_side(reception: Reception) -> None:
    await reception.signing_in.finish(await reception.answer_for("anna", 7))
    await reception.signing_in.finish(await reception.answer_for("boris", 8))
    assert await reception.records.employees() == ["anna", "boris"]
    assert await reception.records.delete("anna")
    assert not await reception.records.delete("anna")
    assert await reception.records.employees() == ["boris"]


async def test_a_second_sign_in_takes_the_place_of_the_first(reception: Reception) -> None:
    await reception.signing_in.finish(await reception.answer_for("anna", 7))
    await reception.signing_in.finish(await reception.answer_for("anna", 8))
    token = await reception.records.find("anna")
    assert token is not None
    assert (token.user_id, token.version) == (8, 2)


async def test_a_state_is_good_once(reception: Reception) -> None:
    query = await reception.answer_for("anna")
    await reception.signing_in.finish(query)
    assert (await refusal(reception, query)).failure.code == "sign_in_unknown"


@pytest.mark.parametrize("state", [None, "", "not-ours", "x" * 5000])
async def test_a_state_that_is_not_ours_is_refused_and_nothing_is_asked(
    reception: Reception, state: str | None
) -> None:
    query = await reception.answer_for("anna")
    foreign = {**query, "state": state} if state is not None else {"code": query["code"]}
    assert (await refusal(reception, foreign)).failure.code == "sign_in_unknown"
    assert reception.server.asked == []


async def test_a_state_is_good_for_ten_minutes(reception: Reception) -> None:
    query = await reception.answer_for("anna")
    reception.now += timedelta(minutes=10)
    assert (await refusal(reception, query)).failure.code == "sign_in_unknown"


async def test_a_code_used_twice_is_said(reception: Reception) -> None:
    first, second = await reception.answer_for("anna"), await reception.answer_for("anna")
    await reception.signing_in.finish(first)
    assert (await refusal(reception, {**second, "code": first["code"]})).failure.code == "sign_in_code_refused"


async def test_a_code_that_is_too_old_is_said_like_one_that_was_used(reception: Reception) -> None:
    query = await reception.answer_for("anna")
    reception.server.answer_instead = JSONResponse({"error": "expired_token"}, 401)
    assert (await refusal(reception, query)).failure.code == "sign_in_code_refused"


async def test_a_refusal_by_the_person_is_said(reception: Reception) -> None:
    query = await reception.answer_for("anna")
    trouble = await refusal(reception, {"state": query["state"], "error": "access_denied"})
    assert trouble.failure.code == "sign_in_denied"


async def test_a_way_back_from_another_portal_is_refused_before_anything_is_asked(reception: Reception) -> None:
    query = await reception.answer_for("anna")
    trouble = await refusal(reception, {**query, "domain": "evil.example.com"})
    assert (trouble.failure.code, trouble.facts["host"]) == ("other_portal", "evil.example.com")
    assert reception.server.asked == []


async def test_tokens_whose_calls_would_go_elsewhere_are_not_kept(reception: Reception) -> None:
    reception.server.origin = "https://salon.bitrix24.ru.evil.example.com"
    assert (await refusal(reception, await reception.answer_for("anna"))).failure.code == "other_portal"
    assert await reception.records.find("anna") is None


async def test_a_portal_that_answers_with_another_id_is_refused(reception: Reception) -> None:
    await reception.signing_in.finish(await reception.answer_for("anna"))
    reception.server.member_id = "ffffffff"
    query = {**await reception.answer_for("boris"), "member_id": "ffffffff"}
    assert (await refusal(reception, query)).failure.code == "other_portal_id"
    assert await reception.records.employees() == ["anna"]


async def test_a_way_back_that_names_another_id_than_the_tokens_is_refused(reception: Reception) -> None:
    query = {**await reception.answer_for("anna"), "member_id": "ffffffff"}
    assert (await refusal(reception, query)).failure.code == "other_portal_id"


async def test_a_portal_with_a_new_address_keeps_its_employees(tmp_path: Path) -> None:
    cipher = Cipher.of(SecretStr(new_key()))
    async with await Database.open(DatabaseAddress.of_file(tmp_path / "a.sqlite3")) as store:
        server = Authorization()
        endpoint = TokenEndpoint(application(), transport=server.transport())
        before = PortalTokens(store, cipher, ORIGIN)
        await before.save("anna", await endpoint.exchange(server.code_for(7)))
        server.origin = "https://new.bitrix24.ru"
        after = PortalTokens(store, cipher, server.origin)
        await after.save("boris", await endpoint.exchange(server.code_for(8)))
        assert await after.employees() == ["anna", "boris"]
        assert await before.employees() == []
        moved = await after.find("anna")
        assert moved is not None
        assert moved.endpoint == "https://new.bitrix24.ru/rest/"
        await endpoint.aclose()


async def test_neither_tokens_nor_states_are_in_the_database_in_clear(reception: Reception) -> None:
    query = await reception.answer_for("anna")
    open_state = await reception.state_for("boris")
    await reception.signing_in.finish(query)
    token = await reception.records.find("anna")
    assert token is not None
    content = content_of(reception.database)
    assert b"anna" in content
    for secret in (token.access, token.refresh, query["state"], open_state, query["code"], "planted"):
        assert secret.encode() not in content


async def test_the_secret_goes_to_the_token_endpoint_and_nowhere_else(reception: Reception) -> None:
    await reception.signing_in.finish(await reception.answer_for("anna"))
    assert reception.server.asked == ["authorization_code"]
    assert CLIENT_SECRET not in "".join(reception.server.seen_by_portal)


async def test_the_page_says_who_is_signed_in_and_keeps_the_code_to_itself(reception: Reception) -> None:
    app = Starlette(routes=[callback_route(reception.signing_in)])
    query = await reception.answer_for("<b>anna</b>")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://linkdesk.example.com") as http:
        good = await http.get("/oauth/callback", params=query)
        again = await http.get("/oauth/callback", params=query, headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    assert (good.status_code, again.status_code) == (200, 400)
    assert "&lt;b&gt;anna&lt;/b&gt; is signed in" in good.text
    assert "Начните заново" in again.text
    assert good.headers["referrer-policy"] == "no-referrer"
    assert not re.search("planted", good.text + again.text)


@pytest.mark.parametrize(("secret", "client_id"), [("wrong", CLIENT_ID), (CLIENT_SECRET, "local.other")])
async def test_wrong_keys_of_the_application_are_said(secret: str, client_id: str, tmp_path: Path) -> None:
    server = Authorization()
    wrong = application(secret, client_id)
    async with await Database.open(DatabaseAddress.of_file(tmp_path / "a.sqlite3")) as store:
        endpoint, attempts = TokenEndpoint(wrong, transport=server.transport()), Attempts(store, ORIGIN)
        signing_in = SignInFlow(wrong, endpoint, PortalTokens(store, Cipher.of(SecretStr(new_key())), ORIGIN), attempts)
        await attempts.begin("state", "anna")
        with pytest.raises(Trouble) as trouble:
            await signing_in.finish({"state": "state", "code": server.code_for(7)})
        await endpoint.aclose()
    assert trouble.value.failure.code == "wrong_application_keys"
    assert trouble.value.vendor_code in {"INVALID_CLIENT", "WRONG_CLIENT"}


async def test_tokens_without_a_user_are_kept_too(reception: Reception) -> None:
    answer = reception.server._grant(7)  # noqa: SLF001 - the answer, less one field
    del answer["user_id"]
    reception.server.answer_instead = JSONResponse(answer)
    ended = await reception.signing_in.finish(await reception.answer_for("anna"))
    assert ended.user_id is None
