"""Take events out of the event log for good: the files that hold them are written anew, in one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from holdfast.domain.events import EventFile
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.erasing import holding, without
from holdfast.lake.log import EventLog
from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Cut:
    """What was done: files written anew, and events that are gone."""

    files: int
    events: int


def cut_events(
    settings: Settings,
    condition: str,
    *,
    near: Callable[[EventFile], bool],
    first: Callable[[list[str]], None] | None = None,
) -> Cut:
    """Take out the events that meet ``condition`` (SQL over the columns of the event log).

    Only files of which ``near`` says that they may hold such events are looked at, and only those that
    do are written anew. ``first`` is called with the paths of these before anything is committed. For
    whoever has the writers' turn; killed at any moment, the log is as before or as after. The old files
    stay on disk until :meth:`~holdfast.lake.log.EventLog.remove_unused`.
    """
    log = EventLog(settings.lake, settings.buckets)
    if not log.exists:
        return Cut(0, 0)
    log.settle()
    files = log.files()
    chosen = files.only(file for file in files.files if near(file))
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=400) as engine:
        found = holding(engine, chosen.paths, condition)
        out = [file for file, path in zip(chosen.files, chosen.paths, strict=True) if path in found]
        if not out:
            return Cut(0, 0)
        if first is not None:
            first(list(found))
        prefix = f"cut-{uuid4().hex}-"
        log.announce(prefix)
        try:
            written = without(engine, log.root, out, condition, prefix)
            log.replace(out, written)
        finally:
            log.settle()
    return Cut(len(out), sum(found.values()))
