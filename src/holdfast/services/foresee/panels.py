"""Snapshots and panels as they are handed out: rows of customers at a day, and what came after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.feature import Feature
from holdfast.analytics.snapshot import FeatureTable, together
from holdfast.analytics.terms import OPEN
from holdfast.analytics.undecided import Silences
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Days, Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.measure.source import Part


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows of past snapshots and what came after, oldest moment first.

    ``left`` within ``horizon_days``; ``departed_day`` is ``OPEN`` where the spell went on; from
    ``mature_day`` on the outcome could be told. ``moments`` are the days asked about, ``undecided``
    counts the rows that were left out because they are not mature yet; where they are kept,
    ``silences`` say how likely they have left. ``yearly_minor`` is what the
    customer brought in a year as of the day: contracts times twelve, and the purchases of 365 days.
    """

    table: FeatureTable
    left: NDArray[np.bool_]
    departed_day: NDArray[np.int32]
    horizon_days: int
    moments: tuple[int, ...]
    yearly_minor: NDArray[np.int64]
    mature_day: NDArray[np.int32]
    undecided: int = 0
    silences: Silences | None = None

    def __len__(self) -> int:
        return len(self.left)

    def only(self, rows: NDArray[Any]) -> Panel:
        """The rows that ``rows`` marks or names by position."""
        table = self.table.only(rows)
        return replace(
            self,
            table=table,
            left=self.left[rows],
            departed_day=self.departed_day[rows],
            yearly_minor=self.yearly_minor[rows],
            mature_day=self.mature_day[rows],
            silences=None if self.silences is None else self.silences.only(rows),
            moments=tuple(sorted(set(table.at_day.tolist()))),
        )

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Which rows are mature by the end of the data: what is graded is graded on them."""
        if self.silences is None:
            return np.ones(len(self), bool)
        return self.mature_day <= self.silences.end_day

    def known_by(self, day: int, seed: int = 0) -> Panel:
        """What could be learnt from at ``day``: rows whose horizon had passed, and who had left.

        Where undecided rows are kept, silences are judged by what ``day`` knew of them: who had been
        silent for longer than was allowed had left, whatever came later, and of the others the outcome
        is drawn (``seed``).
        """
        mature = self.mature_day <= day
        if self.silences is None:
            return self.only(mature)
        until = self.table.at_day + np.int32(self.horizon_days)
        rows = until <= day
        left, departed = self.left.copy(), self.departed_day.copy()
        silent = np.flatnonzero(rows & (self.silences.grace_days > 0))
        left[silent], departed[silent] = self.silences.drawn(
            silent, day, until[silent], departed[silent], seed
        )
        known = replace(self, left=left, departed_day=departed, undecided=int((rows & ~mature).sum()))
        return known.only(rows)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everybody present at a day: their features, and the money they bring in a year.

    ``grace_days``: so much silence each is allowed, 0 for those with a contract; ``mean_gap``: the usual
    days between purchases; ``last_day``: that of the last one, far in the past where there is none.
    """

    table: FeatureTable
    yearly_minor: NDArray[np.int64]
    grace_days: NDArray[np.int64]
    mean_gap: NDArray[np.float64]
    last_day: NDArray[np.int32]

    def only(self, rows: NDArray[Any]) -> Snapshot:
        """The rows that ``rows`` marks or names by position."""
        return Snapshot(
            self.table.only(rows),
            self.yearly_minor[rows],
            self.grace_days[rows],
            self.mean_gap[rows],
            self.last_day[rows],
        )


def joined(slices: Sequence[Snapshot], features: tuple[Feature, ...]) -> Snapshot:
    """The slices of one day as one snapshot, sorted by unit."""
    table = together([each.table for each in slices], features)
    order = np.argsort(table.unit_id, kind="stable")

    def whole(name: str, kind: type[np.generic]) -> NDArray[Any]:
        return np.concatenate([np.empty(0, kind), *(getattr(each, name) for each in slices)])[order]

    return Snapshot(
        table.only(order),
        whole("yearly_minor", np.int64),
        whole("grace_days", np.int64),
        whole("mean_gap", np.float64),
        whole("last_day", np.int32),
    )


def panel_of(pieces: Sequence[Panel], features: tuple[Feature, ...], horizon_days: int) -> Panel:
    """The rows of several days as one panel; own traits of which nothing was known go."""
    table = together([piece.table for piece in pieces], features)
    said = tuple(each for each in features if not each.name.startswith("trait ") or _any_known(table, each))
    table = replace(table, columns={each.name: table.columns[each.name] for each in said}, features=said)
    return Panel(
        table,
        np.concatenate([piece.left for piece in pieces]),
        np.concatenate([piece.departed_day for piece in pieces]),
        horizon_days,
        tuple(piece.moments[0] for piece in pieces if len(piece)),
        np.concatenate([piece.yearly_minor for piece in pieces]),
        np.concatenate([piece.mature_day for piece in pieces]),
        sum(piece.undecided for piece in pieces),
        _put_together([piece.silences for piece in pieces]),
    )


def decided(piece: Panel, end_day: int) -> Panel:
    """The rows that are mature, without what the others would be drawn from."""
    mature = piece.mature_day <= end_day
    return replace(piece.only(mature), undecided=int((~mature).sum()), silences=None)


def _put_together(each: Sequence[Silences | None]) -> Silences | None:
    """The silences of several days, ``None`` where they are not kept."""
    kept = [silences for silences in each if silences is not None]
    if not kept:
        return None

    def whole(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(silences, name) for silences in kept])

    return Silences(
        *(whole("unit_id"), whole("at_day"), whole("last_day"), whole("latest_day")),
        *(whole("grace_days"), whole("mean_gap"), kept[0].dropout, kept[0].end_day),
    )


def _any_known(table: FeatureTable, feature: Feature) -> bool:
    values = table.columns[feature.name]
    if values.dtype == object:
        return any(value is not None for value in values.tolist())
    return not bool(np.isnan(values).all())


def sampled(unit: NDArray[np.int64], share: float) -> NDArray[np.bool_]:
    """A fixed part of the units, the same on every day."""
    mixed = (unit.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    return mixed < share * 2**24


def thinned(parts: Sequence[Part], share: float) -> tuple[Sequence[Part], float]:
    """Every n-th slice where a part of the customers is enough, and the share of those to take.

    Slices are made by hash, so that one is as good as another.
    """
    every = min(int(1 / share), len(parts) // 2) if share < 1 else 1
    return (parts[::every], share * every) if every > 1 else (parts, share)


def too_long(first_day: int | None, end_day: int, grace_days: int, horizon_days: int) -> Refusal:
    """What is said where no day is so long ago that its outcome has shown."""
    if grace_days >= OPEN:
        return Refusal(
            "horizon_too_long",
            found=Text("Too few purchases were repeated to say which silence is too long."),
            expected=Text("A rule of who counts as lost that these data can answer."),
            remedy=Text(
                'Set rule = "fixed" and after_days under [lost] in holdfast.toml, or bring more history.'
            ),
        )
    return Refusal(
        "horizon_too_long",
        found=Text(
            "The data cover {history}; the outcome of a day shows after {needed}.",
            history=Days(0 if first_day is None else end_day - first_day),
            needed=Days(horizon_days + grace_days),
        ),
        expected=Text("Only a day whose outcome has shown can teach anything."),
        remedy=Text("Choose a shorter horizon, or wait until there is more history."),
    )
