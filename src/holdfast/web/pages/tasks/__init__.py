"""Tasks: the list to work through, one task, and making one."""
