"""A ready play becomes one of this company: its currency, its valued customers, its feasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from holdfast.domain.amends import amends_minor
from holdfast.domain.expression import conditions
from holdfast.domain.moments import microseconds
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.plays import Broadcast, Play, rules_in
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import parse
from holdfast.services.act.plays import define, library, written

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.plays import KeptPlay

VALUED = "abc-a"
"""The segment of valued customers, by which ready plays part ways: of the ready-made set ``abc``."""

_MANY_ORDERS = 10


def adopted(
    settings: Settings,
    key: str,
    language: str,
    say: Callable[[Text], str],
    *,
    made_by: str = "",
    now: datetime,
) -> Play:
    """The ready play ``key``, fit to be kept here as a draft; nothing of it runs yet.

    Makes the segment of valued customers where a ready play asks for it and there is none: whom a
    company values is decided once, in that segment, for all plays. Refuses ("no_such_ready_play").
    """
    ready = library.one(key)
    content = ready.written(language)
    for credit in _credits(content):
        credit["currency"] = settings.currency or NO_CURRENCY
        credit["amount"] = _amends(settings, credit["amount"])
    play = written.read(content).play
    if ready.feast:
        play = replace(play, trigger=Broadcast(feast=ready.feast))
    if asks_for(play, VALUED):
        _make_valued(settings, say, made_by, now)
    return play


def take_over(
    settings: Settings,
    key: str,
    language: str,
    say: Callable[[Text], str],
    *,
    by: str,
    now: datetime,
) -> KeptPlay:
    """Keep the ready play ``key`` as a draft. Refuses as :func:`adopted`, and where it is there already
    ("key_taken").
    """
    play = adopted(settings, key, language, say, made_by=by, now=now)
    return define.make(settings, written.written_as(play), by=by, now=now)


def asks_for(play: Play, segment: str) -> bool:
    """Whether a play asks who is in a segment."""
    leaves = (leaf.of for rule in rules_in(play) for leaf in conditions(rule))
    return any(of.kind == "segment" and of.name == segment for of in leaves)


def _credits(part: Any) -> Iterator[dict[str, Any]]:
    """The steps of a written play that credit money."""
    if isinstance(part, list):
        for each in part:
            yield from _credits(each)
    elif isinstance(part, dict):
        if part.get("do") == "credit":
            yield part
        for value in part.values():
            yield from _credits(value)


def _amends(settings: Settings, otherwise: int) -> int:
    from holdfast.store import segment_leaves

    spent = segment_leaves.column_of(settings, "standing", "amount_minor")[1]
    orders = segment_leaves.column_of(settings, "standing", "orders")[1]
    return amends_minor(float(spent.sum()), float(orders.sum()), otherwise=otherwise)


def _make_valued(settings: Settings, say: Callable[[Text], str], made_by: str, now: datetime) -> None:
    """Who brings most of the money; before there is any, who ordered often."""
    from holdfast.services.collect.segments import define as segment
    from holdfast.services.collect.segments import ready_made
    from holdfast.store import segments

    if any(each.key == VALUED for each in segments.listed(settings)):
        return
    now_us = microseconds(settings.now(now))
    try:
        ready_made.make(settings, "abc", say, made_by=made_by, now_us=now_us)
    except Refusal as refusal:
        if refusal.code != "nothing_to_make":
            raise
        rule = parse({"fact": "orders", "at_least": _MANY_ORDERS})
        segment.create(
            settings, say(Text("Valued customers")), rule, made_by=made_by, now_us=now_us, key=VALUED
        )
