"""Measure who left and what it cost."""
