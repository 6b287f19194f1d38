"""The Telegram face of Linkdesk."""
