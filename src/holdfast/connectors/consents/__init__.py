"""What other programs know of consent: who agreed, who wants no more, whose mail came back."""
