"""Bringing files: upload, map columns, import, mend rejected rows, undo."""
