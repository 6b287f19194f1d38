"""The record of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of changes."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("face", sa.String(20), nullable=False),
        sa.Column("tool", sa.String(100), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("target_type", sa.String(40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("planned", sa.JSON(), nullable=True),
        sa.Column("destroys", sa.Boolean(), nullable=False),
        sa.Column("undoes", sa.String(20), nullable=True),
        sa.Column("worker", sa.String(200), nullable=False),
        sa.Column("started", moment, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("finished", moment, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
        sa.UniqueConstraint("id", name="uq_changes_id"),
    )
    op.create_index("ix_changes_origin_state", "changes", ["origin", "state"])
    op.create_index("ix_changes_undoes", "changes", ["undoes"])
