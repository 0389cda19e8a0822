"""Plays: who enters them, what happens with each customer, and how people write, check and launch them."""
