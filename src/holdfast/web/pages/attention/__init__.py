"""How our people share out their attention."""
