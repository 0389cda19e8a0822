"""Reading mails defensively: whatever arrives becomes plain words or is left out, and nothing raises."""
