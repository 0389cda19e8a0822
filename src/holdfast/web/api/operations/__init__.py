"""What the API can do, one file per area; each is found by being here."""
