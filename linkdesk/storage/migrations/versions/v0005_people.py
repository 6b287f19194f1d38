"""The staff: employees, their Telegram accounts, invitations, group chats, settings, sign-ins on their way there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "employees",
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_employees"),
    )
    op.create_table(
        "telegram_accounts",
        sa.Column("telegram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("let_in_by", sa.String(200), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["who"], ["employees.who"], name="fk_telegram_accounts_who_employees", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("telegram", name="pk_telegram_accounts"),
        sa.UniqueConstraint("who", name="uq_telegram_accounts_who"),
    )
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("expires", moment, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_invitations"),
    )
    op.create_table(
        "chats",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("toolsets", sa.JSON(), nullable=True),
        sa.Column("allowed_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_chats"),
    )
    op.create_table(
        "settings",
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("who", "key", name="pk_settings"),
    )
    op.create_table(
        "handovers",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("expires", moment, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_handovers"),
    )
