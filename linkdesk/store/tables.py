"""The tables, as they are today; `migrations` leads every older database here."""

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


class Moment(TypeDecorator[datetime]):
    """A time with its zone: SQLite knows none, so it gets UTC and gives UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write a time; one without a zone is a mistake of ours."""
        if value is None:
            return None
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's own signature
        """Read a time, in UTC."""
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """What every table has."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Moment(), str: Text()}  # noqa: RUF012 - SQLAlchemy reads it once, from the class


class PortalRow(Table):
    """A portal that somebody signed in to, with the id it had then."""

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
    """Counts the changes: whoever renews a token notices that somebody else did so meanwhile."""
    ended: Mapped[bool]
    """The token endpoint no longer takes the refresh token: the employee has to sign in again."""
    renewing_by: Mapped[str | None] = mapped_column(String(40))
    renewing_until: Mapped[datetime | None]
    """Until then one process alone may ask the token endpoint for a new token."""


class AttemptRow(Table):
    """A sign-in that somebody began; what was sent to the browser is kept as a hash only."""

    __tablename__ = "sign_in_attempts"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]


class ChangeRow(Table):
    """A write: begun before it is sent, closed with what came of it."""

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
    finished: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(100), index=True)


class InboxRow(Table):
    """A message to a bot, from its arrival until it is answered; then only its number stays for a while."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_bot_station_chat", "bot", "station", "chat"),)

    bot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat: Mapped[int] = mapped_column(BigInteger)
    urgent: Mapped[bool]
    body: Mapped[str]
    """What came in, encrypted where a key is set; empty once it is answered."""
    answer: Mapped[str | None]
    station: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    lease_by: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    arrived: Mapped[datetime]
    finished: Mapped[datetime | None]


class PlanRow(Table):
    """A plan that waits for a person, is carried out, or is settled."""

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
