"""Signals: what each warns of, how it is set, and what it is worth."""
