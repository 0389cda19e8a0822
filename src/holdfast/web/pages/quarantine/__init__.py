"""Events that could not be understood: why, and what becomes of them."""
