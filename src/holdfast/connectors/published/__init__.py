"""Payloads as the providers publish them, one file per source: its tests and its documentation."""
