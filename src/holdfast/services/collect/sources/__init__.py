"""Sources: what providers tell by webhook, what is pulled on a schedule, scores written back."""
