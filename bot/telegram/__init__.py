"""The Telegram transport: polling, webhook, sending, access control and rate limits."""
