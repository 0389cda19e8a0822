"""Files that people bring to the import page: looked at, mapped, imported, mended."""
