"""Our own people: who may come in, with which role; who is asked in; how signing in works here."""
