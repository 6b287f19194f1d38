"""The way to the portal, safe writes, and errors in words."""
