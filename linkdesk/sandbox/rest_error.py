"""Errors as the portal words them: code, HTTP status and text.

Source: `errors.json` of the project's notes; where docs and server code disagree on a status, the server code wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkdesk.sandbox.store import User
from tool_specs.declaration.wire import Json

SYSTEM: Final[Mapping[str, tuple[int, str]]] = {
    "ERROR_METHOD_NOT_FOUND": (404, "Method not found!"),
    "NO_AUTH_FOUND": (401, "Wrong authorization data"),
    "INVALID_CREDENTIALS": (401, "Invalid request credentials"),
    "expired_token": (401, "The access token provided has expired."),
    "invalid_token": (401, "Unable to get application by token"),
    "authorization_error": (401, "Unable to authorize user"),
    "NOT_INSTALLED": (401, "Application not installed"),
    "PAYMENT_REQUIRED": (401, "Subscription has been ended"),
    "insufficient_scope": (401, "The request requires higher privileges than provided by the webhook token"),
    "ACCESS_DENIED": (403, "REST API is available only on commercial plans."),
    "WRONG_AUTH_TYPE": (403, "Current authorization type is denied for this method"),
    "QUERY_LIMIT_EXCEEDED": (503, "Too many requests"),
    "OPERATION_TIME_LIMIT": (429, "Method is blocked due to operation time limit."),
    "ERROR_BATCH_LENGTH_EXCEEDED": (400, "Max batch length exceeded"),
    "ERROR_BATCH_METHOD_NOT_ALLOWED": (405, "Method is not allowed for batch usage"),
    "WRONG_ENCODING": (200, "Wrong request encoding, UTF-8 is expected"),
}

# Errors of crm methods come in the portal's language.
CRM: Final[Mapping[str, str]] = {
    "NOT_FOUND": "Элемент не найден",
    "ACCESS_DENIED": "Доступ запрещён",
    "ACTIVITY_IS_ALREADY_BOUND": "Дело уже привязано к этому элементу",
    "BINDING_NOT_FOUND": "Привязка не найдена",
    "LAST_BINDING_CANNOT_BE_DELETED": "Нельзя удалить последнюю привязку дела",
    "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR": "Идентификаторы исходного и целевого элементов совпадают",
    "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR": "Типы исходного и целевого элементов не совпадают",
}


class RestError(Exception):
    """The portal answers with an error instead of a result."""

    def __init__(self, code: str, description: str, status: int = 400, **extra: Json) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.status = status
        self.extra: Mapping[str, Json] = extra

    def body(self, *, integer_codes: bool) -> dict[str, Json]:
        """Return the error body; some builds answer a numeric code as an integer."""
        code = int(self.code) if integer_codes and self.code.isdecimal() else self.code
        return {"error": code, "error_description": self.description, **self.extra}


def system_error(code: str, **extra: Json) -> RestError:
    """Make an error that any method can answer."""
    status, description = SYSTEM[code]
    return RestError(code, description, status, **extra)


def crm_error(code: str) -> RestError:
    """Make an error of a crm method."""
    return RestError(code, CRM[code])


def intranet_only(user: User) -> None:
    """Refuse who is no employee.

    Raises:
        Refusal: they look in from outside.
    """
    if not user.intranet:
        raise RestError("allowed_only_intranet_user", "Действие разрешено только интранет-пользователям", 403)
