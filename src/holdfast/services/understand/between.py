"""When texts are read that did not arrive live: at night with everything else, and between the nights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.services.progress import Progress
from holdfast.services.understand.corrections import learn_from_corrections
from holdfast.services.understand.facts import read_again, settle_facts
from holdfast.services.understand.reading import Read, read_unread

if TYPE_CHECKING:
    from holdfast.settings import Settings

AT_ONCE = 5_000
"""Texts that are read between two looks at the other jobs: a few seconds."""


def read_texts(settings: Settings, *, now_us: int, progress: Progress | None = None) -> Read:
    """Everything about texts that a night does: learn, read again what an older reader read, read the rest.

    For the loop's run, which looks at every customer afterwards.
    """
    learn_from_corrections(settings, now_us=now_us)
    read_again(settings, now_us=now_us)
    settle_facts(settings, now_us=now_us)
    return read_unread(settings, now_us=now_us, progress=progress)


def read_between(settings: Settings, *, now_us: int) -> Read:
    """Read what files brought since, some thousands at a time, and let facts follow what was corrected."""
    from holdfast.store import unread

    settle_facts(settings, now_us=now_us)
    newest = unread.newest(settings)
    if newest is None or newest <= (place := unread.place_done(settings)):
        return Read()
    done = read_unread(settings, now_us=now_us, since_id=place, most=AT_ONCE, touch=True)
    if done.texts < AT_ONCE:
        unread.note_done(settings, newest)
    return done
