"""Write keys: with what programs and websites send events."""
