"""Changes of ours: entered once, told in good time, and what came of it."""
