"""One's own sign-in: password, second factor, sessions, providers; and proving again who one is."""
