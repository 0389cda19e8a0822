"""What customers want to hear from us: the only pages that a customer opens."""
