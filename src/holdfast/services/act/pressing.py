"""Asks the contact rules about many touches at once: what went to these customers lately, their cases,
pauses and clocks are looked up in a few statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.pressure import Ask, Customer, Past, Policy, judge
from holdfast.domain.touch import Purpose, TouchRequest, Verdict
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.linked import Walked
    from holdfast.store.pressure import Holds, Near

Person = tuple[int | None, bytes]
Name = int | bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """A touch that consent lets go, to a person; ``pace_days`` is how far apart they want offers and news."""

    request: TouchRequest
    person: Person
    pace_days: int | None = None


Agrees = Callable[[Person, str, str], bool]
"""Whether a person agreed to a topic on a channel."""


def is_asked(policy: Policy, request: TouchRequest) -> bool:
    """Whether the rules have anything to say about such a touch."""
    if request.purpose == "marketing":
        return True
    waits = request.purpose == "service" and request.conversation_id is None
    return waits and any(each.service and each.channel == request.channel for each in policy.hours)


def press(
    settings: Settings,
    policy: Policy,
    wanted: Sequence[Wanted],
    walked: Walked,
    *,
    agrees: Agrees,
    now_us: int,
) -> list[Verdict]:
    """Whether each of these may go now, in order.

    Others that are due for the same customers are judged along: what ranks above may take the room.
    """
    from holdfast.store import pressure

    if not wanted:
        return []
    people = _People(wanted, walked)
    customers = _customers(settings, people, now_us)
    asks = [_asked(each, customers[people.name(each.person)]) for each in wanted]
    own = {ask.key for ask in asks}
    near = pressure.near(settings, people.subjects, people.strangers, now_us=now_us)
    others = [each for each in near if each.key not in own and people.of(each) in customers]
    past = [_past(each, people.of(each)) for each in others if each.state != "waiting"]
    rivals = [
        _rival(each, customers[people.of(each)], agrees(people.person(each), each.topic, each.channel))
        for each in others
        if each.state == "waiting"
    ]
    return judge(policy, [*asks, *rivals], past, now_us)[: len(asks)]


class _People:
    """The customers that are asked about: their ids and addresses, by a name that all of them share.

    The name is the number of the unit, of a stranger the key of the address.
    """

    def __init__(self, wanted: Sequence[Wanted], walked: Walked) -> None:
        self._walked = walked
        self.ids: dict[Name, set[int]] = defaultdict(set)
        self.keys: dict[Name, set[bytes]] = defaultdict(set)
        self.paces: dict[Name, int | None] = {}
        self._key_of: dict[str, bytes] = {}
        for each in wanted:
            name, (subject, key) = self.name(each.person), each.person
            unit = each.request.to.unit_id
            self.ids[name] |= {number for number in (subject, unit) if number is not None}
            self.keys[name].add(key)
            self.paces[name] = each.pace_days
            self._key_of[each.request.to.address] = key
        for subject, unit in walked.unit.items():
            if unit in self.ids:
                self.ids[unit].add(subject)
        self.strangers = {each.request.to.address for each in wanted if each.person[0] is None}

    @property
    def subjects(self) -> set[int]:
        """The ids of all of them."""
        return {subject for some in self.ids.values() for subject in some}

    def name(self, person: Person) -> Name:
        """What is the same for everything of one person."""
        subject, key = person
        return key if subject is None else self._walked.unit_of(subject)

    def person(self, near: Near) -> Person:
        """Whom a touch of the outbox goes to."""
        return near.subject_id, self._key_of.get(near.address, b"")

    def of(self, near: Near) -> Name:
        """The name of whom a touch of the outbox goes to."""
        return self.name(self.person(near))


def _customers(settings: Settings, people: _People, now_us: int) -> dict[Name, Customer]:
    """What counts of each, by name: a few statements for all of them."""
    from holdfast.services.act.whereabouts import places
    from holdfast.store import pressure

    keys = {key for some in people.keys.values() for key in some}
    held = pressure.holds(settings, people.subjects, keys, now_us=now_us)
    where = places(settings, people.ids, now_us)
    return {
        name: Customer(
            name,
            where[name],
            open_case=not held.cases.isdisjoint(subjects),
            paused_until_us=_paused_until(held, subjects, people.keys[name]),
            pace_days=people.paces[name],
        )
        for name, subjects in people.ids.items()
    }


def _paused_until(held: Holds, subjects: Collection[int], keys: Collection[bytes]) -> int | None:
    ends = [held.paused[each] for each in subjects if each in held.paused]
    ends += [held.paused_keys[each] for each in keys if each in held.paused_keys]
    return max(ends, default=None)


def _asked(wanted: Wanted, customer: Customer) -> Ask:
    request = wanted.request
    return Ask(
        request.key,
        customer,
        request.channel,
        request.purpose,
        request.topic,
        request.priority,
        request.asked_us,
        request.not_after_us,
        answers=request.conversation_id is not None,
    )


def _rival(near: Near, customer: Customer, agreed: bool) -> Ask:
    return Ask(
        near.key,
        customer,
        near.channel,
        "marketing" if near.purpose == "marketing" else "service",
        near.topic,
        near.priority,
        near.asked_us,
        near.not_after_us,
        agreed,
    )


def _past(near: Near, name: Name) -> Past:
    purpose: Purpose = "marketing" if near.purpose == "marketing" else "service"
    return Past(name, near.channel, purpose, near.changed_us, going=near.state == "claimed")
