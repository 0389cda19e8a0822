"""Settings: all of them in one list, how the reader reads, what the company has decided."""
