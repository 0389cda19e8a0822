"""How well one customer stands: the score, its dimensions, and what moved it since a week ago."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.health import Change
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.foresee.health import Health, health_of
from holdfast.services.foresee.reading import Criteria, CustomerRisk, Driver

NAMES: dict[str, Text] = {
    "use": Text("Use"),
    "money": Text("Money"),
    "service": Text("Service"),
    "feedback": Text("What they say"),
    "relationship": Text("Relationship"),
    "payment": Text("Payment"),
}
"""The dimensions as pages call them."""

LEAST_MOVE = 0.5
"""A dimension that moved health by less than half a point is not named."""

_SAME = 1.0
"""Within a point of the average customer, nothing is better or worse."""


@dataclass(frozen=True, slots=True)
class ShownDimension:
    """One dimension: its health with a length of 100, and how it compares with the average customer."""

    name: str
    value: str
    width: str
    mark: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class HealthCard:
    """Health as the customer's page shows it."""

    score: str
    below: str
    dimensions: tuple[ShownDimension, ...]
    change: str
    moves: tuple[str, ...]
    own_name: str
    own: str


def health_card(found: CustomerRisk, criteria: Criteria, reader: Reader) -> HealthCard | None:
    """The card in the reader's words; ``None`` where nothing is foreseen of the customer."""
    health = health_of(found, criteria)
    if health is None:
        return None
    average = reader.number(round(health.average))
    own = "" if health.own is None else reader.number(round(health.own))
    return HealthCard(
        score=reader.number(round(health.score)),
        below=reader.say(Text("of 100; the average customer: {n}", n=average)),
        dimensions=tuple(
            _dimension(name, value, health, found.drivers, reader)
            for name, value in health.dimensions.items()
        ),
        change=_changed(health, reader),
        moves=() if health.change is None else _moves(health.change, reader),
        own_name=health.own_name if own else "",
        own=own,
    )


def _mark(health: float) -> str:
    return f"{min(98.5, max(0.0, health - 0.75)):.2f}"


def _dimension(
    name: str, value: float, health: Health, drivers: tuple[Driver, ...], reader: Reader
) -> ShownDimension:
    """``why`` is the strongest driver of the group that points the way in which the dimension differs."""
    apart = value - health.average
    worse = apart < 0
    reasons = [each for each in drivers if each.cause == name and (each.effect > 0) == worse]
    strongest = max(reasons, key=lambda each: abs(each.effect), default=None)
    return ShownDimension(
        name=reader.say(NAMES[name]),
        value=reader.number(round(value)),
        width=f"{value:.1f}",
        mark=_mark(health.average),
        said=_beside_average(apart, reader),
        why=reader.say(strongest.words) if strongest and abs(apart) >= _SAME else "",
    )


def _beside_average(apart: float, reader: Reader) -> str:
    if abs(apart) < _SAME:
        return reader.gettext("like the average")
    points = round(abs(apart))
    if apart < 0:
        return reader.say(Text("{n} below the average", n=points))
    return reader.say(Text("{n} above the average", n=points))


def _changed(health: Health, reader: Reader) -> str:
    """How far the score moved since then."""
    if health.change is None or health.since is None:
        return ""
    points = round(health.change.points)
    if not points:
        return reader.say(Text("As on {day}.", day=health.since))
    return reader.say(
        Text(
            "{points} point since {day}.",
            "{points} points since {day}.",
            points=reader.signed(points),
            n=abs(points),
            day=health.since,
        )
    )


def _moves(change: Change, reader: Reader) -> tuple[str, ...]:
    """What moved the score, the strongest first; nothing where it stayed as it was."""
    if not round(change.points):
        return ()
    named = [(reader.say(NAMES[name]), points) for name, points in change.of_dimension.items()]
    named.append((reader.gettext("Everything else together"), change.rest))
    moved = sorted((each for each in named if abs(each[1]) >= LEAST_MOVE), key=lambda each: -abs(each[1]))
    return tuple(f"{name}: {reader.signed(round(points))}" for name, points in moved)
