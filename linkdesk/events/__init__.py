"""Booking changes: polling, webhooks, comparison, digest and chat subscriptions."""
