"""Understand: what customers write, why they leave, what those who leave have in common, how we do."""
