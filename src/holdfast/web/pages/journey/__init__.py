"""The way of customers: steps, the share lost at each, and who stays behind."""
