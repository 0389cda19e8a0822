"""Foresee: who will leave next, why, when, and what goes with them."""
