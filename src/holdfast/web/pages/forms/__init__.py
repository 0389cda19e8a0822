"""Sign-up forms as our people make them, and how each does."""
