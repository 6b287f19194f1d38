"""Slash commands: table, tokenizer, slots, arguments and help."""
