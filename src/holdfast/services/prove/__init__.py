"""Prove: dashboards, digests and files that show what became of customers, to people who decide."""
