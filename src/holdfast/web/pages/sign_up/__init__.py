"""Where strangers sign up for news: the form, and the page that the mail leads to."""
