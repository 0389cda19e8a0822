"""Never a nuisance: how much, when and in which order messages may reach a customer, over all plays.

Pure: :func:`judge` says of many asks at once which may go now, which wait until when, which never go. What
a customer agreed to is decided before; nothing here lets a message go that consent does not.
"""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from holdfast.domain.texts import Text
from holdfast.domain.touch import SEND, TOUCH_CHANNELS, Purpose, Verdict
from holdfast.domain.waking import Place, Quiet, Times, opens_us, rests

Per = Literal["day", "week", "month"]
PERS: tuple[Per, ...] = get_args(Per)

_DAYS: Mapping[Per, int] = {"day": 1, "week": 7, "month": 30}
DAY_US = 86_400_000_000
LOOKED_BACK_US = 30 * DAY_US
"""How long what was sent counts: the longest period of a cap."""

EVERY = ""
"""As the channel of a cap: all of them together."""

GREETINGS = "greetings"
"""What is written because of a day goes on that day, a holiday too."""

RELOOK_US = 3_600_000_000
"""So soon one is looked at again that waits for something of which nobody knows when it is over."""

_SOON_US = 5_000_000


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many messages in any period of that length, on one channel or on :data:`EVERY`."""

    channel: str
    per: Per
    most: int

    @property
    def length_us(self) -> int:
        """How long the period is; any stretch of it, not that of the calendar."""
        return _DAYS[self.per] * DAY_US


@dataclass(frozen=True, slots=True)
class Hours:
    """The quiet hours of a channel; ``service`` says whether messages of service keep to them as well."""

    channel: str
    quiet: Quiet
    service: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What a company decided about how often and when it writes.

    Who heard nothing for ``floor_days`` is forgotten: caps by the week and the month do not hold the next
    message to them; caps by the day, quiet hours and consent do. ``weekends`` and ``holidays`` say whether
    offers and news go then. ``service_counts``: messages of service take from the room of offers and news.
    A message that found no room ``lapse_days`` after it was asked for never goes.
    """

    caps: tuple[Cap, ...] = ()
    hours: tuple[Hours, ...] = ()
    floor_days: int | None = None
    weekends: bool = True
    holidays: bool = True
    service_counts: bool = False
    lapse_days: int = 14


_EVENING, _MORNING = 21 * 60, 8 * 60

USUAL = Policy(
    caps=(Cap(EVERY, "day", 1), Cap(EVERY, "week", 3), Cap(EVERY, "month", 8)),
    hours=tuple(
        Hours(channel, Quiet(_EVENING, _MORNING), service=channel in ("sms", "whatsapp", "telegram"))
        for channel in ("email", "telegram", "sms", "whatsapp")
        if channel in TOUCH_CHANNELS
    ),
    floor_days=60,
    holidays=False,
)
"""What holds before anybody decided."""


