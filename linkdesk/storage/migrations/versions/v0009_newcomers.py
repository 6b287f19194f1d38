"""Records that were there before one more was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; of what was begun before, nothing is known."""
    with op.batch_alter_table("changes") as table:
        table.add_column(sa.Column("known", sa.JSON(), nullable=True))
