"""Which mails our own people get."""
