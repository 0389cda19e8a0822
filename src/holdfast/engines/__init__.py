"""The only code that names an engine."""
