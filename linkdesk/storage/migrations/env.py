"""The Alembic environment; `linkdesk.storage.migrate` supplies the connection with its transaction."""

from __future__ import annotations

from alembic import context

from linkdesk.storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite cannot alter a table in place: Alembic copies it.
    render_as_batch=True,
)
context.run_migrations()
