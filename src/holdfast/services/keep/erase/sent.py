"""What was sent to us and still lies as it was sent: calls that wait, events put aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from holdfast.services.keep.erase.files import naming
from holdfast.services.keep.erase.search import Words
from holdfast.services.keep.erase.wanted import Wanted
from holdfast.settings import Settings


def rows_to_delete(settings: Settings, wanted: Wanted) -> dict[str, list[int]]:
    """By table, rows of one event each that name the erased: put aside, or waiting for another call."""
    from holdfast import store
    from holdfast.store import personal

    store.connect(settings)
    theirs = _theirs(wanted)
    return {
        table: [id_ for id_, body in personal.sent(table) if theirs(body)]
        for table in personal.READ_THROUGH
        if table != "arrived"
    }


def events_sent(settings: Settings, wanted: Wanted) -> list[tuple[str, str]]:
    """(table, event as it was sent) of everything that lies as it was sent and names them."""
    from holdfast import store
    from holdfast.store import personal

    store.connect(settings)
    theirs = _theirs(wanted)
    return [
        (table, event.decode("utf-8", "replace"))
        for table in personal.READ_THROUGH
        for _, body in personal.sent(table)
        if theirs(body)
        for event in _events_in(body)
        if theirs(event)
    ]


def _events_in(body: bytes) -> list[bytes]:
    """The events of a call, one by one; the whole of it where it cannot be read."""
    try:
        said: Any = json.loads(body)
    except ValueError:
        return [body]
    batch = said.get("batch") if isinstance(said, dict) else None
    if not isinstance(batch, list):
        return [body]
    return [json.dumps(each, ensure_ascii=False).encode() for each in batch]


def shorten_calls(settings: Settings, wanted: Wanted) -> int:
    """Take the erased out of calls that still wait to be taken in; how many events went.

    Taking in drops these events as well: this is for calls that nobody takes in.
    """
    from holdfast import store
    from holdfast.store import erasure, personal

    store.connect(settings)
    theirs = _theirs(wanted)
    gone = 0
    for id_, body in [(id_, body) for id_, body in personal.sent("arrived") if theirs(body)]:
        left, taken = _without(body, theirs)
        gone += taken
        if left is None:
            erasure.delete_lines("arrived", [id_])
        elif taken:
            personal.shorten_arrived(id_, *left)
    return gone


def _without(body: bytes, theirs: Callable[[bytes], bool]) -> tuple[tuple[bytes, int] | None, int]:
    """A call without the events of the erased (``None``: nothing is left), and how many went."""
    try:
        said: Any = json.loads(body)
    except ValueError:
        return None, 1
    batch = said.get("batch") if isinstance(said, dict) else None
    if not isinstance(batch, list):
        return None, 1
    kept = [each for each in batch if not theirs(json.dumps(each, ensure_ascii=False).encode())]
    if not kept:
        return None, len(batch)
    written = json.dumps({**said, "batch": kept}, ensure_ascii=False).encode()
    return (written, len(kept)), len(batch) - len(kept)


def _theirs(wanted: Wanted) -> Callable[[bytes], bool]:
    words, names = Words(wanted.words), naming(wanted)
    return lambda body: words.in_bytes(body) or names(body.decode("utf-8", "replace"))
