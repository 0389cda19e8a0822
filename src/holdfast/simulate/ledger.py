"""What truly happened: written while it happens, read only by ``truth.json`` and by tests."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from holdfast.simulate.arrays import Array, Ints
from holdfast.simulate.diary import Columns, join

_TABLES: dict[str, tuple[str, ...]] = {
    "losses": ("person", "day", "cause", "wavered"),
    "returns": ("person", "day", "cause"),
    "firsts": ("person", "day"),
    "wavers": ("person", "day", "cause"),
    "touches": ("person", "day", "response", "kind"),
}


class Ledger:
    """Losses, returns, first purchases, beginnings of wavering and touches, one row each.

    ``subscriptions`` are kept here too, since a subscription's row in the files is only complete
    when it has ended: person, number, plan, monthly price when it began, first and last day.
    """

    def __init__(self) -> None:
        self._pages: dict[str, list[Columns]] = {name: [] for name in _TABLES}
        self.subscriptions: dict[str, list[int]] = {name: [] for name in SUBSCRIPTION_COLUMNS}
        self.spent: dict[int, int] = {}

    def note(self, table: str, **columns: Array | int) -> None:
        """Write down rows; a column given as one number holds for all of them."""
        rows = max(np.size(column) for column in columns.values())
        if rows and all(np.size(column) for column in columns.values()):
            whole = {
                name: np.broadcast_to(np.asarray(columns[name], np.int64), (rows,)) for name in _TABLES[table]
            }
            self._pages[table].append(whole)

    def read(self, table: str) -> Columns:
        """All rows of a table so far."""
        pages = self._pages[table] or [{name: np.zeros(0, np.int64) for name in _TABLES[table]}]
        self._pages[table] = [join(pages)]
        return self._pages[table][0]

    def begin_subscriptions(self, **columns: Ints | int) -> Ints:
        """Write down subscriptions that begin and return their positions."""
        first = len(self.subscriptions["person"])
        rows = max(np.size(column) for column in columns.values())
        for name in SUBSCRIPTION_COLUMNS:
            value = columns.get(name, -1)
            self.subscriptions[name] += np.broadcast_to(np.asarray(value, np.int64), (rows,)).tolist()
        return np.arange(first, first + rows)

    def subscriptions_at(self, column: str, positions: Ints) -> Ints:
        """One column of the subscriptions at these positions."""
        values = self.subscriptions[column]
        return np.array([values[position] for position in positions.tolist()], np.int64)

    def end_subscriptions(self, positions: Ints, at: Ints, reason: Ints | int) -> None:
        """Write down when (microseconds UTC) and with what stated reason subscriptions ended."""
        reasons = np.broadcast_to(np.asarray(reason), positions.shape)
        rows = zip(positions.tolist(), at.tolist(), reasons.tolist(), strict=True)
        for position, moment, why in rows:
            self.subscriptions["ended"][position] = moment
            self.subscriptions["reason"][position] = why

    def columns(self) -> dict[str, Array]:
        """Everything, as flat named arrays, for saving."""
        saved = {f"{table}|{name}": column for table in _TABLES for name, column in self.read(table).items()}
        for name, values in self.subscriptions.items():
            saved[f"subscriptions|{name}"] = np.array(values, np.int64)
        saved["spent|source"] = np.array(sorted(self.spent), np.int64)
        saved["spent|people"] = np.array([self.spent[source] for source in sorted(self.spent)], np.int64)
        return saved

    def fill(self, saved: Mapping[str, Array]) -> None:
        """Take over what :meth:`columns` gave."""
        for table, names in _TABLES.items():
            self._pages[table] = [{name: saved[f"{table}|{name}"] for name in names}]
        self.subscriptions = {name: saved[f"subscriptions|{name}"].tolist() for name in SUBSCRIPTION_COLUMNS}
        self.spent = dict(zip(saved["spent|source"].tolist(), saved["spent|people"].tolist(), strict=True))


SUBSCRIPTION_COLUMNS = ("person", "number", "plan", "monthly", "seats", "trial", "began", "ended", "reason")
"""``began`` and ``ended`` are moments in microseconds UTC, ``ended`` -1 while it runs; ``reason`` is
a cause's index, or one of the codes of :mod:`holdfast.simulate.subscribing`.
"""
