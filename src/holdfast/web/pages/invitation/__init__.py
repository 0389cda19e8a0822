"""The page that an invitation opens."""
