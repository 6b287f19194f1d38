"""Events that the portal delivers to an application's handler: `event.*`.

Only an application can bind a handler, a webhook cannot. Employees who are not administrators bind, see and unbind only
their own handlers. Events are delivered at most once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.wire import As

BookingEvent: TypeAlias = Literal["ONBOOKINGADD", "ONBOOKINGUPDATE", "ONBOOKINGDELETE"]
BOOKING_EVENTS: Final[tuple[BookingEvent, ...]] = ("ONBOOKINGADD", "ONBOOKINGUPDATE", "ONBOOKINGDELETE")

EVENT_NOT_FOUND: Final = Failure(
    code="event_not_found",
    what=Localized(en="The portal does not know this event.", ru="Портал не знает такого события."),
    why=Localized(
        en="Its version may be too old for it, or online booking is not in the plan.",
        ru="Возможно, версия портала для него слишком старая или онлайн-запись не входит в тариф.",
    ),
    next=Localized(
        en="Nothing has to be done: the bookings are looked at every now and then instead.",
        ru="Ничего делать не нужно: бронирования время от времени проверяются без событий.",
    ),
    who=Who.ADMIN,
)
EVENTS_DENIED: Final = Failure(
    code="events_denied",
    what=Localized(
        en="Bitrix24 does not let this employee receive events.",
        ru="Битрикс24 не разрешает этому сотруднику получать события.",
    ),
    why=Localized(
        en="The plan may not include applications, or the portal leaves events to administrators.",
        ru="Возможно, приложения не входят в тариф или события разрешены только администраторам портала.",
    ),
    next=Localized(
        en="Ask the administrator to check the portal's plan and the application's settings.",
        ru="Попросите администратора проверить тариф портала и настройки приложения.",
    ),
    who=Who.ADMIN,
)
_CODES: Final[Mapping[str, Failure]] = {"ACCESS_DENIED": EVENTS_DENIED}

_Event: TypeAlias = Annotated[str, As("event", "string")]
_Handler: TypeAlias = Annotated[str, As("handler", "string")]


class BindEvent(Method[bool]):
    """Bind a handler to an event."""

    rest = "event.bind"
    page = "events/event-bind.html"
    scope = ""
    effect = Effect.WRITE
    title = Localized(en="Bind an event", ru="Подписаться на событие")
    fails = {**_CODES, "ERROR_EVENT_NOT_FOUND": EVENT_NOT_FOUND}

    event: _Event
    handler: _Handler


class UnbindResult(BaseModel):
    """The number of handlers removed."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    count: int


class UnbindEvent(Method[UnbindResult]):
    """Unbind a handler from an event."""

    rest = "event.unbind"
    page = "events/event-unbind.html"
    scope = ""
    effect = Effect.WRITE
    title = Localized(en="Unbind an event", ru="Отписаться от события")
    fails = _CODES

    event: _Event
    handler: _Handler


class BoundHandler(BaseModel):
    """A handler bound to an event."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    event: str
    handler: str


class ListEventHandlers(Method[list[BoundHandler]]):
    """List the application's handlers; non-administrators see only their own."""

    rest = "event.get"
    page = "events/event-get.html"
    scope = ""
    effect = Effect.READ
    title = Localized(en="List event handlers", ru="Показать обработчики событий")
