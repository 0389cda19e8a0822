"""Sources: providers by webhook, pulls on a schedule, scores written back."""
