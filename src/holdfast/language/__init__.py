"""Catalogues, plurals, numbers and dates of six languages."""
