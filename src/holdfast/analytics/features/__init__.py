"""What is known about one customer as of one moment: one file a family, found by being there."""
