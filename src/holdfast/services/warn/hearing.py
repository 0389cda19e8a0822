"""What every signal says of everybody as of one day, slice by slice, until that day is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from holdfast.services.foresee.beside import Beside
from holdfast.services.warn import asking
from holdfast.services.warn.catalogue import Listed, listed, says_something
from holdfast.store import episodes
from holdfast.store.first_seen import first_seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.known_days import Company
    from holdfast.analytics.signal import Tuned
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.services.foresee.snapshots import History
    from holdfast.services.warn.asking import Asked, Heard
    from holdfast.settings import Settings

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What some signals say of customers, by the name of the signal; ``seen`` are those of each slice."""

    signals: Sequence[Tuned]
    seen: list[Whole] = field(default_factory=list)
    said: dict[str, list[Heard]] = field(default_factory=dict)

    def take(self, table: FeatureTable) -> None:
        """Hear what the signals say of the customers in ``table``."""
        self.seen.append(table.unit_id)
        for each in self.signals:
            self.said.setdefault(each.signal.name, []).append(asking.hear(table, each))

    def of(self, name: str) -> list[Heard]:
        """What a signal said, slice by slice."""
        return self.said.get(name, [])

    @property
    def there(self) -> Whole:
        """Everybody of whom something was said, sorted."""
        return np.unique(np.concatenate([np.empty(0, np.int64), *self.seen]))


def hear(history: History, signals: Sequence[Tuned], units: Whole, day: int) -> Hearing:
    """Ask ``signals`` of those of ``units`` who have not left by the beginning of ``day``."""
    asked, found = asking.asked(history, signals, [day]), Hearing(signals)
    for (table,) in asked.slices(asking.not_gone(history.stays, day, units)):
        found.take(table)
    return found


@dataclass(frozen=True, slots=True)
class Tonight:
    """The signals that are asked as of the beginning of ``day`` together with the features.

    ``every`` signal there is, as it was set then; those of ``signals`` are asked.
    """

    every: Sequence[Listed]
    signals: Sequence[Listed]
    day: int
    units: Whole
    asked: Asked
    heard: Hearing

    def listening(self) -> History:
        """The history of which features are asked so that the signals are heard, too."""
        beside = Beside(self.day, self.asked.features, self._wanted(), self.heard.take)
        return replace(self.asked.history, beside=beside)

    def ask_the_rest(self) -> None:
        """Ask the signals where nothing was heard yet."""
        if not self.heard.seen:
            for (table,) in self.asked.slices(self._wanted()):
                self.heard.take(table)

    def _wanted(self) -> Whole:
        return asking.not_gone(self.asked.history.stays, self.day, self.units)


def tonight(settings: Settings, history: History, day: int, company: Company | None = None) -> Tonight:
    """Get ready to hear the signals that are on, as of the beginning of ``day``."""
    every, names = listed(settings), history.ready.kept.names
    signals = [each for each in every if each.on and says_something(each.signal, names)]
    tuned = [each.tuned for each in signals]
    asked = asking.asked(history, tuned, [day], company)
    return Tonight(every, signals, day, first_seen(settings)[0], asked, Hearing(tuned))


def was_asked_later(settings: Settings, day: int) -> bool:
    """Whether everybody was looked at already as of a later day than the beginning of ``day``."""
    return any(last > day - 1 for last, _ in episodes.looked(settings).values())
