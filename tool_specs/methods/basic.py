"""Methods that need no scope: granted scopes, server time, availability of a method."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.wire import As


class ListScopes(Method[list[str]]):
    """List the permissions that the webhook was given."""

    rest = "scope"
    page = "common/system/scope.html"
    scope = ""
    effect = Effect.READ
    title = Localized(en="List permissions", ru="Показать права")


class ServerTime(Method[datetime]):
    """Get the time on the portal's server: the cheapest call there is."""

    rest = "server.time"
    page = "common/system/server-time.html"
    scope = ""
    effect = Effect.READ
    title = Localized(en="Show the server's time", ru="Показать время сервера")


class MethodState(BaseModel):
    """Whether a method exists on the portal, and whether our permissions suffice for it."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    existing: Annotated[bool, Field(validation_alias="isExisting")]
    available: Annotated[bool, Field(validation_alias="isAvailable")]


def _lower(name: str) -> str:
    return name.lower()


class GetMethod(Method[MethodState]):
    """Look whether the portal has a method, and lets us call it."""

    rest = "method.get"
    page = "common/system/method-get.html"
    scope = ""
    effect = Effect.READ
    title = Localized(en="Look a method up", ru="Проверить метод")

    method: Annotated[str, As("name", "string", required=False, to=_lower)]
