"""Sending, in the settings: the mail server, the domain, safe mode, Stop, and the suppression list."""
