"""The plain-language reader."""
