"""Settings of messages to clients, shared by resources and resource types.

They are sent under the names that `get` returns: the server silently ignores the shorter names in its documentation
(`infoDelay`, …), and flags that are not exactly `Y` or `N`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AliasChoices, BaseModel, Field

from tool_specs.declaration.wire import As, Json, in_fields


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 - the value of a codec
    return "Y" if value else "N"


def from_yes_or_no(value: object) -> object:
    """Convert the vendor's flag to a boolean; return anything else unchanged."""
    return {"Y": True, "N": False}.get(value, value) if isinstance(value, str) else value


flag: Final = partial(in_fields, kind="string", to=_yes_or_no, back=from_yes_or_no)
_template: Final = partial(in_fields, kind="string")

Template: TypeAlias = Literal["inanimate", "animate"]
Seconds: TypeAlias = Annotated[int, Field(ge=0, le=31_536_000)]


def _also(name: str, documented: str) -> Any:  # noqa: ANN401 - as pydantic's own Field
    """Build a field that also accepts the name in the vendor's documentation."""
    return Field(validation_alias=AliasChoices(name, documented))


_KIND: Final = Field(description="animate: to a person; inanimate: a thing or room.")


class MessageSettings(BaseModel):
    """The settings that resources and their types share; omitted ones keep their value or the portal's default."""

    confirmation_notification: Annotated[
        bool | None, flag("isConfirmationNotificationOn"), Field(description="Ask the client to confirm.")
    ] = None
    confirmation_template: Annotated[
        Template | None,
        _template("templateTypeConfirmation"),
        _KIND,
    ] = None
    confirmation_delay_seconds: Annotated[
        Seconds | None,
        in_fields("confirmationNotificationDelay"),
        _also("confirmation_delay_seconds", "confirmationDelay"),
        Field(description="Before the visit."),
    ] = None
    confirmation_repetitions: Annotated[
        int | None,
        in_fields("confirmationNotificationRepetitions"),
        _also("confirmation_repetitions", "confirmationRepetitions"),
        Field(ge=0, le=100, description="Further requests."),
    ] = None
    confirmation_repetitions_interval_seconds: Annotated[
        Seconds | None,
        in_fields("confirmationNotificationRepetitionsInterval"),
        _also("confirmation_repetitions_interval_seconds", "confirmationRepetitionsInterval"),
        Field(description="Between them."),
    ] = None
    confirmation_counter_delay_seconds: Annotated[
        Seconds | None,
        in_fields("confirmationCounterDelay"),
        Field(description="Before the visit: show staff that it is unconfirmed."),
    ] = None
    reminder_notification: Annotated[
        bool | None, flag("isReminderNotificationOn"), Field(description="Remind the client.")
    ] = None
    reminder_delay_seconds: Annotated[
        int | None,
        in_fields("reminderNotificationDelay"),
        _also("reminder_delay_seconds", "reminderDelay"),
        Field(ge=-1, le=31_536_000, description="Before the visit; -1: that morning."),
    ] = None
    feedback_notification: Annotated[
        bool | None, flag("isFeedbackNotificationOn"), Field(description="Ask how it was.")
    ] = None
    feedback_template: Annotated[Template | None, _template("templateTypeFeedback"), _KIND] = None
    delayed_notification: Annotated[
        bool | None, flag("isDelayedNotificationOn"), Field(description="Write to a client who is late.")
    ] = None
    delayed_template: Annotated[Template | None, _template("templateTypeDelayed"), _KIND] = None
    delayed_delay_seconds: Annotated[
        Seconds | None,
        in_fields("delayedNotificationDelay"),
        _also("delayed_delay_seconds", "delayedDelay"),
        Field(description="After the start."),
    ] = None
    delayed_counter_delay_seconds: Annotated[
        Seconds | None, in_fields("delayedCounterDelay"), Field(description="After the start: show staff.")
    ] = None
    info_delay_seconds: Annotated[
        Seconds | None,
        in_fields("infoNotificationDelay"),
        _also("info_delay_seconds", "infoDelay"),
        Field(description="After booking."),
    ] = None


class ResourceSettings(MessageSettings):
    """The settings of a resource; a type lacks the switch and the template of the booking message."""

    info_notification: Annotated[
        bool | None, flag("isInfoNotificationOn"), Field(description="Tell the client of the booking.")
    ] = None
    info_template: Annotated[Template | None, _template("templateTypeInfo"), _KIND] = None


def settings_of(answer: Mapping[str, Json]) -> dict[str, Any]:
    """Extract the settings from the answer of `get` or `list`, under our names."""
    ways = {
        name: next(item for item in field.metadata if isinstance(item, As))
        for name, field in ResourceSettings.model_fields.items()
    }
    return {name: way.decode(answer) for name, way in ways.items() if way.name in answer}
