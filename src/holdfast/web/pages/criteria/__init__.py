"""When to act: thresholds of the team, with what follows from them."""
