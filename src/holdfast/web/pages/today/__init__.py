"""Today: whom to call first, and why."""
