"""Holdfast: measure who leaves, be warned early, foresee, understand, act, win back, and prove it."""

__version__ = "0.1.0"
