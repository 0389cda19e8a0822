"""What every process of the service needs to know of the one that started it."""

from __future__ import annotations

import os
import signal
import threading

PARENT_VARIABLE = "HOLDFAST_PARENT"
"""Tells a process the number of the one that started it: asking for it may come too late."""

_LOOK_EVERY = 0.5


def end_with_parent(end: threading.Event | None = None) -> None:
    """Have this process end when its parent is gone, even by a kill: nobody would be there to end it.

    To be called before anything that takes time. Sets ``end`` where one is given, else sends this
    process the signal to end.
    """
    parent = int(os.environ.get(PARENT_VARIABLE) or os.getppid())
    quiet = threading.Event()

    def watch() -> None:
        while os.getppid() == parent:
            quiet.wait(_LOOK_EVERY)
        if end is not None:
            end.set()
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
