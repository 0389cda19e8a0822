"""Foresee: who will leave next, how likely, why, and when."""
