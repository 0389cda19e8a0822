"""What a feature is: one number (or word) about one customer as of one moment.

Each file in ``analytics/features`` declares one :class:`FeatureFamily` as ``FAMILY``. A feature
names the aggregates it needs, and, where arithmetic remains, one pure function over them. The same
declaration is emitted for scoring (the moment is a literal) and for past snapshots (the moment is a
column), and explains itself in pages and driver sentences.

Whatever is aggregated happened, and was known, before the moment: nobody has to say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from holdfast.analytics.spec import Column, Expression
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Unit = Literal["count", "money", "days", "share", "ratio", "score", "category"]
Cause = Literal["use", "money", "service", "feedback", "relationship", "payment", "season", "tenure"]

MOMENT = Column("t_us")
"""The moment of asking, in every expression of a feature: a literal, or a column of the spine."""

AMOUNT = Column("amount")
"""The amount of the row in minor units of the reporting currency, null where no rate converts it."""

PURCHASE = Column("is_purchase")
"""Whether the row is a purchase of this company: an order, or a payment where nothing is ordered."""

RETURN = Column("is_return")
"""Whether the row takes a purchase back."""

ACTIVITY = Column("is_activity")
"""Whether the customer did something: bought, used, signed in, wrote, viewed; not what we did."""


@dataclass(frozen=True, slots=True)
class Over:
    """An aggregate over the events of a customer for which ``where`` holds.

    The window is ``[t - days, t - until_days)``; ``days`` of ``None`` reaches back to the first event.
    ``count`` counts rows; ``active_days`` different local days; ``distinct`` different values of ``of``;
    ``sum``, ``least`` and ``greatest`` are of ``of`` (``nan`` over nothing, but for ``sum``: 0).
    """

    aggregate: Literal["count", "active_days", "distinct", "sum", "least", "greatest"]
    of: Expression | None = None
    where: Expression | None = None
    days: int | None = None
    until_days: int = 0


@dataclass(frozen=True, slots=True)
class Objects:
    """An aggregate over the objects of one kind (tickets, subscriptions ...), by their state as of t.

    ``latest`` makes one row per ``object_id`` from its events before t; its columns can be used in
    ``where`` and ``of``, beside :data:`MOMENT`. Open tickets: those that were opened later than closed.
    """

    kind: str
    latest: Mapping[str, Over]
    aggregate: Literal["count", "sum", "least", "greatest"]
    of: Expression | None = None
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """The days between different local days on which ``where`` holds, within the last ``days``.

    ``number`` of gaps, their ``mean``, their ``spread`` (standard deviation, n - 1), the ``longest``,
    and the days ``since`` the last such day; ``nan`` where there are too few.
    """

    statistic: Literal["number", "mean", "spread", "longest", "since"]
    where: Expression
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Counts by day of the events for which ``where`` holds: customers x the last ``days`` days.

    The last column is the day before t. A feature gets the whole matrix.
    """

    where: Expression
    days: int


@dataclass(frozen=True, slots=True)
class CompanyDays:
    """The weight of each of the last ``days`` days in the whole company, by the events of ``where``.

    1 a usual day, 0 a day without any data, ``nan`` not known yet; the last column is the day before t.
    Where the basis knows nothing of the company every day weighs 1. A feature gets one row for all
    customers, or one for each. ``name`` is that of what is counted: one name, one condition.
    """

    name: str
    where: Expression
    days: int


@dataclass(frozen=True, slots=True)
class Trait:
    """What was known at t of a trait: a number or a word (``nan`` or ``None``: nothing)."""

    name: str


Asked = Over | Objects | Gaps | Series | CompanyDays | Trait
"""What is asked of the log, or of what is known beside it."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One ``column`` of what ``work`` makes of other needs.

    For arithmetic that answers several features at once and costs much: features whose ``needs`` and
    ``work`` are the same share one call.
    """

    column: str
    needs: Mapping[str, Asked]
    work: Callable[[Needed], Mapping[str, NDArray[np.generic]]]


Need = Asked | Worked
Needed = Mapping[str, "NDArray[np.generic]"]


def asked_of(needs: Iterable[Need]) -> Iterator[Asked]:
    """The needs that are asked of the log, those behind what is worked out of them among them."""
    for need in needs:
        if isinstance(need, Worked):
            yield from need.needs.values()
        else:
            yield need


@dataclass(frozen=True, slots=True)
class Example:
    """A tiny history and the value to it, as in :class:`holdfast.analytics.metric.Example`.

    ``events`` is told as :mod:`holdfast.analytics.stories` reads it; ``answers`` maps "who" to the
    value at the start of the day ``at`` (``None``: not known).
    """

    title: str
    events: str
    at: date
    answers: Mapping[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    ``title`` names it in a driver sentence ("Orders in the last 28 days"), ``meaning`` explains it in
    one sentence. ``unit`` tells how its value is written; ``window_days`` the stretch it looks at,
    ``None`` for the whole history. ``cause`` is the group under which drivers are summed. ``needs``
    are aggregates by name; ``value`` makes the value of them (numpy, customers in rows, ``nan`` for
    "not known"); without it there is one need and it is the value.
    """

    name: str
    title: Text
    meaning: Text
    unit: Unit
    cause: Cause
    needs: Mapping[str, Need]
    value: Callable[[Needed], NDArray[np.generic]] | None = None
    window_days: int | None = None
    examples: tuple[Example, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FeatureFamily:
    """The features of one file; ``name`` is the file's, ``title`` for people.

    ``watch`` names events without which the whole family says nothing and is left out of a
    company's table (any of them is enough; of none, it is always in). ``of_accounts``: it says
    something only where the unit that leaves is an account with people.
    """

    name: str
    title: Text
    features: tuple[Feature, ...]
    watch: tuple[str, ...] = ()
    of_accounts: bool = False
