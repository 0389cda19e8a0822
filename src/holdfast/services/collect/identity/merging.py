"""Saying who is whom: merge, undo, take ids out, say that two are different."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.identity.comparing import agreement, facts_of
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.merging import Merge

MOST_AT_ONCE = 5
"""Customers that one act merges: more is a list that nobody has read."""


def merge(settings: Settings, customers: Sequence[int], *, by: str, now: datetime) -> int:
    """Say that these customers are one from now on; the number under which it is undone.

    Refuses one customer alone ("one_customer"), more than :data:`MOST_AT_ONCE` ("too_many_at_once"),
    numbers that are no customer ("no_such_customer"), people with accounts ("people_and_accounts"),
    and those that are one already ("already_one"), which is what a circle of merges comes to.
    """
    from holdfast.store import merging

    units = _mergeable(settings, customers)
    facts = facts_of(settings, units)
    found = [agreement(settings, facts[units[0]], facts[other]) for other in units[1:]]
    return merging.make(
        settings,
        units,
        by=by,
        now_us=microseconds(now),
        reasons=list(dict.fromkeys(reason for each in found for reason in each.reasons)),
        score=min(each.score for each in found),
    )


def undo(settings: Settings, merge_id: int, *, by: str, now: datetime) -> bool:
    """Undo a merge; whether its customers are one still, because of other links.

    Refuses a number that was never given ("no_such_merge"), what is undone already and what was no
    merge ("not_to_undo").
    """
    from holdfast.store import merging

    found = merging.one(settings, merge_id)
    if found is None:
        raise Refusal(
            "no_such_merge",
            found=Text("There is no merge {id}.", id=str(merge_id)),
            expected=Text("The number of a merge, as the list of merges shows it."),
            remedy=Text("Look for it in the list; nothing was changed."),
        )
    still_one = None
    if found.kind == "merge" and found.undone_us is None:
        still_one = merging.unmake(settings, found, by=by, now_us=microseconds(now))
    if still_one is None:
        raise Refusal(
            "not_to_undo",
            found=Text("Number {id} is undone already, or was no merge.", id=str(merge_id)),
            expected=Text("A merge that holds."),
            remedy=Text("Merge the customers if they are one; nothing was changed."),
        )
    return still_one


def take_out(settings: Settings, ids: Collection[int], *, by: str, now: datetime) -> tuple[int, ...]:
    """Make a customer of its own of some of the ids of one; the customers there are now.

    Refuses none of them, all of them, and ids of several customers ("not_a_part").
    """
    from holdfast.store import merging
    from holdfast.store.linked import walk

    chosen = set(ids)
    walked = walk(chosen) if merging.known_ids(settings, chosen).keys() == chosen else None
    if not chosen or walked is None or len(set(walked.unit.values())) != 1 or walked.unit.keys() == chosen:
        raise Refusal(
            "not_a_part",
            found=Text("{n} id was chosen.", "{n} ids were chosen.", n=len(chosen)),
            expected=Text("Some of the ids of one customer, and not all of them."),
            remedy=Text("Choose those that belong to somebody else; nothing was changed."),
        )
    _, *units = merging.take_out(settings, chosen, by=by, now_us=microseconds(now))
    return tuple(units)


def say_different(settings: Settings, left: int, right: int, *, by: str, now: datetime) -> None:
    """Remember that two customers are not one. Refuses those that are one now ("already_one")."""
    from holdfast.store import merging

    a, b = _mergeable(settings, (left, right))
    merging.say_different(settings, a, b, by=by, now_us=microseconds(now))


def merges(settings: Settings, *, before: int | None = None, limit: int = 50) -> list[Merge]:
    """What people merged and took apart, the newest first."""
    from holdfast.store import merging

    return merging.listed(settings, before=before, limit=limit)


def _mergeable(settings: Settings, customers: Sequence[int]) -> list[int]:
    """The customers as links know them (people and accounts), or why they cannot be merged."""
    from holdfast.store import merging
    from holdfast.store.linked import sorts_of, walk

    wanted = sorted(set(customers))
    if not 2 <= len(wanted) <= MOST_AT_ONCE:
        raise _how_many(len(wanted))
    known = merging.known_ids(settings, wanted)
    if missing := [each for each in wanted if each not in known]:
        raise Refusal(
            "no_such_customer",
            found=Text("There is no customer {id}.", id=str(missing[0])),
            expected=Text("The number of a customer of this workspace."),
            remedy=Text("Look for the name in the list of customers."),
        )
    if len({sort == "account" for sort in sorts_of(wanted).values()}) > 1:
        raise Refusal(
            "people_and_accounts",
            found=Text("One of them is an account, another a person."),
            expected=Text("People are merged with people, accounts with accounts."),
            remedy=Text("Make the person a contact of the account instead; nothing was changed."),
        )
    walked = walk(wanted)
    units = sorted({walked.unit_of(each) for each in wanted})
    if len(units) < len(wanted):
        raise Refusal(
            "already_one",
            found=Text("Some of them are one customer already."),
            expected=Text("Customers that are not merged yet."),
            remedy=Text("Nothing is to be done; nothing was changed."),
        )
    return units


def _how_many(count: int) -> Refusal:
    if count < 2:
        return Refusal(
            "one_customer",
            found=Text("A customer cannot be merged with itself."),
            expected=Text("Two customers at least."),
            remedy=Text("Choose another one; nothing was changed."),
        )
    return Refusal(
        "too_many_at_once",
        found=Text("{n} customer was to be merged.", "{n} customers were to be merged.", n=count),
        expected=Text("At most {most} at once: a merge is to be looked at.", most=MOST_AT_ONCE),
        remedy=Text("Merge fewer; nothing was changed."),
    )
