"""``python -m holdfast.services.pulse.asked FOLDER``: do what people asked for on a page, in turn.

In a process of its own: imports and runs take memory and may be killed. Whatever this process has begun
when it dies is taken up again by the next one; each kind of work may be repeated without harm.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.processes import end_with_parent, is_gone

if TYPE_CHECKING:
    from holdfast.services.progress import Progress
    from holdfast.settings import Settings
    from holdfast.store.asked import Asked

_POLITE = 5
"""By so much it yields to the pages and the worker: less than a nightly run, since somebody waits."""

_TELL_SECONDS = 0.3
_BEAT_SECONDS = 4.0

_log = logging.getLogger("holdfast.asked")


def main(folder: str) -> int:
    """Work until nothing waits that nobody is at."""
    from holdfast.settings import read_settings

    os.nice(_POLITE)
    holder = f"{socket.gethostname()}:{os.getpid()}"
    while do_next(read_settings(Path(folder)), holder):
        pass
    return 0


def do_next(settings: Settings, holder: str) -> bool:
    """Do the oldest work that waits; whether there may be more. Nothing it raises gets out."""
    from holdfast.services.collect.uploads.look import said
    from holdfast.store import asked

    work = asked.claim(settings, holder, now_us=actual_us(), is_gone=is_gone)
    if work is None:
        return False
    if work.attempts > asked.MOST_ATTEMPTS:
        _give_up(settings, work)
        return True
    with _Beat(settings, work, holder):
        try:
            result = _DO[work.kind](settings, work, _Telling(settings, work.id))
        except Refusal as refusal:
            if refusal.code == "busy":
                asked.put_back(settings, work.id)
                return False
            asked.end(settings, work.id, now_us=actual_us(), trouble=said(refusal))
        except Exception as error:
            _log.exception("%s failed", work.kind)
            _failed(settings, work, Text("It failed: {error}.", error=type(error).__name__))
        else:
            asked.end(settings, work.id, now_us=actual_us(), result=result)
    return True


class _Telling:
    """Writes down how far the work is, some times a second at most."""

    def __init__(self, settings: Settings, number: int) -> None:
        self._settings, self._number = settings, number
        self._told: tuple[float, str] = (0.0, "")

    def step(self, name: Text, done: int, total: int | None) -> None:
        """A new step is told at once."""
        from holdfast.store import asked

        at, step = self._told
        if name.msgid == step and time.monotonic() - at < _TELL_SECONDS:
            return
        asked.note_step(self._settings, self._number, name, done, total)
        self._told = (time.monotonic(), name.msgid)


class _Beat:
    """Says that the process is still there, while the block works."""

    def __init__(self, settings: Settings, work: Asked, holder: str) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._run, args=(settings, work.id, holder), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self, settings: Settings, number: int, holder: str) -> None:
        from holdfast import store
        from holdfast.store import asked

        while not self._stop.wait(_BEAT_SECONDS):
            try:
                asked.hold(settings, number, holder, actual_us())
            except Exception:
                _log.exception("the work could not be held; that is tried again")
        store.let_go()


def _look(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.collect.uploads.look import look

    progress.step(Text("Looking at the file"), 0, None)
    return {"uploads": look(settings, work.about_id or 0, now_us=actual_us())}


def _import(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.collect.uploads.bring_in import import_upload

    return import_upload(settings, work.about_id or 0, progress=progress, now=datetime.now(UTC))


def _undo(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.collect.undo_import import undo_import

    progress.step(Text("Undoing the import"), 0, None)
    undo_import(settings, work.about_id or 0)
    return {"import_id": work.about_id}


def _weigh(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.measure.start import weigh_and_keep

    return weigh_and_keep(settings, now=datetime.now(UTC), progress=progress)


def _turn(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.pulse.run import run

    report = run(settings, progress=progress)
    return {"customers": report.customers, "figures": report.figures, "as_of": report.as_of}


def _invent(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.collect.uploads.invent import invent

    return {"uploads": invent(settings, progress=progress, by_id=work.by_id, now_us=actual_us())}


def _rehearse(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.act.plays.trying import rehearse_asked

    return rehearse_asked(settings, work.about_id or 0, progress, datetime.now(UTC))


def _dry_run(settings: Settings, work: Asked, progress: Progress) -> Any:
    from holdfast.services.act.plays.trying import dry_run_asked

    return dry_run_asked(settings, work.about_id or 0, progress, datetime.now(UTC))


_DO: dict[str, Callable[[Settings, Asked, Progress], Any]] = {
    "look": _look,
    "import": _import,
    "undo": _undo,
    "weigh": _weigh,
    "run": _turn,
    "invent": _invent,
    "rehearse": _rehearse,
    "dry_run": _dry_run,
}


def _give_up(settings: Settings, work: Asked) -> None:
    said = Text(
        "Its process was ended from outside {n} time; it is not tried again.",
        "Its process was ended from outside {n} times; it is not tried again.",
        n=work.attempts - 1,
    )
    _failed(settings, work, said)


def _failed(settings: Settings, work: Asked, trouble: Text) -> None:
    from holdfast.store import asked, uploads

    if work.kind in ("import", "look") and work.about_id is not None:
        uploads.change(settings, work.about_id, now_us=actual_us(), state="refused", trouble=trouble)
    asked.end(settings, work.id, now_us=actual_us(), trouble=trouble)


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main(*sys.argv[1:]))
