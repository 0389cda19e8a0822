"""The names of events that came, and which of their properties fill a column."""
