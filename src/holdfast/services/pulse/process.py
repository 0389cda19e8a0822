"""``python -m holdfast.services.pulse.process FOLDER``: the worker as a process, until it is told to end."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from holdfast.settings import Settings

_LOOK_EVERY = 0.2

_log = logging.getLogger("holdfast.worker")


def run_worker(settings: Settings, *, with_parent: bool = False) -> int:
    """Work until SIGINT or SIGTERM, then finish what was begun; the exit code.

    ``with_parent``: end too when the process that started this one is gone. The work has a thread of
    its own, so that a signal never comes amid what it does.
    """
    from holdfast.services.processes import end_with_parent

    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: told.append(number))
    stop = Event()
    if with_parent:
        end_with_parent(stop)
    from holdfast.services.pulse.worker import work

    broken: list[Exception] = []

    def working() -> None:
        try:
            work(settings, stop)
        except Exception as error:
            _log.exception("the worker cannot go on")
            broken.append(error)

    thread = Thread(target=working, name="work")
    thread.start()
    while thread.is_alive() and not told:
        thread.join(_LOOK_EVERY)
    stop.set()
    thread.join()
    return 1 if broken else 0


def main(folder: str) -> int:
    """The process that :mod:`holdfast.web.tree` starts."""
    from holdfast.settings import read_settings

    return run_worker(read_settings(Path(folder)), with_parent=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
