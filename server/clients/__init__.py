"""Assistants that Linkdesk is set up in: where each keeps its configuration, and how it is written there."""
