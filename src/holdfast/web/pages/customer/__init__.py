"""One customer: facts, figures, and everything that happened."""
