"""Would we have known? What models of past dates foretold, and what came of it."""
