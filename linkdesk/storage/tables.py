"""The current tables; `migrations` upgrades older databases to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints need names that do not depend on the database, or no later migration could change them."""


class UtcDateTime(TypeDecorator[datetime]):
    """A timezone-aware time, stored in UTC, as SQLite has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a time to UTC; a naive one is a programming error."""
        if value is None:
            return None
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's own signature
        """Return a stored time, in UTC."""
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime(), str: Text()}  # noqa: RUF012 - SQLAlchemy reads it once, from the class


class PortalRow(Table):
    """A portal that somebody signed in to, with its id."""

    __tablename__ = "portals"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), unique=True)
    member_id: Mapped[str] = mapped_column(String(100))
    client_endpoint: Mapped[str]
    created_at: Mapped[datetime]


class TokenRow(Table):
    """An employee's tokens on one portal, encrypted."""

    __tablename__ = "tokens"
    __table_args__ = (UniqueConstraint("portal_id", "who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id", ondelete="CASCADE"))
    who: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int | None]
    access_token: Mapped[str]
    refresh_token: Mapped[str]
    scope: Mapped[str]
    expires_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]
    """Counts the changes, so that a refresh notices a concurrent one."""
    ended: Mapped[bool]
    """The token endpoint rejects the refresh token: the employee has to sign in again."""
    renewing_by: Mapped[str | None] = mapped_column(String(40))
    renewing_until: Mapped[datetime | None]
    """Until then only the process with the lease may refresh the token."""


class AttemptRow(Table):
    """A sign-in attempt; the state sent to the browser is stored as a hash only."""

    __tablename__ = "sign_in_attempts"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]


class ApiTokenRow(Table):
    """An API token of an employee for HTTP; the token is stored as a hash only."""

    __tablename__ = "bearers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class ClientRow(Table):
    """A registered OAuth client; its metadata is encrypted."""

    __tablename__ = "oauth_clients"

    client_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    sealed: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    used: Mapped[bool]
    """Whether somebody granted access, so that the client is kept."""


class LoginRow(Table):
    """An authorization flow in progress; its secrets are stored as hashes only."""

    __tablename__ = "oauth_logins"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(100))
    redirect_uri: Mapped[str]
    explicit: Mapped[bool]
    """Whether the client named the redirect URI itself, and has to repeat it."""
    code_challenge: Mapped[str] = mapped_column(String(200))
    state: Mapped[str | None]
    """The client's own state."""
    resource: Mapped[str | None]
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    """The browser that opened the page: no other may continue."""
    portal_state_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The state sent to the portal after the person's consent."""
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The code sent to the client after the sign-in on the portal."""
    employee: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[datetime]


class GrantRow(Table):
    """A grant of an employee to a client: the current pair of tokens."""

    __tablename__ = "oauth_grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(100))
    employee: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    resource: Mapped[str]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """The authorization code: one that is used twice was stolen, and ends the grant."""
    access_hash: Mapped[str] = mapped_column(String(64), unique=True)
    access_until: Mapped[datetime]
    refresh_hash: Mapped[str] = mapped_column(String(64), unique=True)
    refresh_until: Mapped[datetime]
    used_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """The previous refresh token: one that is used twice was stolen, and ends the grant."""
    created_at: Mapped[datetime]


class ChangeRow(Table):
    """A row of the audit log: inserted before a write is sent, closed with its outcome."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_origin_state", "origin", "state"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(20), unique=True)
    origin: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    face: Mapped[str] = mapped_column(String(20))
    tool: Mapped[str] = mapped_column(String(100))
    arguments: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    target_type: Mapped[str] = mapped_column(String(40))
    target_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    planned: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    destroys: Mapped[bool]
    undoes: Mapped[str | None] = mapped_column(String(20), index=True)
    worker: Mapped[str] = mapped_column(String(200))
    started: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20))
    after: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    also: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    known: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    finished: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(100), index=True)


