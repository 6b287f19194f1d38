"""The plans that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of plans."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "plans",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("face", sa.String(20), nullable=False),
        sa.Column("client", sa.String(200), nullable=True),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("plans", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("made", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("worker", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_plans"),
        sa.UniqueConstraint("id", name="uq_plans_id"),
    )
    op.create_index("ix_plans_origin_who_state", "plans", ["origin", "who", "state"])
    op.create_index("ix_plans_until", "plans", ["until"])
