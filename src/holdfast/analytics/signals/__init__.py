"""Early warnings about one customer: one file a signal, found by being there."""
