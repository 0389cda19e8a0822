"""Accounts that belong to accounts: the tree around one, what it adds up to, and who may stand above whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.account_tree import Contact, Totals

DEEPEST = 10
"""Accounts above one another, counted from the highest: more is a mistake in the data."""

MOST_BELOW = 1_000
"""Accounts below one that are added up."""


@dataclass(frozen=True, slots=True)
class Named:
    """An account with what it is called; ``below`` how many accounts are right below it."""

    unit_id: int
    name: str
    below: int = 0


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """An account among others.

    ``above`` begins with the highest; ``circle`` names the accounts that stand above each other in a
    ring, where what came in says so (then nothing is added up). ``whole`` counts it and everything below;
    ``more`` that there are more below than were added up.
    """

    account: Named
    above: tuple[Named, ...]
    below: tuple[Named, ...]
    accounts: int
    own: Totals
    whole: Totals
    contacts: tuple[Contact, ...]
    circle: tuple[Named, ...]
    more: bool


def hierarchy(settings: Settings, account: int) -> Hierarchy | None:
    """The tree around an account; ``None`` for a number that is none."""
    from holdfast.store import account_tree
    from holdfast.store.linked import sorts_of, walk

    if sorts_of([account]).get(account) != "account":
        return None
    unit = walk({account}).unit_of(account)
    chain, circle = _above(settings, unit)
    above = [] if circle else chain
    inside, more = ({unit}, False) if circle else _inside(settings, unit)
    below = [] if circle else account_tree.children_of(settings, [unit]).get(unit, [])
    grand = account_tree.children_of(settings, below) if below else {}
    names = _names(settings, {unit, *above, *circle, *below})
    return Hierarchy(
        account=Named(unit, names[unit], len(below)),
        above=tuple(Named(each, names[each]) for each in reversed(above)),
        below=tuple(
            sorted((Named(each, names[each], len(grand.get(each, ()))) for each in below), key=_by_name)
        ),
        accounts=len(inside),
        own=account_tree.totals(settings, [unit]),
        whole=account_tree.totals(settings, inside),
        contacts=tuple(account_tree.contacts_of(settings, unit)),
        circle=tuple(Named(each, names[each]) for each in circle),
        more=more,
    )


def set_parent(settings: Settings, account: int, parent: int | None, *, by: str, now: datetime) -> None:
    """Say which account an account belongs to from now on; ``None``: to none.

    Refuses what is no account ("no_such_account"), an account that would stand above itself, with the
    circle named ("circle"), and one account above another more than :data:`DEEPEST` times ("too_deep").
    """
    from holdfast.services.collect.care.staff import staff_source
    from holdfast.store import account_tree, due, sql, told

    unit = _account(settings, account)
    if parent is not None:
        above = _account(settings, parent)
        _refuse_circle(settings, unit, above)
        _refuse_too_deep(settings, unit, above)
    now_us = int(now.timestamp() * 1_000_000)
    value = "" if parent is None else _written(settings, unit, above)
    source = staff_source(settings, now_us=now_us)
    with sql.short_write():
        told.say(settings, unit, account_tree.PARENT, value, by=by, now_us=now_us, import_id=source.import_id)
        due.touch(settings, [unit], now_us)


def _account(settings: Settings, account: int) -> int:
    from holdfast.store.linked import sorts_of, walk

    if sorts_of([account]).get(account) != "account":
        raise Refusal(
            "no_such_account",
            found=Text("Number {id} is no account.", id=str(account)),
            expected=Text("An account of this workspace."),
            remedy=Text("Look for its name in the list of customers; nothing was changed."),
        )
    return walk({account}).unit_of(account)


def _refuse_circle(settings: Settings, unit: int, above: int) -> None:
    chain, ring = _above(settings, above)
    line = [above, *chain]
    if unit in line:
        ring = [unit, *line[: line.index(unit) + 1]]
    if not ring:
        return
    names = _names(settings, ring)
    raise Refusal(
        "circle",
        found=Text(
            "Then {names} would stand above each other in a circle.",
            names=" → ".join(names[each] for each in ring),
        ),
        expected=Text("An account that does not belong to this one, directly or through others."),
        remedy=Text("Take one of them out of the other first; nothing was changed."),
    )


def _refuse_too_deep(settings: Settings, unit: int, above: int) -> None:
    chain, _ = _above(settings, above)
    deep = len(chain) + 1 + _height(settings, unit)
    if deep > DEEPEST:
        raise Refusal(
            "too_deep",
            found=Text(
                "Then {n} account would stand above one another.",
                "Then {n} accounts would stand above one another.",
                n=deep,
            ),
            expected=Text("At most {most}.", most=DEEPEST),
            remedy=Text("Let it belong to an account further up; nothing was changed."),
        )


def _above(settings: Settings, unit: int) -> tuple[list[int], list[int]]:
    """The accounts above one, the nearest first, and the ring in which that ends, where it does."""
    from holdfast.store import account_tree

    line = [unit]
    while len(line) < 2 * DEEPEST:
        parent = account_tree.parents_of(settings, line[-1:]).get(line[-1])
        if parent is None:
            break
        if parent in line:
            return line[1:], [*line[line.index(parent) :], parent]
        line.append(parent)
    return line[1:], []


def _inside(settings: Settings, unit: int) -> tuple[set[int], bool]:
    """An account and all below it; whether there are more than :data:`MOST_BELOW`."""
    from holdfast.store import account_tree

    inside, level = {unit}, [unit]
    for _ in range(2 * DEEPEST):
        found = account_tree.children_of(settings, level)
        level = sorted({child for children in found.values() for child in children} - inside)
        if not level:
            return inside, False
        room = MOST_BELOW - len(inside)
        inside.update(level[:room])
        if len(level) > room:
            return inside, True
    return inside, True


def _height(settings: Settings, unit: int) -> int:
    """How many accounts stand above one another from this one down, itself counted."""
    from holdfast.store import account_tree

    seen, level, height = {unit}, [unit], 0
    while level and height <= DEEPEST:
        height += 1
        found = account_tree.children_of(settings, level)
        level = sorted({child for children in found.values() for child in children} - seen)
        seen.update(level)
    return height


def _written(settings: Settings, unit: int, above: int) -> str:
    """How the account above is written in the trait of this one."""
    from holdfast.store import merging

    ids = merging.known_ids(settings, [unit, above])
    namespace, key = ids[above]
    return key if namespace == ids[unit][0] else f"{namespace}:{key}"


def _names(settings: Settings, units: Collection[int]) -> dict[int, str]:
    from holdfast.store import merging

    return merging.names_of(settings, units)


def _by_name(named: Named) -> tuple[str, int]:
    return named.name.casefold(), named.unit_id
