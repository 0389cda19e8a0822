"""Files that one of us asked for."""
