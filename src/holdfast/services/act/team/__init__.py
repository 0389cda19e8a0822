"""Our own people: who has how much to do, handing over, what was done, what is practised."""
