"""Words and rules as small frozen values and pure functions.

Standard library only; no clock, no file, no database: time is an argument.
"""
