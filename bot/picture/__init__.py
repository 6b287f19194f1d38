"""A day's schedule as a picture: what is on it, where everything goes, and the drawing itself."""
