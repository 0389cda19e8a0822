"""Numbers from samples: usable alone, without Django."""
