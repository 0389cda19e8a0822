"""The contact rules as people set them: how often, when and at which hours customers are written to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from holdfast.domain.held_before import held_before
from holdfast.domain.pressure import DAY_US, EVERY, PERS, Ask, Customer, Policy
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_pressure import CHANNELS, MOST, MOST_DAYS, number_of, read
from holdfast.settings import Settings

LOOKED_AT = 5_000
"""So many of the newest messages rules are tried on."""

_PREVIEW_DAYS = 30
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Tried:
    """How many offers and news of the last 30 days rules were tried on, and which they would have held."""

    messages: int
    held: Mapping[str, int]

    @property
    def held_in_all(self) -> int:
        """How many of them would have waited."""
        return sum(self.held.values())


@dataclass(frozen=True, slots=True)
class MonthSent:
    """A month by the company's clock: offers and news sent, who unsubscribed, who reported spam."""

    first: date
    sent: int
    unsubscribed: int
    complaints: int


def keep(settings: Settings, policy: Policy, *, now_us: int) -> None:
    """Keep the rules; what waits for the ones before is looked at again."""
    from holdfast.store import message_settings, pressure

    message_settings.set_contact_rules(settings, policy)
    pressure.look_again(settings, pressure.HELD_FOR, now_us=now_us)


def typed_rules(typed: Mapping[str, str]) -> tuple[Policy | None, dict[str, Text]]:
    """The rules that a form says; where it cannot be, ``None`` with what is wrong, by field."""
    wrong: dict[str, Text] = {}
    given = {
        "caps": [
            {"channel": channel, "per": per, "most": most}
            for channel in (EVERY, *CHANNELS)
            for per in PERS
            if (most := _number(typed, f"cap-{channel or 'all'}-{per}", MOST, wrong)) is not None
        ],
        "quiet": [hours for channel in CHANNELS if (hours := _quiet(typed, channel, wrong)) is not None],
        "floor_days": _number(typed, "floor_days", MOST_DAYS, wrong),
        "weekends": typed.get("weekends") == "1",
        "holidays": typed.get("holidays") == "1",
        "service_counts": typed.get("service_counts") == "1",
        "lapse_days": _number(typed, "lapse_days", MOST_DAYS, wrong),
    }
    if given["lapse_days"] is None:
        wrong.setdefault("lapse_days", Text("A whole number from 1 to {most}.", most=MOST_DAYS))
    return (None if wrong else read(given)), wrong


def _number(typed: Mapping[str, str], name: str, most: int, wrong: dict[str, Text]) -> int | None:
    written = typed.get(name, "").strip()
    if not written:
        return None
    try:
        return number_of(written, name, most)
    except Refusal as refusal:
        wrong[name] = refusal.expected
        return None


def _quiet(typed: Mapping[str, str], channel: str, wrong: dict[str, Text]) -> dict[str, object] | None:
    start, end = (typed.get(f"{name}-{channel}", "").strip() for name in ("from", "until"))
    if not start and not end:
        return None
    hours = {
        "channel": channel,
        "start": start,
        "end": end,
        "service": typed.get(f"service-{channel}") == "1",
    }
    try:
        read({"quiet": [hours]})
    except Refusal as refusal:
        wrong[f"from-{channel}"] = refusal.expected
        return None
    return hours


def try_out(settings: Settings, policy: Policy, *, now_us: int) -> Tried:
    """What rules would have done with the offers and news of the last 30 days: a few statements.

    Open cases and pauses of then are not counted.
    """
    from holdfast.services.act.whereabouts import place, places
    from holdfast.store import pressure
    from holdfast.store.linked import walk

    sent = pressure.went(settings, now_us - _PREVIEW_DAYS * DAY_US, LOOKED_AT)
    walked = walk({each.subject_id for each in sent if each.subject_id is not None})
    ids: dict[int, set[int]] = defaultdict(set)
    for subject in walked.unit:
        ids[walked.unit_of(subject)].add(subject)
    where = places(settings, ids, now_us)
    home = place("", "", settings.timezone, datetime.fromtimestamp(now_us // 1_000_000, UTC).year)
    asks = []
    for number, each in enumerate(sent):
        unit = None if each.subject_id is None else walked.unit_of(each.subject_id)
        customer = Customer(each.address, home) if unit is None else Customer(unit, where.get(unit, home))
        asks.append((Ask(str(number), customer, each.channel, "marketing", each.topic), each.at_us))
    return Tried(len(asks), dict(Counter(held_before(policy, asks)).most_common()))


def by_month(settings: Settings, *, now_us: int) -> Sequence[MonthSent]:
    """What was sent and who wanted no more, month by month, the newest first; months without any left out."""
    from holdfast.store import pressure

    today = datetime.fromtimestamp(now_us // 1_000_000, UTC).astimezone(settings.zone).date()
    last = today.year * 12 + today.month  # the month after this one begins the bounds' end
    firsts = [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS, last + 1)]
    bounds = [
        int(datetime(day.year, day.month, 1, tzinfo=settings.zone).timestamp()) * 1_000_000 for day in firsts
    ]
    found = [
        MonthSent(day, month.sent, month.unsubscribed, month.complaints)
        for day, month in zip(firsts, pressure.months(settings, bounds), strict=False)
    ]
    return [each for each in reversed(found) if each.sent or each.unsubscribed or each.complaints]
