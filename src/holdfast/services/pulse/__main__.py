"""``python -m holdfast.services.pulse FOLDER``: one turn of the loop, in a process of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.services.processes import end_with_parent

_POLITE = 10
"""By so much it yields to the pages and the worker, which have somebody waiting."""


def main(folder: str) -> int:
    """Run the loop once; 1 when that was refused, with the reason on standard error."""
    from holdfast.services.pulse.run import run
    from holdfast.settings import read_settings

    os.nice(_POLITE)  # what happens now goes first
    try:
        run(read_settings(Path(folder)))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main(*sys.argv[1:]))
