"""The team: who has how much to do, what was done, scripts of calls, and what is practised."""
