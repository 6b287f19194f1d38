"""Resolve names, phones and descriptions to record ids."""
