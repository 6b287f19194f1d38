"""Settings and their messages, logging, and the settings of the language model."""
