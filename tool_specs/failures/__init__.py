"""Error codes that several methods share."""
