"""Warn: episodes of signals, live, at night and on the past; how signals are set, and what each is worth."""
