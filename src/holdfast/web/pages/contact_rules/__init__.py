"""Contact rules, in the settings: how often and when customers are written to, and what it costs."""
