"""Handlers of events: `event.bind`, `event.unbind`, `event.get`. Only applications have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.rest_error import RestError, system_error
from linkdesk.sandbox.store import EventHandler
from tool_specs.declaration.wire import Json

ADDED, UPDATED, DELETED = "ONBOOKINGADD", "ONBOOKINGUPDATE", "ONBOOKINGDELETE"
SENT: Final = frozenset({ADDED, UPDATED, DELETED})
"""Events that this portal sends."""
KNOWN: Final = SENT | {
    f"ON{noun}{verb}"
    for noun in ("BOOKINGRESOURCE", "BOOKINGRESOURCETYPE", "BOOKINGWAITLISTITEM", "CRMLEAD", "CRMDEAL", "CRMCONTACT")
    for verb in ("ADD", "UPDATE", "DELETE")
}
"""Events that may be bound: those of the portal that somebody may bind beside ours, which never come here."""
OFFLINE: Final = "offline"


def bind(call: Call) -> Json:
    """Answer `event.bind`; to bind the same again changes nothing."""
    application = _application(call)
    event = str(call.params["event"]).upper()
    if event not in KNOWN:
        raise RestError("ERROR_EVENT_NOT_FOUND", "Event not found")
    offline = _offline(call, "binding")
    wanted = EventHandler(
        id=0,
        application=application,
        event=event,
        handler=call.params["handler"],
        auth_type=_auth_type(call, "binding") or 0,
        offline=offline,
    )
    if all(_same(known) != _same(wanted) for known in call.store.handlers.values()):
        number = call.store.new_id("handler")
        call.store.handlers[number] = wanted.model_copy(update={"id": number})
    return True


def unbind(call: Call) -> Json:
    """Answer `event.unbind`: the number of handlers that were taken away."""
    application = _application(call)
    offline, auth_type = _offline(call, "unbinding"), _auth_type(call, "unbinding")
    gone = [
        known
        for known in call.store.handlers.values()
        if (known.application, known.event, known.handler, known.offline)
        == (application, str(call.params["event"]).upper(), call.params["handler"], offline)
        and auth_type in (None, known.auth_type)
    ]
    for known in gone:
        del call.store.handlers[known.id]
    return {"count": len(gone)}


def list_handlers(call: Call) -> Json:
    """Answer `event.get`: to an administrator all handlers of the application, to others their own."""
    application = _application(call)
    return [
        {
            "event": known.event,
            "handler": known.handler,
            "auth_type": str(known.auth_type),
            "offline": int(known.offline),
        }
        for known in call.store.handlers.values()
        if known.application == application and (call.user.admin or known.auth_type == call.user.id)
    ]


def _application(call: Call) -> str:
    if call.access.application is None:
        raise system_error("WRONG_AUTH_TYPE")
    return call.access.application


def _offline(call: Call, doing: str) -> bool:
    offline = str(call.params.get("event_type", "")).lower() == OFFLINE
    if offline and not call.user.admin:
        message = f"Access denied! Offline events {doing} requires administrator access rights"
        raise RestError("ACCESS_DENIED", message, 403)
    return offline


def _auth_type(call: Call, doing: str) -> int | None:
    """Return whose tokens are meant: for who is no administrator, always their own."""
    given: int | None = call.params.get("auth_type")
    if call.user.admin:
        return given
    if given not in (None, call.user.id):
        message = f"Access denied! Event {doing} with AUTH_TYPE requires administrator access rights"
        raise RestError("ACCESS_DENIED", message, 403)
    return call.user.id


def _same(one: EventHandler) -> tuple[Json, ...]:
    return (one.application, one.event, one.handler, one.auth_type, one.offline)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of events."""
    yield "event.bind", bind
    yield "event.unbind", unbind
    yield "event.get", list_handlers
