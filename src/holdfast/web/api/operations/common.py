"""What the customers who left have in common, as the last nightly run found it."""

from __future__ import annotations

from datetime import date
from itertools import chain

from holdfast.learning.subgroups import Compared
from holdfast.services.understand import common as found_common
from holdfast.services.understand import common_words
from holdfast.store.write_keys import READ
from holdfast.web.api.contract import Answered, Call, operation
from holdfast.web.api.seeing import known_and_seen


class GroupCompared(Answered, frozen=True):
    """A group against everybody else: rows, how many of them left, and the ratio with its 95 % interval."""

    rows: int
    left: int
    others: int
    others_left: int
    ratio: float | None
    low: float | None
    high: float | None


class GroupCustomer(Answered, frozen=True):
    """A customer behind a group; ``departed`` is null for one who is there now."""

    customer_id: int
    departed: date | None
    yearly_minor: int


class CommonGroup(Answered, frozen=True):
    """A group of whom more left than chance explains.

    ``state`` is "confirmed" or "unconfirmed" on later data, or "open" where these are too few. ``chance`` is
    corrected for all groups that were tried, ``later_chance`` for all that were found. Customers are those
    with most money, at most 500 of each.
    """

    key: str
    who: str
    state: str
    earlier: GroupCompared
    later: GroupCompared
    chance: float
    later_chance: float | None
    lost: int
    part_of_lost: float
    lost_yearly_minor: int
    now: int
    now_yearly_minor: int
    gone: list[GroupCustomer]
    there: list[GroupCustomer]


class InCommon(Answered, frozen=True):
    """Who was looked at, how many groups were ``tried``, and those that stand out.

    ``rows`` are customers at the beginning of stretches of ``horizon_days``, ``left`` of them left; stretches
    from ``later_from`` on confirm. ``reason`` says why nothing could be looked for.
    """

    as_of: date | None
    horizon_days: int | None
    later_from: date | None
    rows: int
    left: int
    tried: int
    groups: list[CommonGroup]
    reason: str | None


@operation("GET", "/common", scope=READ)
def get_common(call: Call) -> InCommon:
    """Get what the customers who left have in common, beyond chance."""
    found = found_common.read(call.settings)
    if found is None:
        nobody = call.say(common_words.NOBODY_LOOKED)
        return InCommon(
            as_of=None,
            horizon_days=None,
            later_from=None,
            rows=0,
            left=0,
            tried=0,
            groups=[],
            reason=nobody,
        )
    behind = chain.from_iterable((*each.gone, *each.there) for each in found.groups)
    known = known_and_seen(call, (each.unit_id for each in behind))
    return InCommon(
        as_of=found.day,
        horizon_days=found.horizon_days,
        later_from=found.later_from,
        rows=found.rows,
        left=found.left,
        tried=found.tried,
        groups=[_group(call, each, known) for each in found.groups],
        reason=None if found.reason is None else call.say(found.reason),
    )


def _group(call: Call, each: found_common.Group, known: frozenset[int]) -> CommonGroup:
    return CommonGroup(
        key=each.key,
        who=call.say(each.who),
        state=each.state,
        earlier=_compared(each.earlier),
        later=_compared(each.later),
        chance=each.chance,
        later_chance=each.later_chance,
        lost=each.lost,
        part_of_lost=each.part_of_lost,
        lost_yearly_minor=each.lost_money_minor,
        now=each.now,
        now_yearly_minor=each.now_money_minor,
        gone=_behind(each.gone, known),
        there=_behind(each.there, known),
    )


def _compared(each: Compared) -> GroupCompared:
    return GroupCompared(
        rows=each.rows,
        left=each.left,
        others=each.others,
        others_left=each.others_left,
        ratio=each.ratio,
        low=each.low,
        high=each.high,
    )


def _behind(told: tuple[found_common.Behind, ...], known: frozenset[int]) -> list[GroupCustomer]:
    return [
        GroupCustomer(customer_id=each.unit_id, departed=each.departed, yearly_minor=each.money_minor)
        for each in told
        if each.unit_id in known
    ]
