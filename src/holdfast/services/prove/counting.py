"""What the proof of each play is made of, counted by the nightly run: sums over who entered, by day and arm.

Pages and programs read what was counted last, so that opening a page counts nobody. What must not follow from
what came of a play is decided by its first count and stays: for how long customers are followed, which share
of them left before, and up to which amount a customer's money counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from holdfast.domain.arms import Arm
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.period import date_of, day_number
from holdfast.learning.experiment import Enrolled, Sums, sums_of
from holdfast.services.act.plays import define
from holdfast.settings import Settings
from holdfast.store import plays, plays_counted, plays_proved
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_proved import Entries, KeptProof

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.analytics.outcomes import Outcomes
    from holdfast.services.measure.measure import Ready

USUAL_RATE = 0.1
"""The share that leaves while a play is followed, where too little is known of the past."""

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Line:
    """Customers of one arm who entered on one day; ``entered`` counts those too who had left before.

    ``sums`` of those whose follow-up is not ``over`` hold what was known of them before alone.
    """

    entered: int
    sums: Enrolled
    over: bool


def note(settings: Settings, tables: Ready, *, now_us: int) -> int:
    """Count every play that was launched and holds customers out; how many were counted."""
    due = list(_due(settings, now_us))
    if not due:
        return 0
    asked = outcomes(settings, tables, {unit for _, _, entries in due for unit in entries.unit})
    margin = tables.company.margin if tables.kept.has_amounts else None
    as_of = day_number(tables.until.over)
    for play, before, entries in due:
        cap, lines = _lines(entries, asked, before, margin, as_of)
        plays_proved.keep(
            settings,
            KeptProof(
                play.id,
                before.follow_days,
                before.base_rate,
                before.cap_minor if before.cap_minor is not None else cap,
                as_of,
                now_us,
                {"lines": [_written(each) for each in lines], "money": margin is not None},
            ),
        )
    return len(due)


def begun(settings: Settings, play: KeptPlay) -> KeptProof:
    """What is decided of a play before anything is counted, by its first version that was launched."""
    versions = plays.launched_versions(settings, [play.id])
    first = define.ready_of(min(versions, key=lambda each: each.number)).play if versions else None
    follow = (first.follow_days if first else None) or settings.risk.horizon_days
    launched = datetime.fromtimestamp((play.launched_us or 0) / 1_000_000, UTC)
    return KeptProof(play.id, follow, base_rate(settings, launched, follow), None, 0, 0, {})


def base_rate(settings: Settings, before: datetime, days: int) -> float:
    """The share of customers that left in so many days before a moment."""
    end = day_number(before.astimezone(settings.zone).date())
    found = plays_counted.share_lost(settings, end - days, end)
    return found if found is not None and 0 < found < 1 else USUAL_RATE


def lines_of(kept: KeptProof) -> list[Line]:
    """What was counted of a play, day by day."""
    return [_read(each) for each in kept.content["lines"]]


def outcomes(settings: Settings, tables: Ready, units: set[int]) -> Outcomes:
    """What becomes of these customers, from the tables of a run."""
    import numpy as np

    from holdfast.analytics.emit import emit
    from holdfast.analytics.outcomes import Outcomes
    from holdfast.analytics.purchases import Purchases
    from holdfast.analytics.spec import Query, columns
    from holdfast.services.measure.build import bought
    from holdfast.services.measure.source import workspace_source

    wanted = np.array(sorted(units), np.int64)
    query = emit(Query("spells", columns("unit_id", "start_day", "end_day")), tables.engine.dialect)
    found = tables.engine.columns(query, {"spells": tables.kept.tables["spells"]})
    unit, start, end = (np.asarray(found[name], np.int64) for name in ("unit_id", "start_day", "end_day"))
    own = np.isin(unit, wanted)
    parts = [
        part.only(np.isin(part.unit, wanted))
        for part in bought(tables.engine, workspace_source(settings), tables.plan, tables.kept)
    ]
    names = Purchases.__slots__
    whole = Purchases(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    return Outcomes.of(unit[own], start[own], end[own], whole)


def zone_us(settings: Settings, now: datetime) -> int:
    """How far the clock of the workspace is ahead of UTC."""
    ahead = settings.now(now).astimezone(settings.zone).utcoffset() or timedelta()
    return int(ahead.total_seconds()) * 1_000_000


def _due(settings: Settings, now_us: int) -> Iterator[tuple[KeptPlay, KeptProof, Entries]]:
    """Every play there is something to count of, with what was decided of it, and who entered."""
    ahead = zone_us(settings, datetime.fromtimestamp(now_us / 1_000_000, UTC))
    spent: dict[int, float] | None = None
    for play in plays.listed(settings):
        kept = plays_proved.kept(settings, play.id)
        if play.launched_us is None or (kept is not None and _is_over(play, kept)):
            continue
        if spent is None:
            spent = plays_proved.spent(settings, plays_proved.costs(settings))
        currency = settings.currency or NO_CURRENCY
        entries = plays_proved.entries(settings, play.id, zone_us=ahead, currency=currency, spent=spent)
        if any(each < 1 for each in entries.probability):
            yield play, kept or begun(settings, play), entries


def _is_over(play: KeptPlay, kept: KeptProof) -> bool:
    """Whether everybody was followed to the end, and nobody else enters."""
    return play.state == "ended" and all(line.over for line in lines_of(kept))


def _lines(
    entries: Entries, asked: Outcomes, before: KeptProof, margin: float | None, as_of: int
) -> tuple[int | None, list[Line]]:
    """The lines of a play, and up to which amount a customer's margin counts."""
    import numpy as np

    from holdfast.analytics.outcomes import cap_of

    unit, day = np.array(entries.unit, np.int64), np.array(entries.day, np.int64)
    days, share = before.follow_days, margin or 0.0
    cap = before.cap_minor
    if cap is None and margin is not None:
        found = cap_of(asked.amount(unit, day, -days))
        cap = None if found is None else round(found * share)
    earned = asked.amount(unit, day, days) * share
    if cap is not None:
        earned = np.clip(earned, -cap, cap)
    table = _Table(
        day,
        np.array(entries.treated, np.int64),
        np.round(np.array(entries.probability), 9),
        _known_before(entries, asked, unit, day, before.base_rate),
        asked.present(unit, day),
        asked.left(unit, day, days).astype(np.float64),
        None if margin is None else np.asarray(earned, np.float64),
        np.array(entries.cost),
    )
    return cap, list(table.lines(days, as_of))


