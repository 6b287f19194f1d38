"""Every setting, declared once: its type, default, checks and texts; one module per subject."""
