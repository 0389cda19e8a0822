"""The contact calendar: what goes to whom on which day, who hears too much or nothing, what it costs."""
