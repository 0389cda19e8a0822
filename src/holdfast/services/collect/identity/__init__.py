"""The same customer twice: who may be, merging with undo, and accounts that belong to accounts."""
