"""The audit log of changes and its recorder."""
