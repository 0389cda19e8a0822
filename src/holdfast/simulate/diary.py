"""What is already certain to happen on a later day: parcels under way, tickets being worked on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from holdfast.simulate.arrays import Array, Ints

Columns = dict[str, Array]


class Diary:
    """Columnar appointments by kind and day. What is taken is gone; order of entry is kept."""

    def __init__(self) -> None:
        self._due: dict[str, dict[int, list[Columns]]] = {}

    def put(self, kind: str, days: Ints, columns: Columns) -> None:
        """Enter one appointment per element of ``days``; every column has as many elements."""
        pages = self._due.setdefault(kind, {})
        for day in np.unique(days):
            chosen = days == day
            pages.setdefault(int(day), []).append({name: column[chosen] for name, column in columns.items()})

    def take(self, kind: str, day: int) -> Columns | None:
        """All appointments of this kind and day, ``None`` if there are none."""
        pages = self._due.get(kind, {}).pop(day, None)
        return None if pages is None else join(pages)

    def columns(self) -> dict[str, Array]:
        """Everything that is entered, as flat named arrays, for saving."""
        saved: dict[str, Array] = {}
        for kind, pages in sorted(self._due.items()):
            for day, entries in sorted(pages.items()):
                for name, column in join(entries).items():
                    saved[f"{kind}|{day}|{name}"] = column
        return saved

    def fill(self, saved: Mapping[str, Array]) -> None:
        """Take over what :meth:`columns` gave."""
        self._due = {}
        for path, column in saved.items():
            kind, day, name = path.split("|")
            pages = self._due.setdefault(kind, {}).setdefault(int(day), [{}])
            pages[0][name] = column


def join(pages: list[Columns]) -> Columns:
    """One set of columns from several with the same names."""
    if len(pages) == 1:
        return pages[0]
    return {name: np.concatenate([page[name] for page in pages]) for name in pages[0]}
