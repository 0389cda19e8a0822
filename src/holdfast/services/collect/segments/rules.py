"""Whether a rule can be used here: every name is known, and no segment refers to itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from holdfast.domain.expression import Expression, circle, conditions, longest_chain
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.segments.offered import Offered, offered
from holdfast.store import segments

if TYPE_CHECKING:
    from holdfast.settings import Settings

KINDS: Mapping[str, Text] = {
    "trait": Text("trait"),
    "event": Text("event"),
    "answer": Text("kind of survey"),
    "feature": Text("feature"),
    "fact": Text("fact"),
    "score": Text("score"),
    "segment": Text("segment"),
    "category": Text("category of products"),
}

LONGEST_CHAIN = 20
"""So many segments may refer to each other one after the other."""

_NAMED = 30


def rules_of(settings: Settings) -> dict[str, Expression]:
    """The rule of every segment, by key."""
    return {each.key: parse(each.rule) for each in segments.listed(settings)}


def check_rule(settings: Settings, rule: Expression, now_us: int, *, key: str = "") -> None:
    """Refuse a rule that names what there is not (``unknown_in_rule``), or comes back to itself
    (``circle_of_segments``); ``key`` is that of the segment it is for, "" for a new one.
    """
    unknown = list(_unknown(rule, offered(settings, now_us)))
    if unknown:  # perhaps it has come since the log was counted
        here = offered(settings, now_us, fresh_us=0)
        unknown = list(_unknown(rule, here))
        if unknown:
            raise _no_such(*unknown[0], here)
    rules = {**rules_of(settings), (key or _NEW): rule}
    if found := circle(rules, key or _NEW):
        raise _circle(settings, found)
    if longest_chain(rules, key or _NEW) > LONGEST_CHAIN:
        raise Refusal(
            "bad_rule",
            found=Text("The rule leads through more than {n} segments.", n=LONGEST_CHAIN),
            expected=Text("A rule that asks for the customers themselves."),
            remedy=Text("Mend the rule and try again; nothing was changed."),
        )


_NEW = "\0new"  # no key of a segment


def _unknown(rule: Expression, known: Offered) -> Iterator[tuple[str, str]]:
    """(kind, name) of what a rule names and there is not."""
    for leaf in conditions(rule):
        if not known.knows(leaf.of.kind, leaf.of.name):
            yield leaf.of.kind, leaf.of.name
        folded = {each.casefold() for each in known.categories}
        for category in leaf.of.option("category") or ():
            if category.casefold() not in folded:
                yield "category", category


def _no_such(kind: str, name: str, known: Offered) -> Refusal:
    names = known.names(kind)
    close = get_close_matches(name, names, _NAMED, 0.4)
    shown = [*close, *(each for each in names if each not in close)][:_NAMED]
    more = len(names) - len(shown)
    there_is: Text = Text("There is none.")
    if shown:
        there_is = Text("There are: {names}.", names=", ".join(shown))
    if more > 0:
        there_is = Text("There are {names} and {n} more.", names=", ".join(shown), n=more)
    return Refusal(
        "unknown_in_rule",
        found=Text("No {kind} is called {name}.", kind=KINDS[kind], name=name),
        expected=there_is,
        remedy=Text("Mend the rule and try again; nothing was changed."),
    )


def _circle(settings: Settings, keys: tuple[str, ...]) -> Refusal:
    titles = {each.key: each.title for each in segments.listed(settings)}
    way = " → ".join(titles.get(key, key) for key in keys)
    return Refusal(
        "circle_of_segments",
        found=Text("The segment would refer to itself: {way}.", way=way.replace(_NEW, "?")),
        expected=Text("A rule whose segments do not lead back to it."),
        remedy=Text("Take one of them out of the rule; nothing was changed."),
    )
