"""Lexicon data."""
