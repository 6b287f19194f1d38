"""One message in, one reply out: sessions, follow-ups, buttons and progress."""
