"""News of bookings: what was seen, what happened, what the portal told of, and who looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "news_watch",
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("looked", moment, nullable=True),
        sa.Column("highest", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("lease_by", sa.String(200), nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("bound_by", sa.String(200), nullable=True),
        sa.Column("member_id", sa.String(100), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=True),
        sa.Column("refused", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("origin", name="pk_news_watch"),
    )
    op.create_table(
        "news",
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("noticed", moment, nullable=False),
        sa.PrimaryKeyConstraint("origin", "number", name="pk_news"),
    )
    op.create_table(
        "news_seen",
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "booking_id", name="pk_news_seen"),
    )
    op.create_table(
        "news_hints",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("arrived", moment, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_news_hints"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_news_hints_origin", "news_hints", ["origin"])
