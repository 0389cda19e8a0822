"""The loop, a package per verb, one file per use case: gather, decide, apply."""
