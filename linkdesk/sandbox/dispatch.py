"""Dispatch a request: limits, injected failures, checks, the method, the response.

Order of checks, as read in the server's code: the method exists, the caller is known, the scope is granted, and then
the method's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linkdesk.sandbox.authorization import Authorization
from linkdesk.sandbox.batch import MAX_COMMANDS, halts_on_error, parse_commands
from linkdesk.sandbox.call import Access, Call
from linkdesk.sandbox.event_sender import EventSender
from linkdesk.sandbox.faults import ConnectionBroken, Fault, FaultKind, Faults, RecordedCall
from linkdesk.sandbox.limits import LeakyBucket, MethodTimeMeter
from linkdesk.sandbox.methods import BATCH, SERVED_METHODS, ServedMethod
from linkdesk.sandbox.paging import Page
from linkdesk.sandbox.parameters import validate_parameters
from linkdesk.sandbox.php_array import as_json, lower_keys
from linkdesk.sandbox.rest_error import RestError, crm_error, system_error
from linkdesk.sandbox.rest_response import NO_BODY, SERVER_ERROR, RestResponse, redirect, timing
from linkdesk.sandbox.store import Store
from tool_specs.declaration.wire import Json


@dataclass(frozen=True, slots=True)
class RequestCredentials:
    """A request's credentials: a webhook's user and secret, or a token."""

    secret: str | None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class CallCosts:
    """Seconds that a call is said to have taken."""

    read: float = 0.03
    write: float = 0.12


@dataclass(slots=True)
class Dispatcher:
    """Answers requests out of a store."""

    store: Store
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    bucket: LeakyBucket | None
    operating: MethodTimeMeter
    string_codes: bool = False
    ids_in_objects: bool = False
    changed: Callable[[], None] = lambda: None
    """Is told of every write."""
    costs: CallCosts = field(default_factory=CallCosts)
    keys: dict[RequestCredentials, Access] = field(default_factory=dict[RequestCredentials, Access])
    authorization: Authorization = field(default_factory=Authorization)
    address: str | None = None
    """Scheme and host of the portal; None is that under which an employee signed in."""
    moved_to: str | None = None
    """Scheme and host that the portal has now: all calls here are redirected there."""
    posting: EventSender = field(default_factory=EventSender)
    """Brings events to those who bound them."""
    faults: Faults = field(default_factory=Faults)
    calls: list[RecordedCall] = field(default_factory=list[RecordedCall])
    token_requests: list[RecordedCall] = field(default_factory=list[RecordedCall])

    def origin(self, seen: str) -> str:
        """Return the portal's address as the authorization server knows it."""
        return (self.moved_to or self.address or seen).rstrip("/")

    def redirected(self, method: str, params: dict[str, Json], target: str) -> RestResponse:
        """Answer a call of the portal's old address."""
        return self._closed(RecordedCall(_usual_spelling(method), params), redirect(target))

    async def answer(self, method: str, params: dict[str, Json], key: RequestCredentials) -> RestResponse:
        """Answer one request.

        Raises:
            ConnectionBroken: a failure on order wants no answer.
        """
        seen = RecordedCall(_usual_spelling(method), params)
        if self.bucket is not None and not self.bucket.admit(self.clock().timestamp()):
            return self._refused(seen, system_error("QUERY_LIMIT_EXCEEDED"))
        if method.lower() == BATCH:
            return await self._batch(seen, params, key)
        return await self._call(seen, key)

    async def _call(self, seen: RecordedCall, key: RequestCredentials) -> RestResponse:
        """Do one call, alone or out of a batch."""
        fault = self.faults.take(seen.method)
        seen.fault = fault.kind if fault else None
        if (instead := self._fault_response(seen, fault, key)) is not None:
            return instead
        try:
            answer = self._done(seen, key)
        except RestError as refusal:
            answer = self._refused(seen, refusal)
        await self._after(seen, fault)
        return answer

    def _fault_response(self, seen: RecordedCall, fault: Fault | None, key: RequestCredentials) -> RestResponse | None:
        """Answer what a failure answers in place of the method."""
        match fault.kind if fault else None:
            case FaultKind.RESET_BEFORE:
                self.calls.append(seen)
                raise ConnectionBroken("the connection was broken before anything was done")
            case FaultKind.HTTP_500_HTML:
                return self._closed(seen, SERVER_ERROR)
            case FaultKind.EMPTY_BODY:
                return self._closed(seen, NO_BODY)
            case FaultKind.QUERY_LIMIT:
                refusal = system_error("QUERY_LIMIT_EXCEEDED")
            case FaultKind.OPERATION_TIME_LIMIT:
                refusal = self._out_of_time(self._quota_owner(key, seen.method))
            case FaultKind.EXPIRED_TOKEN:
                refusal = system_error("expired_token")
            case FaultKind.NO_RIGHTS:
                refusal = _no_rights(seen.method)
            case _:
                return None
        return self._refused(seen, refusal)

    async def _after(self, seen: RecordedCall, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.kind is FaultKind.SLOW:
            await self.sleep(fault.seconds)
        if fault.kind is FaultKind.RESET_AFTER_COMMIT:
            seen.status = None
            raise ConnectionBroken("the connection was broken after the call was done")

    def _done(self, seen: RecordedCall, key: RequestCredentials) -> RestResponse:
        served, access = self._admitted(seen.method, key)
        now = self.clock()
        work = self._quota_owner(key, served.name)
        if self.operating.exhausted(work, now.timestamp()):
            raise self._out_of_time(work)
        if served.scope == "booking" and not self.store.booking_tool:
            raise RestError("0", "Booking tool is disabled. Please contact your administrator.")
        call = Call(
            lower_keys(seen.params)
            if served.parameters is None
            else validate_parameters(served.parameters, seen.params),
            access,
            self.store.users[access.user_id],
            self.store,
            now,
            self.ids_in_objects,
        )
        result = served.handler(call)
        page = result if isinstance(result, Page) else Page(result)
        seconds = self.costs.write if served.writes else self.costs.read
        self.operating.spend(work, now.timestamp(), seconds)
        seen.applied = served.writes
        if served.writes:
            self.posting.send(
                call.events,
                self.store.handlers.values(),
                self.authorization,
                user_id=access.user_id,
                now=now.timestamp(),
                origin=self.origin("http://127.0.0.1"),
            )
            self.changed()
        time = self._time(now, seconds, work)
        return self._closed(seen, RestResponse(200, {"result": page.result, **page.extra_keys(), "time": time}))

    def _admitted(self, method: str, key: RequestCredentials) -> tuple[ServedMethod, Access]:
        served = SERVED_METHODS.get(method.lower())
        if served is None:
            raise system_error("ERROR_METHOD_NOT_FOUND")
        access = self._known(key)
        if not served.granted_by(access.scopes):
            raise system_error("insufficient_scope")
        return served, access

    def _known(self, key: RequestCredentials) -> Access:
        access = self.keys.get(key)
        if access is None and key.user_id is None:
            access = self.authorization.authenticate(key.secret, self.clock().timestamp())
            if access.user_id not in self.store.users:
                raise system_error("authorization_error")
        if access is None or access.user_id not in self.store.users:
            raise system_error("NO_AUTH_FOUND" if key.user_id is None else "INVALID_CREDENTIALS")
        return access

    def _quota_owner(self, key: RequestCredentials, method: str) -> tuple[Hashable, str]:
        """Return whose work it is: an application's, by whichever of its tokens it comes, or a webhook's."""
        grant = self.authorization.access.get(key.secret or "") if key.user_id is None else None
        return (grant.client_id if grant else key, method)

    def _out_of_time(self, work: tuple[Hashable, str]) -> RestError:
        now = self.clock().timestamp()
        spent, reset_at = self.operating.spent(work, now), self.operating.reset_at(work, now)
        return system_error("OPERATION_TIME_LIMIT", time={"operating": spent, "operating_reset_at": reset_at})

    def _time(self, now: datetime, seconds: float, work: tuple[Hashable, str]) -> dict[str, Json]:
        at = now.timestamp()
        return timing(now, seconds, self.operating.spent(work, at), self.operating.reset_at(work, at))

    def _refused(self, seen: RecordedCall, refusal: RestError) -> RestResponse:
        integers = not self.string_codes and seen.method.lower().startswith("booking.")
        return self._closed(seen, RestResponse(refusal.status, refusal.body(integer_codes=integers)))

    def _closed(self, seen: RecordedCall, answer: RestResponse) -> RestResponse:
        seen.status = answer.status
        self.calls.append(seen)
        return answer

    async def _batch(self, seen: RecordedCall, params: Mapping[str, Json], key: RequestCredentials) -> RestResponse:
        fault = self.faults.take(BATCH)
        seen.fault = fault.kind if fault else None
        if (instead := self._fault_response(seen, fault, key)) is not None:
            return instead
        started = self.clock()
        try:
            self._known(key)
        except RestError as refusal:
            return self._refused(seen, refusal)
        before = len(self.calls)
        parts = await self._commands(params, key)
        if isinstance(parts, RestResponse):
            return parts
        for inner in self.calls[before:] if fault else []:
            inner.fault = inner.fault or seen.fault
            inner.status = None if seen.fault is FaultKind.RESET_AFTER_COMMIT else inner.status
        await self._after(seen, fault)
        time = timing(
            started, self.costs.read, 0, self.operating.reset_at(self._quota_owner(key, BATCH), started.timestamp())
        )
        return RestResponse(200, {"result": parts, "time": time})

    async def _commands(self, params: Mapping[str, Json], key: RequestCredentials) -> dict[str, Json] | RestResponse:
        """Do the commands one by one; an answer that is no JSON stands for the whole batch."""
        results: dict[str, Json] = {}
        errors: dict[str, Json] = {}
        times: dict[str, Json] = {}
        totals: dict[str, Json] = {}
        nexts: dict[str, Json] = {}
        for number, command in enumerate(parse_commands(params)):
            seen = RecordedCall(_usual_spelling(command.method), command.params(results))
            if number >= MAX_COMMANDS:
                answer = self._refused(seen, system_error("ERROR_BATCH_LENGTH_EXCEEDED"))
            elif command.method.lower() == BATCH:
                answer = self._refused(seen, system_error("ERROR_BATCH_METHOD_NOT_ALLOWED"))
            else:
                answer = await self._call(seen, key)
            if isinstance(answer.body, str):
                return answer
            if "error" in answer.body:
                errors[command.key] = answer.body
                if halts_on_error(params):
                    break
            else:
                results[command.key] = answer.body["result"]
                times[command.key] = answer.body["time"]
                for beside, name in ((totals, "total"), (nexts, "next")):
                    if name in answer.body:
                        beside[command.key] = answer.body[name]
        return {
            "result": as_json(results),
            "result_error": as_json(errors),
            "result_total": as_json(totals),
            "result_next": as_json(nexts),
            "result_time": as_json(times),
        }


def _usual_spelling(method: str) -> str:
    """Return a method's usual spelling, whichever way the caller wrote it."""
    served = SERVED_METHODS.get(method.lower())
    return served.name if served else BATCH if method.lower() == BATCH else method


def _no_rights(method: str) -> RestError:
    """Refuse as the method would: booking methods know no rights, so there it is the portal's plan."""
    if method.lower() == "crm.activity.get":
        return RestError("", "Access denied.")
    return crm_error("ACCESS_DENIED") if method.lower().startswith("crm.") else system_error("ACCESS_DENIED")
