"""Segments: the list, one of them, the rule builder, and the fit with the ideal customer."""
