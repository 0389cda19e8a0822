"""Act: the one door out. Nothing reaches a customer but through here."""
