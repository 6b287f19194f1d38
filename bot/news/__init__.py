"""News of bookings in chats: switching them on, telling them, and linking a new booking to its deal."""
