"""Consents and suppressions of other programs, brought as files."""
