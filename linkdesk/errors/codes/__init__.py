"""The error catalogue: entries by source, each with its words in both languages."""
