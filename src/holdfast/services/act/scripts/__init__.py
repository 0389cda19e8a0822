"""Scripts: what our people say on an occasion, in the words of a customer's language, beside the call."""
