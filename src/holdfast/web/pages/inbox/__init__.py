"""The inbox: what customers write on every channel, in one list."""
