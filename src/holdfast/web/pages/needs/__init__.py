"""Who has gaps in the needs profile, and of what fields it consists."""
