"""A person's data handed over or erased; erasures with their certificates; what is kept for how long."""
