"""The contact calendar: what goes to whom on which day, and how often each segment hears of us."""
