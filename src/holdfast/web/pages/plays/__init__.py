"""Plays: the list, the library, one play with its steps and its proof, and who is in it."""
