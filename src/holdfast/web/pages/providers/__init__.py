"""Identity providers: with what people sign in besides a password."""
