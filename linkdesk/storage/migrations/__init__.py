"""How a database of an older Linkdesk becomes one of this; Alembic's own layout."""
