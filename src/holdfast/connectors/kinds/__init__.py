"""What can be imported: one file per kind of table, each defining ``KIND``."""
