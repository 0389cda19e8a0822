"""Links in mails that lead over us."""
