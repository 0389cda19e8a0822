"""What must be remembered: Django models, and the hand-written SQL of the hot paths."""
