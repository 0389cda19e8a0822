"""Dashboards: the list, one of them, and putting it together."""
