"""Additions to errors: record labels, "did you mean" candidates and booking conflicts."""
