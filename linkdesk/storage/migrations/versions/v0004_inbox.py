"""The inbox of the bot, and which message asked for a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the inbox, and let a change say what asked for it."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "inbox",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("station", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_by", sa.String(200), nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("arrived", moment, nullable=False),
        sa.Column("finished", moment, nullable=True),
        sa.PrimaryKeyConstraint("bot", "number", name="pk_inbox"),
    )
    op.create_index("ix_inbox_bot_station_chat", "inbox", ["bot", "station", "chat"])
    op.add_column("changes", sa.Column("request_key", sa.String(100), nullable=True))
    op.create_index("ix_changes_request_key", "changes", ["request_key"])
