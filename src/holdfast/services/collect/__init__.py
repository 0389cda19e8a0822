"""Bring data in."""
