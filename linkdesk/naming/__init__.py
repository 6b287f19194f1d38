"""Names to ids."""
