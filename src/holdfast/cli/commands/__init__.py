"""One file per command; each defines ``COMMAND`` and ``ORDER``, its place on the page of help."""
