"""Settings: language, theme, and the facts of the workspace."""
