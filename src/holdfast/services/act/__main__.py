"""``python -m holdfast.services.act FOLDER``: a dispatcher as a process of its own, as many as you like."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from threading import Event

from holdfast.services.processes import end_with_parent


def main(folder: str) -> int:
    """Send until SIGINT, SIGTERM, or the end of the process that started this one."""
    from holdfast.services.act.dispatch import Dispatcher
    from holdfast.settings import read_settings

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent(stop)
    settings = read_settings(Path(folder))
    Dispatcher(lambda: settings).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
