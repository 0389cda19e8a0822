"""Texts: what was read in them, what a person is to look at, and the words it is read by."""
