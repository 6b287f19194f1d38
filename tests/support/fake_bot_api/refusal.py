"""Error responses of the fake Bot API."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - an answer of the Bot API, not a failure of the fake
    """A response whose "ok" is false."""

    def __init__(
        self, status: int, description: str, retry_after: int | None = None, migrate_to: int | None = None
    ) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to

    def wire(self) -> Json:
        """Return the body in Telegram's form."""
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        if self.migrate_to is not None:
            body["parameters"] = {"migrate_to_chat_id": self.migrate_to}
        return body


def bad_request(description: str) -> Refusal:
    """Build a refusal with status 400."""
    return Refusal(400, f"Bad Request: {description}")
