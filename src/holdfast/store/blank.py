"""Make an empty SQLite database of this release in a process of its own (``python -m holdfast.store.blank``).

A process has one workspace at a time: whoever is at work in this one must not find itself elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def make_blank(folder: Path) -> Path:
    """An empty, migrated SQLite database in ``folder`` (made if need be); its file."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "holdfast.store.blank", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"an empty database could not be made: {done.stderr.strip()[-500:]}")
    return folder / "holdfast.db"


def _main(folder: Path) -> None:
    from django.db import connections

    from holdfast import store
    from holdfast.settings import Settings

    store.connect(Settings(folder))
    connections.close_all()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
