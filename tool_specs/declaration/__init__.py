"""What a method declaration is made of: arguments, wire form, texts, intents and failures."""
