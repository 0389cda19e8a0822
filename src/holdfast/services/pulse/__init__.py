"""The live tick and the nightly run: the only service that calls others."""
