"""A day's schedule as an image."""
