"""What the lost have in common, with the customers behind each group."""
