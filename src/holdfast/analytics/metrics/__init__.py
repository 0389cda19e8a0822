"""One file per metric; each defines ``METRIC``."""
