"""Text helpers: language detection, time intervals in words, quotation marks, sanitising."""
