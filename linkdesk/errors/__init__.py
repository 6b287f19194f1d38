"""Errors: base classes, the catalogue of codes, translation of portal errors, and rendering in words."""
