"""What a signal is: an early warning about one customer, raised once an episode, with its evidence.

Each file in ``analytics/signals`` declares one :class:`Signal` as ``SIGNAL``. It says which numbers it
looks at (features of its own, with the needs and the arithmetic of
:mod:`holdfast.analytics.feature`), and what must hold of them, as an expression over ``feature``
conditions. The same declaration is asked of a few customers while events arrive, of everybody at night,
and of the past when its record is measured: nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from holdfast.analytics.feature import Cause, Feature
from holdfast.domain.expression import All, Condition, Either, Expression, Looked, Operator, Test
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Columns = Mapping[str, "NDArray[np.generic]"]
"""The numbers of many customers by name, rows aligned."""

Values = Mapping[str, float]
"""The settings of a signal by name, as people left them."""

SettingUnit = Literal["count", "days", "share", "score", "money", "ratio"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A number of a signal that people may change, between ``least`` and ``most``."""

    name: str
    title: Text
    unit: SettingUnit
    default: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Example:
    """A tiny history and whom the signal warns of at the start of the day ``at``.

    ``events`` is told as :mod:`holdfast.analytics.stories` reads it. ``answers`` maps "who" to whether
    the warning holds; ``None``: not enough is known to say.
    """

    title: str
    events: str
    at: date
    answers: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of evidence: one of the numbers, beside another one that says what is ``usual``.

    :func:`holdfast.analytics.evidence.evidence_words` makes the sentence of the number's title: "Opened
    mails in 12 weeks: 0 (usual: 4)".
    """

    number: str
    usual: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One early warning.

    ``code`` is its row in the catalogue ("C5"), ``cause`` the group of causes it belongs to. ``numbers``
    are what it looks at; their names begin with the file's name.
    ``when`` and ``ends_when`` make the rule of the settings: an episode begins where ``when`` holds and
    ends where ``ends_when`` does, which asks for more than the opposite (hysteresis). ``judged_if`` must
    hold, else the answer is "not enough signal"; then ``lapses_if`` says whether there is nothing left to
    judge an open episode by, which ends it for that reason (silent for so long that no habit is left).
    ``strength`` is 0..1 of each customer, from the columns
    of the numbers; without it 1. ``cooldown_days`` after its end no new episode begins.
    ``evidence`` names the numbers that are told of a customer, the most telling first.
    ``watch`` names events without which the signal has nothing to look at in a company and is not
    asked (any of them is enough; of none, it always is).
    """

    name: str
    code: str
    title: Text
    meaning: Text
    cause: Cause
    numbers: tuple[Feature, ...]
    when: Callable[[Values], Expression]
    ends_when: Callable[[Values], Expression]
    evidence: tuple[Shown, ...]
    examples: tuple[Example, ...]
    settings: tuple[Setting, ...] = ()
    judged_if: Callable[[Values], Expression] | None = None
    lapses_if: Callable[[Values], Expression] | None = None
    strength: Callable[[Columns, Values], NDArray[np.float64]] | None = None
    cooldown_days: int = 14
    watch: tuple[str, ...] = ()

    def defaults(self) -> dict[str, float]:
        """The settings as they are delivered."""
        return {each.name: each.default for each in self.settings}


@dataclass(frozen=True, slots=True)
class Tuned:
    """A signal with the settings of a workspace; ``values`` of ``{}`` means the delivered ones."""

    signal: Signal
    values: Values = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, float]:
        """Every setting's value."""
        return {**self.signal.defaults(), **self.values}

    @property
    def when(self) -> Expression:
        """When it begins."""
        return self.signal.when(self.settings)

    @property
    def ends_when(self) -> Expression:
        """When it is over."""
        return self.signal.ends_when(self.settings)

    @property
    def judged_if(self) -> Expression | None:
        """When there is enough to judge; ``None``: always."""
        judged_if = self.signal.judged_if
        return None if judged_if is None else judged_if(self.settings)

    @property
    def lapses_if(self) -> Expression | None:
        """When nothing is left to judge by; ``None``: that never comes."""
        lapses_if = self.signal.lapses_if
        return None if lapses_if is None else lapses_if(self.settings)


def number(name: str, operator: Operator, *values: float) -> Condition:
    """A condition on one of the numbers."""
    return Condition(Looked("feature", name), Test(operator, values))


def both(*parts: Expression) -> Expression:
    """All parts hold."""
    return All(parts)


def either(*parts: Expression) -> Expression:
    """At least one part holds."""
    return Either(parts)
