"""Outside factors told apart from own faults, and the log of outside events."""
