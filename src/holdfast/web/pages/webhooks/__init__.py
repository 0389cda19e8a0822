"""Outgoing webhooks: which other systems are told what happens, and how it went."""
