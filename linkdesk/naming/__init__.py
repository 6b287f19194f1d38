"""From names to ids: what people call clients, deals and bookings, looked up before a request is made of it."""
