"""What came of a request, in words: a module a subject. `bot.speech` chooses among them."""
