"""The palette: customers and places by name."""
