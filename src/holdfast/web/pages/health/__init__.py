"""How health is made, and the score that the company weighs itself."""
