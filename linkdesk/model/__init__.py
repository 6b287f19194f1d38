"""Outcomes, their views, record labels and JSON schema."""