class InboxRow(Table):
    """A message to a bot, from its arrival until it is answered; then only its number is kept for a while."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_bot_station_chat", "bot", "station", "chat"),)

    bot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat: Mapped[int] = mapped_column(BigInteger)
    urgent: Mapped[bool]
    body: Mapped[str]
    """The message, encrypted where a key is set; empty once it is answered."""
    answer: Mapped[str | None]
    station: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    lease_by: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    arrived: Mapped[datetime]
    finished: Mapped[datetime | None]


class PlanRow(Table):
    """A plan that waits for approval, is being applied, or is settled."""

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_origin_who_state", "origin", "who", "state"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(20), unique=True)
    origin: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    face: Mapped[str] = mapped_column(String(20))
    client: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(100))
    message: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(2))
    plans: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    steps: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    made: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(String(200))
    worker: Mapped[str | None] = mapped_column(String(200))


class EmployeeRow(Table):
    """An employee who uses Linkdesk."""

    __tablename__ = "employees"

    who: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The employee's key, as in tokens, plans and changes."""
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))


class TelegramAccountRow(Table):
    """The Telegram account of an employee."""

    __tablename__ = "telegram_accounts"

    telegram: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    who: Mapped[str] = mapped_column(ForeignKey("employees.who", ondelete="CASCADE"), unique=True)
    let_in_by: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]


class InvitationRow(Table):
    """An invitation; the code is stored as a hash only, and the row is deleted when it is redeemed."""

    __tablename__ = "invitations"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(200))
    expires: Mapped[datetime]


class ChatRow(Table):
    """A group chat in which the bot answers."""

    __tablename__ = "chats"

    chat: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200))
    toolsets: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """A list of toolsets; null for no restriction."""
    allowed_by: Mapped[str] = mapped_column(String(200))


class SettingRow(Table):
    """A setting of an employee; those of the whole installation are stored under `*`."""

    __tablename__ = "settings"

    who: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str]


class HandoverRow(Table):
    """A sign-in finished in a browser that waits for a Telegram account; the code is stored as a hash only."""

    __tablename__ = "handovers"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    holder: Mapped[str] = mapped_column(String(200))
    """The key under which the tokens are stored meanwhile."""
    person: Mapped[str] = mapped_column(String(200))
    """The user's name on the portal, which is shown before linking."""
    expires: Mapped[datetime]


class SubscriptionRow(Table):
    """A chat's subscription to booking events, and its progress."""

    __tablename__ = "news_chats"

    bot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    chat: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    topic: Mapped[int | None] = mapped_column(BigInteger)
    kinds: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    resources: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """A list of ids; null for all."""
    without_deal: Mapped[bool]
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    """In the business's time zone: 22:00."""
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    language: Mapped[str] = mapped_column(String(2))
    followed_by: Mapped[str] = mapped_column(String(200))
    """The employee with whose rights names are read."""
    told: Mapped[int] = mapped_column(BigInteger)
    """The number of the latest event that was sent to the chat."""
    rests: Mapped[bool]
    lease_by: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]


class PollerRow(Table):
    """The state of polling one portal: the last poll, the process with the lease, the bound handler."""

    __tablename__ = "news_watch"

    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    looked: Mapped[datetime | None]
    highest: Mapped[int] = mapped_column(BigInteger)
    cursor: Mapped[int] = mapped_column(BigInteger)
    last_number: Mapped[int] = mapped_column(BigInteger)
    """The number of the latest event; numbers are never reused, even after events were deleted."""
    lease_by: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    bound_by: Mapped[str | None] = mapped_column(String(200))
    member_id: Mapped[str | None] = mapped_column(String(100))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    refused: Mapped[str | None] = mapped_column(String(100))


class EventRow(Table):
    """A booking event."""

    __tablename__ = "news"

    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    noticed: Mapped[datetime]


class SnapshotRow(Table):
    """A booking of the last snapshot."""

    __tablename__ = "news_seen"

    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    booking_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seen: Mapped[Any] = mapped_column(JSON(none_as_null=True))


class HintRow(Table):
    """A hint from the portal that a booking changed, not processed yet."""

    __tablename__ = "news_hints"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(primary_key=True)
    """Never reused: hints are deleted by number while others arrive."""
    origin: Mapped[str] = mapped_column(String(300), index=True)
    booking_id: Mapped[int] = mapped_column(BigInteger)
    arrived: Mapped[datetime]
