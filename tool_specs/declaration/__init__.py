"""The parts of a method declaration: arguments, wire codecs, texts, intents and failures."""
