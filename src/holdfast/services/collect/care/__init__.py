"""What our own people write about customers: notes, documents, owners, edits, and whom to reach where."""
