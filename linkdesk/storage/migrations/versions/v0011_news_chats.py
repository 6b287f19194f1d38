"""Chats that are told news of bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "news_chats",
        sa.Column("bot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.BigInteger(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=True),
        sa.Column("without_deal", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.String(5), nullable=True),
        sa.Column("quiet_to", sa.String(5), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("followed_by", sa.String(200), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("rests", sa.Boolean(), nullable=False),
        sa.Column("lease_by", sa.String(200), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bot", "origin", "chat", name="pk_news_chats"),
    )
