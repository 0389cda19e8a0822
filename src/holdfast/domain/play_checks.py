"""What is wrong with a play that can be read: it never ends, holds all out, makes a circle with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from holdfast.domain import plays as p
from holdfast.domain.expression import Expression, conditions
from holdfast.domain.texts import Text

OURS = ("Play ", "Touch Would Send")
"""How events begin that plays themselves write: a play that begins with one would begin without an end."""

WRITES = ("message", "survey", "newsletter")
"""Steps that write to the customer."""

FOLLOWS = frozenset(
    {
        *("Touch Sent", "Touch Failed", "Message Sent", "Message Delivered", "Message Undelivered"),
        *("Email Delivered", "Email Bounced"),
    }
)
"""Events that follow from what is written to a customer, whatever the customer does."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: a stable ``code``, words, the step where it stands ("" for the whole play).

    Only what ``stops`` keeps a play from being launched.
    """

    code: str
    words: Text
    step: str = ""
    stops: bool = True


def problems(play: p.Play) -> list[Problem]:
    """What can be said of a play alone."""
    return [
        *(*_shares(play), *_ends(play), *_at_once(play)),
        *(*_begins(play), *_branches(play), *_credits(play)),
    ]


def late(play: p.Play, now: datetime, zone: tzinfo) -> Iterator[Problem]:
    """What can be said of its days at ``now``, by the clock of ``zone``: they are past."""
    last, at = play.ends_on, _moment(play.trigger, zone)
    if last is not None and last < now.astimezone(zone).date():
        yield Problem("over_already", Text("Its last day, {day}, is past: nobody would enter.", day=last))
        return
    on = None if at is None else at.astimezone(zone).date()
    if on is not None and last is not None and last < on:
        words = Text("It goes out on {day}, which is after its last day: nobody would enter.", day=on)
        yield Problem("over_before", words)
    if at is not None and at <= now:
        words = Text("Its moment is past ({day}): it goes out as soon as it is launched.", day=on)
        yield Problem("moment_past", words, stops=False)


def _moment(trigger: p.Trigger, zone: tzinfo) -> datetime | None:
    """When a broadcast goes out; ``None`` for what names no moment."""
    if not isinstance(trigger, p.Broadcast) or trigger.at is None:
        return None
    at = datetime.fromisoformat(trigger.at)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _shares(play: p.Play) -> Iterator[Problem]:
    if play.hold_out >= 1:
        yield Problem("all_held_out", Text("Everybody is held out: nobody would be reached."))
    elif play.purpose == "service" and play.hold_out > 0:
        words = Text("What is service goes to everybody: a play of this purpose holds nobody out.")
        yield Problem("service_held_out", words)
    elif play.purpose == "marketing" and play.hold_out == 0:
        words = Text("Nobody is held out: what the play is worth cannot be told.")
        yield Problem("nobody_held_out", words, stops=False)
    elif play.hold_out > 0.5:
        words = Text("More than half of the customers are held out.")
        yield Problem("many_held_out", words, stops=False)


def _ends(play: p.Play) -> Iterator[Problem]:
    if play.goal is None and not play.exits and play.ends_on is None:
        words = Text(
            "It has no goal, no exit and no last day: say when it is over, for a customer or for all."
        )
        yield Problem("no_end", words)
    elif play.goal is None:
        words = Text("It has no goal: whether it helped can be told by who stays only.")
        yield Problem("no_goal", words, stops=False)


def _at_once(play: p.Play) -> Iterator[Problem]:
    """What plays write of everybody who enters ends it before anything is done."""
    named = [play.goal.event if play.goal else "", *(each.event for each in play.exits)]
    if own := [each for each in named if each.startswith(OURS)]:
        words = Text(
            "It is over by “{event}”, which plays write themselves: name another event.", event=own[0]
        )
        yield Problem("over_at_once", words)


def _begins(play: p.Play) -> Iterator[Problem]:
    if isinstance(play.trigger, p.EventHappened) and play.trigger.name.startswith(OURS):
        words = Text("It begins with an event that plays write themselves: it would never end.")
        yield Problem("circle", words)
    once = isinstance(play.trigger, p.OnSchedule) and play.again_after_days is None
    if once:
        words = Text("It comes again and again, but nobody enters twice: say after how many days they may.")
        yield Problem("enters_once", words, stops=False)


def _branches(play: p.Play) -> Iterator[Problem]:
    for step in p.steps_of(play):
        empty = step.do in p.WITH_PATHS and not any(path.steps for path in step.paths)
        if empty:
            yield Problem("empty_paths", Text("None of its ways has a step."), step.id, stops=False)


def _credits(play: p.Play) -> Iterator[Problem]:
    """Money that no budget can ever pay: whoever comes there would wait for it for ever."""
    budget = play.budget
    if budget is None or budget.amount_minor is None:
        return
    for step in p.steps_of(play):
        if step.do != "credit":
            continue
        if step.options.get("currency") != budget.currency:
            words = Text("The budget counts {currency}: it cannot pay this credit.", currency=budget.currency)
            yield Problem("other_currency", words, step.id)
        elif step.options.get("amount", 0) > budget.amount_minor:
            words = Text("This credit alone is more than the whole budget: nobody would ever get it.")
            yield Problem("over_budget", words, step.id)


@dataclass(frozen=True, slots=True)
class Changing:
    """What of a play makes other plays begin, and what begins it.

    That is the traits it changes and the segment that begins it; the event that begins it where customers
    may enter ``again``, and whether it writes to customers, from which events follow.
    """

    key: str
    changes: frozenset[str]
    begins_by: str
    event: str = ""
    again: bool = False
    writes: bool = False


def changing(play: p.Play) -> Changing:
    """What of a play is looked at for circles."""
    steps = list(p.steps_of(play))
    traits = {str(step.options.get("trait", "")) for step in steps if step.do == "change_trait"}
    return Changing(
        play.key,
        frozenset(traits),
        play.trigger.key if isinstance(play.trigger, p.SegmentMoved) else "",
        play.trigger.name if isinstance(play.trigger, p.EventHappened) else "",
        again=play.again_after_days is not None,
        writes=any(step.do in WRITES for step in steps),
    )


def circle(
    start: Changing, others: Sequence[Changing], segments: Mapping[str, Expression]
) -> tuple[str, ...]:
    """Keys of plays that begin one another, ``start`` first and last; () where there is no such circle.

    A play leads to another when it changes a trait that the rule of the other's segment asks for, or writes
    to customers where what follows from that begins the other, again and again.
    """
    plays = {each.key: each for each in others} | {start.key: start}
    asks = {key: _traits_in(key, segments, frozenset()) for key in {e.begins_by for e in plays.values()}}

    def leads(at: Changing, to: Changing) -> bool:
        if at.writes and to.again and to.event in FOLLOWS:
            return True
        return bool(to.begins_by and at.changes & asks[to.begins_by])

    def look(at: Changing, way: tuple[str, ...]) -> tuple[str, ...]:
        for following in plays.values():
            if not leads(at, following):
                continue
            if following.key == start.key:
                return (*way, start.key)
            if following.key not in way and (found := look(following, (*way, following.key))):
                return found
        return ()

    return look(start, (start.key,))


def _traits_in(key: str, segments: Mapping[str, Expression], seen: frozenset[str]) -> frozenset[str]:
    """The traits that a segment asks for, by itself or through others."""
    if key in seen or key not in segments:
        return frozenset()
    found: set[str] = set()
    for leaf in conditions(segments[key]):
        if leaf.of.kind == "trait":
            found.add(leaf.of.name)
        elif leaf.of.kind == "segment":
            found |= _traits_in(leaf.of.name, segments, seen | {key})
    return frozenset(found)
