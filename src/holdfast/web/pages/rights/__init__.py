"""Who may do what, whom agents see, and what of personal data each role sees."""