def _known_before(
    entries: Entries, asked: Outcomes, unit: NDArray[np.int64], day: NDArray[np.int64], base: float
) -> NDArray[np.float64]:
    """What was known of each customer before it entered: its risk, and what it brought in a year; of these,
    what is not the same for all.
    """
    import numpy as np

    risk = np.array([base if each is None else each for each in entries.risk], np.float64) - base
    year = np.log1p(np.maximum(asked.amount(unit, day, -YEAR_DAYS), 0) / 100.0)
    columns = [each - each.mean() for each in (risk, year) if np.ptp(each) > 0]
    return np.column_stack(columns) if columns else np.empty((len(unit), 0))


@dataclass(frozen=True, slots=True)
class _Table:
    """Who entered a play, column by column."""

    day: NDArray[np.int64]
    treated: NDArray[np.int64]
    probability: NDArray[np.float64]
    before: NDArray[np.float64]
    present: NDArray[np.bool_]
    left: NDArray[np.float64]
    margin: NDArray[np.float64] | None
    cost: NDArray[np.float64]

    def lines(self, days: int, as_of: int) -> Iterator[Line]:
        """A line per day, arm and chance of being treated."""
        import numpy as np

        order = np.lexsort((self.probability, self.treated, self.day))
        keys = np.column_stack([self.day, self.treated, self.probability])[order]
        begins = np.flatnonzero(np.any(keys[1:] != keys[:-1], axis=1)) + 1
        for first, last in pairwise([0, *begins.tolist(), len(order)]):
            yield self._line(order[first:last], days, as_of)

    def _line(self, rows: NDArray[np.int64], days: int, as_of: int) -> Line:
        day, could = int(self.day[rows[0]]), rows[self.present[rows]]
        over, arm = day + days < as_of, _arm(int(self.treated[rows[0]]))
        left = self.left[could] if over else self.left[could] * 0
        margin = sums_of(self.margin[rows], self.before[rows]) if over and self.margin is not None else None
        sums = Enrolled(
            on=date_of(day),
            arm=arm,
            probability=float(self.probability[rows[0]]),
            left=sums_of(left, self.before[could]),
            margin=margin,
            cost=float(self.cost[rows].sum()) if arm == "treated" else 0.0,
        )
        return Line(len(rows), sums, over)


def _arm(treated: int) -> Arm:
    return "treated" if treated else "held_out"


def _written(line: Line) -> list[Any]:
    sums = line.sums
    return [
        *(day_number(sums.on), int(sums.arm == "treated"), sums.probability, line.entered, int(line.over)),
        *(sums.cost, _sums(sums.left), None if sums.margin is None else _sums(sums.margin)),
    ]


def _read(written: Sequence[Any]) -> Line:
    day, treated, probability, entered, over, cost, left, margin = written
    sums = Enrolled(
        on=date_of(day),
        arm=_arm(treated),
        probability=probability,
        left=_sums_of(left),
        margin=None if margin is None else _sums_of(margin),
        cost=cost,
    )
    return Line(entered, sums, bool(over))


def _sums(sums: Sums) -> list[Any]:
    return [sums.n, sums.y, sums.yy, sums.x, sums.xx, sums.xy, sums.largest]


def _sums_of(written: Sequence[Any]) -> Sums:
    n, y, yy, x, xx, xy, largest = written
    return Sums(n, y, yy, tuple(x), tuple(xx), tuple(xy), largest)
