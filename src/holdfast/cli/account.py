"""Who sits at the terminal, as histories and lists of what was done name them."""

from __future__ import annotations

import getpass


def who() -> str:
    """The account of this machine, and that it was at work on the command line."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "command line"
