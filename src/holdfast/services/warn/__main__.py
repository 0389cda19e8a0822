"""``python -m holdfast.services.warn FOLDER``: make the records of all signals anew, politely."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from holdfast.services.processes import end_with_parent

_POLITE = 10


def main(folder: str) -> int:
    """Replay every signal that is on."""
    from holdfast.services.warn.records import make
    from holdfast.settings import read_settings

    os.nice(_POLITE)
    make(read_settings(Path(folder)))
    return 0


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main(*sys.argv[1:]))
