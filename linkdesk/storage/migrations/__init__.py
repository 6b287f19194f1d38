"""Alembic migrations, which upgrade a database of an older Linkdesk."""
