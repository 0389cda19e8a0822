"""The pages, by area: a view, its words, and its template side by side."""
