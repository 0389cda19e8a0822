"""What every process of the service needs to know of the one that started it."""

from __future__ import annotations

import os
import signal
import socket
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


def is_gone(holder: str) -> bool:
    """Whether the process of a ``holder`` ("host:pid", or more behind it) is certainly no more.

    Only of this machine's processes anything is certain.
    """
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
