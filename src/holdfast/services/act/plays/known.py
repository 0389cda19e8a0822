"""What is known of the customers of one batch, looked up for all of them together.

However many steps ask: rules are evaluated as sets, events are read by one query, traits, addresses, cases
and consent by a few statements.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import TYPE_CHECKING

from holdfast.domain.arms import Draw
from holdfast.domain.consent import CALLS, Statement, may_be_called
from holdfast.domain.expression import Expression, Scalar
from holdfast.domain.moments import microseconds
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.plays_known import Address

Moments = Mapping[tuple[int, str], Sequence[int]]
"""(customer, event name) to when it happened, in order."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer as steps see one (:class:`holdfast.steps.contract.View`), and what carries effects out."""

    unit_id: int
    language: str
    zone: tzinfo
    open_cases: int
    traits: Mapping[str, str]
    addresses: Mapping[str, Address]
    owner_id: int | None
    has_left: bool
    declined_us: int | None
    no_calls: bool
    draw: Draw
    rules: frozenset[str]
    moments: Moments

    def holds(self, rule: Expression) -> bool:
        """Whether a rule holds of them now."""
        return repr(rule) in self.rules

    def happened(self, name: str, since_us: int) -> int | None:
        """When an event of this name was first heard of since then."""
        found = self.moments.get((self.unit_id, name), ())
        place = bisect_left(found, since_us)
        return found[place] if place < len(found) else None

    def trait(self, name: str) -> Scalar | None:
        """What a trait says now."""
        return self.traits.get(name)

    def reaches(self, channel: str) -> bool:
        """Whether there is an address for a channel."""
        return channel in self.addresses

    def place(self, salt: str) -> float:
        """A number in [0, 1) that is theirs for ever."""
        turned = replace(self.draw, constant=self.draw.constant + _number(salt))
        return turned.place(self.unit_id)


def _number(salt: str) -> int:
    return int.from_bytes(sha256(salt.encode()).digest()[:4], "big") % 2**31


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to be known of a batch: rules that are asked, events that are listened to, since when."""

    rules: tuple[Expression, ...] = ()
    events: frozenset[str] = field(default_factory=frozenset)
    since_us: int = 0
    topic: str = "offers"


def known(
    settings: Settings, units: Collection[int], wanted: Wanted, draw: Draw, now: datetime
) -> dict[int, Customer]:
    """Customers by their numbers; who was merged into another or erased is not among them."""
    from holdfast.language import preferred
    from holdfast.services.act.messages.values import language_from
    from holdfast.services.act.whereabouts import places
    from holdfast.store import plays_known
    from holdfast.store.members import members

    whose = members(settings, units)
    unit_of = {subject: unit for subject, unit in whose.unit_of.items() if unit in units}
    subjects: dict[int, list[int]] = {}
    for subject, unit in sorted(unit_of.items()):
        subjects.setdefault(unit, []).append(subject)
    said = plays_known.traits(settings, unit_of)
    cases, left = plays_known.open_cases(settings, unit_of), plays_known.lost(settings, subjects)
    owners, zones = plays_known.owners(settings, unit_of), places(settings, subjects, microseconds(now))
    addresses = _addresses(settings, unit_of)
    rules = _rules(settings, wanted.rules, list(subjects), now)
    moments = _moments(settings, wanted, unit_of)
    statements = _statements(settings, subjects)
    declined = _declined(statements, wanted.topic)
    found = {}
    for unit, ids in subjects.items():
        traits = {name: value for subject in ids for name, value in said.get(subject, {}).items()}
        found[unit] = Customer(
            unit,
            language_from(traits, preferred("")),
            zones[unit].zones[0] if zones[unit].zones else settings.zone,
            cases.get(unit, 0),
            traits,
            addresses.get(unit, {}),
            owners.get(unit),
            unit in left,
            declined.get(unit),
            not may_be_called(statements.get(unit, ())),
            draw,
            frozenset(rule for rule, whom in rules.items() if unit in whom),
            moments,
        )
    return found


def _addresses(settings: Settings, unit_of: Mapping[int, int]) -> dict[int, dict[str, Address]]:
    from holdfast.store import in_app, plays_known

    found: dict[int, dict[str, Address]] = {}
    for (unit, channel), address in plays_known.talks(settings, unit_of).items():
        found.setdefault(unit, {})[channel] = address
    for subject, (key, app) in in_app.called(settings, unit_of).items():
        found.setdefault(unit_of[subject], {})["in_app"] = plays_known.Address(subject, key, app)
    for (unit, kind), address in plays_known.points(settings, unit_of).items():
        found.setdefault(unit, {})[kind] = address
        if kind == "phone":
            found[unit]["sms"] = address
    return found


def _rules(
    settings: Settings, rules: Iterable[Expression], units: Sequence[int], now: datetime
) -> dict[str, frozenset[int]]:
    """Rule (as written out) to of whom it holds."""
    from holdfast.services.collect.segments.leaves import asked
    from holdfast.services.collect.segments.rules import rules_of

    each = {repr(rule): rule for rule in rules}
    if not each or not units:
        return {}
    with asked(settings, microseconds(now), rules_of(settings), units) as customers:
        customers.begin(each.values())
        return {
            said: frozenset(customers.units[customers.meets(rule)].tolist()) for said, rule in each.items()
        }


def _moments(settings: Settings, wanted: Wanted, unit_of: Mapping[int, int]) -> Moments:
    """When the events that are listened to happened, of all these customers by one query."""
    from holdfast.analytics.emit import emit
    from holdfast.analytics.spec import Column, Compare, Every, Literal, OneOf, Query, columns
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import events_of

    if not wanted.events or not unit_of:
        return {}
    where = Every(
        (
            OneOf(Column("subject_id"), tuple(sorted(unit_of))),
            OneOf(Column("name"), tuple(sorted(wanted.events))),
            Compare(Column("at_us"), ">=", Literal(wanted.since_us)),
        )
    )
    query = Query("events", columns("subject_id", "name", "at_us"), where=where)
    settings.measured.mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.measured) as engine:
        found = engine.columns(emit(query, engine.dialect), {"events": events_of(settings, unit_of)})
    moments: dict[tuple[int, str], list[int]] = {}
    for subject, name, at_us in zip(
        found["subject_id"].tolist(), found["name"].tolist(), found["at_us"].tolist(), strict=True
    ):
        moments.setdefault((unit_of[int(subject)], str(name)), []).append(int(at_us))
    return {key: sorted(each) for key, each in moments.items()}


def _statements(settings: Settings, subjects: Mapping[int, Sequence[int]]) -> dict[int, Sequence[Statement]]:
    """Unit to all that it agreed to and declined."""
    from holdfast.store import consent

    whom = [(ids[0], b"") for ids in subjects.values()]
    said = consent.of_people(settings, whom) if whom else {}
    return {unit: said[ids[0], b""] for unit, ids in subjects.items()}


def _declined(statements: Mapping[int, Sequence[Statement]], topic: str) -> dict[int, int]:
    """Unit to when it last said that it wants no messages of a topic, where that is its last word."""
    found: dict[int, int] = {}
    for unit, said in statements.items():
        about = [each for each in said if each.topic in ("", topic) and each.channel != CALLS]
        last = max(about, key=lambda each: each.at_us, default=None)
        if last is not None and not last.given:
            found[unit] = last.at_us
    return found
