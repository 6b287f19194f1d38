"""Render outcomes as text and HTML: one module per subject; `dispatch` chooses among them."""
