"""Questions to customers: the page on which they answer, and what came of it."""