@dataclass(frozen=True, slots=True)
class Customer:
    """What counts of whom a message goes to; ``name`` is the same for all addresses of one person.

    ``pace_days`` is how far apart offers and news are that this customer wants at all; no floor lifts it.
    """

    name: Hashable
    place: Place = field(default_factory=lambda: Place((ZoneInfo("UTC"),)))
    open_case: bool = False
    paused_until_us: int | None = None
    pace_days: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A message that wants to go. Higher ``priority`` goes first; of the same the one asked for earlier.

    ``agreed`` is whether consent lets it go at all; ``answers`` one that the customer wrote before.
    """

    key: str
    customer: Customer
    channel: str
    purpose: Purpose
    topic: str = ""
    priority: int = 0
    asked_us: int = 0
    not_after_us: int | None = None
    agreed: bool = True
    answers: bool = False

    @property
    def rank(self) -> tuple[bool, int, int, str]:
        """Smaller goes first."""
        return self.purpose == "marketing", -self.priority, self.asked_us, self.key


@dataclass(frozen=True, slots=True)
class Past:
    """A message that went to a customer; ``going`` where another sender is about to hand it over."""

    customer: Hashable
    channel: str
    purpose: Purpose
    at_us: int
    going: bool = False


def judge(policy: Policy, asks: Sequence[Ask], past: Iterable[Past], now_us: int) -> list[Verdict]:
    """Whether each of ``asks`` may go now, in their order.

    They are judged together: what goes takes room from what ranks below. A message that is held is held
    until the first moment at which it may be let go, or until it lapses.
    """
    rooms, open_from = _Rooms(policy, past, now_us), _Openings(policy, now_us)
    found = [SEND] * len(asks)
    for number in sorted(range(len(asks)), key=lambda number: asks[number].rank):
        found[number] = _judged(policy, asks[number], rooms, open_from)
        if found[number].does == "send":
            rooms.take(asks[number])
    return found


def _judged(policy: Policy, ask: Ask, rooms: _Rooms, open_from: _Openings) -> Verdict:
    if ask.purpose in ("legal", "staff") or (ask.purpose == "service" and ask.answers):
        return SEND
    if ask.purpose == "service":
        return _within(ask, open_from.held(ask), None)
    if not ask.agreed:
        return Verdict("refuse", "no_consent", Text("The customer has not agreed to such messages."))
    lapses_us = _lapses_us(policy, ask)
    if lapses_us is not None and rooms.now_us > lapses_us:
        return Verdict("refuse", "lapsed", Text("It waited too long for its turn, and is not sent any more."))
    held = _held_for_customer(ask.customer, rooms.now_us) or rooms.held(ask)
    if held is not None and held.again_us is not None:  # held until then, it does not come back by night
        again_us = open_from.first_us(ask, held.again_us)
        held = Verdict("hold", held.code, held.reason, held.again_us if again_us is None else again_us)
    return _within(ask, held or open_from.held(ask), lapses_us)


def _within(ask: Ask, held: Verdict | None, lapses_us: int | None) -> Verdict:
    if held is None:
        return SEND
    if lapses_us is None or held.again_us is None or held.again_us <= lapses_us:
        return held
    return Verdict("hold", held.code, held.reason, lapses_us + 1)


def _lapses_us(policy: Policy, ask: Ask) -> int | None:
    """After which moment it does not go any more; ``None`` where nobody knows when it was asked for."""
    ends = [ask.not_after_us] if ask.not_after_us is not None else []
    if ask.asked_us:
        ends.append(ask.asked_us + policy.lapse_days * DAY_US)
    return min(ends, default=None)


def _held_for_customer(customer: Customer, now_us: int) -> Verdict | None:
    until_us = customer.paused_until_us
    if until_us is not None and until_us > now_us:
        day = _day(until_us, customer.place)
        return Verdict(
            "hold", "paused", Text("Offers and news to this customer pause until {day}.", day=day), until_us
        )
    if customer.open_case:
        return Verdict(
            "hold",
            "open_case",
            Text("A complaint or request of the customer is open: nothing is sold to them now."),
            now_us + RELOOK_US,
        )
    return None


def _day(at_us: int, place: Place) -> date:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(place.zones[0]).date()


class _Openings:
    """When messages may go by the clock; asked for many at the same moment, answered once for each place."""

    def __init__(self, policy: Policy, now_us: int) -> None:
        self._policy, self._now_us = policy, now_us
        self._hours = {each.channel: each for each in policy.hours}
        self._found: dict[tuple[Times, Place], int | None] = {}

    def held(self, ask: Ask) -> Verdict | None:
        """That a message waits for a better hour; ``None`` where it may go now."""
        times, place = self._times(ask), ask.customer.place
        if (times, place) not in self._found:
            self._found[times, place] = opens_us(times, place, self._now_us)
        again_us = self._found[times, place]
        if again_us == self._now_us:
            return None
        if rests(times, place, self._now_us):
            reason = Text("Where the customer lives it is a day of rest.")
            return Verdict("hold", "rest_day", reason, again_us or self._now_us + DAY_US)
        reason = Text("Where the customer lives these are quiet hours.")
        return Verdict("hold", "quiet_hours", reason, again_us or self._now_us + DAY_US)

    def first_us(self, ask: Ask, from_us: int) -> int | None:
        """The first moment from then on at which it may go by the clock."""
        return opens_us(self._times(ask), ask.customer.place, from_us)

    def _times(self, ask: Ask) -> Times:
        hours, sells = self._hours.get(ask.channel), ask.purpose == "marketing"
        quiet = hours.quiet if hours is not None and (sells or hours.service) else None
        any_day = not sells or ask.topic == GREETINGS
        return Times(quiet, any_day or self._policy.weekends, any_day or self._policy.holidays)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Room that is taken; ``sure`` where the message has gone, not only may go."""

    at_us: int
    channel: str
    sells: bool
    counts: bool
    sure: bool


