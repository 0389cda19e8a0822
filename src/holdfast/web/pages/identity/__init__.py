"""The same customer twice: probable duplicates, two side by side, merges with undo, ids, accounts."""
