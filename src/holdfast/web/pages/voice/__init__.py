"""Voice: why customers left, in their own words."""
