"""Keep the base: export, compact, undo."""
