"""One inbox of what customers write: mail, messengers and the chat on the website."""
