"""How the report of an import is written."""
