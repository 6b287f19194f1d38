"""The write pipeline: snapshot, plan, apply, verify; pagination and the lookup cache."""
