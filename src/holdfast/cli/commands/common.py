"""``holdfast common``: what the lost have in common, as the last nightly run found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.understand.common import Common, Group

ORDER = 49


def _run(session: Session) -> None:
    from holdfast.services.understand.common import read

    found = read(session.settings())
    session.finish(_answer(found), lambda: _show(session, found))


def _answer(found: Common | None) -> dict[str, Any]:
    from holdfast.services.understand.common_words import NOBODY_LOOKED

    if found is None:
        empty = dict.fromkeys(("as_of", "horizon_days", "stretches", "later_from", "rows", "left", "tried"))
        return {**empty, "groups": [], "reason": NOBODY_LOOKED}
    return {
        "as_of": found.day,
        "horizon_days": found.horizon_days,
        "stretches": list(found.stretches),
        "later_from": found.later_from,
        "rows": found.rows,
        "left": found.left,
        "tried": found.tried,
        "groups": [_group(each) for each in found.groups],
        "reason": found.reason,
    }


def _group(each: Group) -> dict[str, Any]:
    later = each.later
    return {
        "key": each.key,
        "who": each.who,
        "state": each.state,
        "chance": each.chance,
        "later_chance": each.later_chance,
        "later": {
            "rows": later.rows,
            "left": later.left,
            "others": later.others,
            "others_left": later.others_left,
        },
        "ratio": later.ratio,
        "low": later.low,
        "high": later.high,
        "lost": each.lost,
        "part_of_lost": each.part_of_lost,
        "now": each.now,
    }


def _show(session: Session, found: Common | None) -> None:
    from holdfast.services.understand import common_words as words

    if found is None or found.reason is not None:
        session.tell(found.reason if found and found.reason else words.NOBODY_LOOKED)
        return
    session.tell(words.summary(found))
    for each in found.groups:
        session.tell(Text("{who} ({state})", who=each.who, state=words.STATES[each.state]))
        session.tell(words.compared(each, found.horizon_days))
    session.tell(words.honesty(found))


COMMAND = Command("common", Text("Say what the customers who left have in common, beyond chance."), _run, [])
