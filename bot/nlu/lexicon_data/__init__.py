"""The words of both languages that the reader and the commands know."""
