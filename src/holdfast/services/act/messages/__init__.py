"""Messages to customers: templates of blocks, written in each language as HTML and as plain text."""
