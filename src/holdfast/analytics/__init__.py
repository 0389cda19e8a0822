"""Questions asked of data, independent of any engine."""
