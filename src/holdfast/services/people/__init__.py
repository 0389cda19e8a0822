"""Our own people: asked in, let in, given roles, shut out. Every change is noted with who made it."""
