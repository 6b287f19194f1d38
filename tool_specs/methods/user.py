"""The portal's users: `user.*` and `profile`. Ids are strings here, keys in upper case."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from tool_specs.declaration.crm_ref import Id
from tool_specs.declaration.listing import PAGE_SIZE, ListMethod
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.wire import As, Json


class User(BaseModel):
    """An employee, with the fields that the granted scopes make visible."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: Annotated[int, Field(validation_alias="ID")]
    active: Annotated[bool | None, Field(validation_alias="ACTIVE")] = None
    name: Annotated[str | None, Field(validation_alias="NAME")] = None
    last_name: Annotated[str | None, Field(validation_alias="LAST_NAME")] = None

    @property
    def label(self) -> str:
        """First and last name."""
        return f"{self.name or ''} {self.last_name or ''}".strip()


class OwnProfile(User):
    """The user of the webhook, with the fields that need no scope."""

    admin: Annotated[bool | None, Field(validation_alias="ADMIN")] = None
    timezone: Annotated[str | None, Field(validation_alias="TIME_ZONE")] = None


class CurrentUser(Method[User]):
    """Get the user whose rights the webhook uses."""

    rest = "user.current"
    page = "user/user-current.html"
    scope = "user"
    effect = Effect.READ
    title = Localized(en="Show the current user", ru="Показать текущего пользователя")


def _by_id(ids: list[int]) -> Json:
    return {"ID": ids}


def _ids_of(conditions: Json) -> Json:
    match conditions:
        case {"ID": ids, **others} if not others:
            return ids
        case _:
            return conditions


_IDS: Final = As("FILTER", "object", to=_by_id, back=_ids_of)


class GetUsers(ListMethod[list[User]]):
    """Get users by their ids."""

    rest = "user.get"
    page = "user/user-get.html"
    scope = "user"
    effect = Effect.READ
    title = Localized(en="Show users", ru="Показать пользователей")

    ids: Annotated[list[Id], _IDS, Field(min_length=1, max_length=PAGE_SIZE)]


class Profile(Method[OwnProfile]):
    """Get the user of the webhook, and whether they are an administrator."""

    rest = "profile"
    page = "common/users/profile.html"
    scope = ""
    effect = Effect.READ
    title = Localized(en="Show the profile", ru="Показать профиль")
