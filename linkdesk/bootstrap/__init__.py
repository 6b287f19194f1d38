"""Wiring: build the desk, the staff list, the event poller and the HTTP routes from settings."""
