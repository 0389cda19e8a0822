"""The model: its card, what it looks at, how it drifts, its versions."""