class _Rooms:
    """How much room is left for each customer."""

    def __init__(self, policy: Policy, past: Iterable[Past], now_us: int) -> None:
        self.now_us = now_us
        self._policy = policy
        self._taken: dict[Hashable, list[_Taken]] = {}
        self._going: set[Hashable] = set()
        for each in past:
            self._take(each.customer, each.at_us, each.channel, each.purpose, sure=not each.going)
            if each.going:
                self._going.add(each.customer)

    def take(self, ask: Ask) -> None:
        """A message goes."""
        if ask.purpose in ("marketing", "service"):
            self._take(ask.customer.name, self.now_us, ask.channel, ask.purpose, sure=False)

    def _take(self, name: Hashable, at_us: int, channel: str, purpose: Purpose, *, sure: bool) -> None:
        sells = purpose == "marketing"
        counts = sells or (purpose == "service" and self._policy.service_counts)
        self._taken.setdefault(name, []).append(_Taken(at_us, channel, sells, counts, sure))

    def held(self, ask: Ask) -> Verdict | None:
        """That there is no room for a message, and until when; ``None`` where there is."""
        taken = self._taken.get(ask.customer.name)
        if not taken:
            return None
        return self._paced(taken, ask) or self._capped(taken, ask)

    def _paced(self, taken: Sequence[_Taken], ask: Ask) -> Verdict | None:
        if ask.customer.pace_days is None:
            return None
        sold = [each for each in taken if each.sells]
        free_us = self._free_us(sold, ask.customer.pace_days * DAY_US, 1, ask)
        if free_us <= self.now_us:
            return None
        return Verdict("hold", "pace", Text("The customer wants to hear of us less often."), free_us)

    def _capped(self, taken: Sequence[_Taken], ask: Ask) -> Verdict | None:
        forgotten = self._is_forgotten(taken)
        full = [
            (free_us, cap)
            for cap in self._policy.caps
            if cap.channel in (EVERY, ask.channel)
            and not (forgotten and cap.per != "day")
            and (free_us := self._free_under(cap, taken, ask)) > self.now_us
        ]
        if not full:
            return None
        free_us, cap = max(full, key=lambda each: (each[0], each[1].channel, each[1].per))
        return Verdict("hold", "cap", cap_words(cap), free_us)

    def _free_under(self, cap: Cap, taken: Sequence[_Taken], ask: Ask) -> int:
        counted = [each for each in taken if each.counts and cap.channel in (EVERY, each.channel)]
        return self._free_us(counted, cap.length_us, cap.most, ask)

    def _is_forgotten(self, taken: Sequence[_Taken]) -> bool:
        floor = self._policy.floor_days
        return floor is not None and max(each.at_us for each in taken) <= self.now_us - floor * DAY_US

    def _free_us(self, taken: Sequence[_Taken], length_us: int, most: int, ask: Ask) -> int:
        """When less than ``most`` of ``taken`` lie in the time before; now, where it is so already."""
        within = sorted((each.at_us, each.sure) for each in taken if each.at_us > self.now_us - length_us)
        if len(within) < most:
            return self.now_us
        free_us = within[len(within) - most][0] + length_us
        if all(sure for _, sure in within):
            return free_us
        return min(free_us, self.now_us + self._soon_us(ask))

    def _soon_us(self, ask: Ask) -> int:
        """What took the room may fail yet. Two that wait for each other look again at different moments."""
        if ask.customer.name not in self._going:
            return RELOOK_US
        return _SOON_US + zlib.crc32(ask.key.encode()) % 60 * 1_000_000


def cap_words(cap: Cap) -> Text:
    """What a cap says."""
    n = cap.most
    if cap.channel != EVERY:
        return _channel_words(cap)
    if cap.per == "day":
        return Text(
            "A customer gets {n} message a day at most.", "A customer gets {n} messages a day at most.", n=n
        )
    if cap.per == "week":
        return Text(
            "A customer gets {n} message a week at most.", "A customer gets {n} messages a week at most.", n=n
        )
    return Text(
        "A customer gets {n} message a month at most.", "A customer gets {n} messages a month at most.", n=n
    )


def _channel_words(cap: Cap) -> Text:
    n, channel = cap.most, TOUCH_CHANNELS.get(cap.channel) or cap.channel  # type: ignore[call-overload]
    if cap.per == "day":
        return Text(
            "A customer gets {n} message a day at most by this way: {channel}.",
            "A customer gets {n} messages a day at most by this way: {channel}.",
            n=n,
            channel=channel,
        )
    if cap.per == "week":
        return Text(
            "A customer gets {n} message a week at most by this way: {channel}.",
            "A customer gets {n} messages a week at most by this way: {channel}.",
            n=n,
            channel=channel,
        )
    return Text(
        "A customer gets {n} message a month at most by this way: {channel}.",
        "A customer gets {n} messages a month at most by this way: {channel}.",
        n=n,
        channel=channel,
    )
