"""Bulk requests: planned as a whole, carried out record by record."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.arguments import Deals, as_list, unique
from tool_specs.declaration.crm_ref import Deal, Id
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Toolset
from tool_specs.recipes.changes_and_plans import Recipe

MAX_BOOKINGS = 200


class LinkBookings(Recipe):
    """Link the same CRM deals to many bookings. Each keeps the deals it has; the answer names what failed and why."""

    effect = Effect.WRITE
    toolset = Toolset.BOOKINGS
    title = Localized(en="Link deals to many bookings", ru="Привязать сделки к нескольким бронированиям")
    intents = (Intent(Act.JOIN, "booking", "deal", many=True),)

    booking_ids: Annotated[
        list[Id],
        BeforeValidator(as_list),
        AfterValidator(unique),
        Field(description="Booking ids.", min_length=1, max_length=MAX_BOOKINGS),
    ]
    links: Deals


class MoveDealLinks(Recipe):
    """Move every link of a deal to another deal, on all bookings and waitlist entries that have it."""

    effect = Effect.DESTRUCTIVE
    toolset = Toolset.BOOKINGS
    title = Localized(en="Move a deal's links", ru="Перенести связи сделки")
    slash = Localized(en="relink deal {source} to deal {target}", ru="перепривязать сделка {source} на сделка {target}")
    intents = (Intent(Act.MOVE, "deal", "link"),)

    source: Annotated[Deal, Field(description="The deal that is linked now.")]
    target: Annotated[Deal, Field(description="The deal to link in its place.")]

    @model_validator(mode="after")
    def _two_deals(self) -> Self:
        if self.source == self.target:
            raise PydanticCustomError("same_item", "source and target must be different items")
        return self
