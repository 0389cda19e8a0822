"""Changes of ours: entered once, told to the customers concerned in good time, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Meta

from holdfast.domain.changes import LONGEST_TITLE, LONGEST_WORDS, ChangeKind
from holdfast.services.act.changes import concerned, entering, later, playing, progress
from holdfast.services.act.changes.proposing import proposed_rule
from holdfast.services.collect.segments.offered import offered
from holdfast.store import changes_counted, plays_reading
from holdfast.store.changes import KeptChange, Said
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS, EXPORTERS
from holdfast.web.api.contract import Answered, Asked, Call, Money, operation
from holdfast.web.api.operations.plays import play_of
from holdfast.web.api.play_shapes import Play
from holdfast.web.api.shapes import money

ChangeKey = Annotated[str, Meta(max_length=80)]
Short = Annotated[str, Meta(max_length=LONGEST_TITLE)]
Rule = Annotated[dict[str, Any], Meta(description="Whom it concerns, as rules of segments are written.")]
ChangeWords = Annotated[
    dict[str, dict[str, Annotated[str, Meta(max_length=LONGEST_WORDS)]]],
    Meta(description="What customers read: by language, then by field of the kind."),
]

MOST = 200
"""So many customers are named, those who bring most first."""


class ChangeOfOurs(Answered, frozen=True):
    """A change; ``stage`` is "entered", "prepared", "waits", "telling" or "told".

    ``days_late`` is by how many days customers hear of it later than is fair. ``play`` is the key of the play
    that tells them, "" before there is one; ``yearly`` is what those concerned bring in a year.
    """

    key: str
    kind: ChangeKind
    title: str
    about: str
    effect_on: date | None
    notice_on: date | None
    wish: str
    rule: dict[str, Any] | None
    words: dict[str, dict[str, str]]
    play: str
    stage: str
    days_late: int
    concerned: int
    yearly: Money
    told: int


class ChangesOfOurs(Answered, frozen=True):
    """Every change, the one entered last first."""

    items: list[ChangeOfOurs]


class HeldBack(Answered, frozen=True):
    """So many customers were held back or left out; ``code`` is stable, ``because`` says why in words."""

    code: str
    because: str
    customers: int


class ChangeProgress(Answered, frozen=True):
    """A change with what came of it: of those who were told, how many wrote since, complained, left.

    ``customer_ids`` are of those concerned, who bring most first; 200 at most.
    """

    change: ChangeOfOurs
    answered: int
    complained: int
    left: int
    left_untold: int
    later: int
    held: list[HeldBack]
    customer_ids: list[int]


class ChangeSaid(Asked, frozen=True):
    """What is said of a change. Without ``notice_on`` it is proposed from the kind and the day."""

    kind: ChangeKind
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    about: Short = ""
    effect_on: date | None = None
    notice_on: date | None = None
    wish: Short = ""
    rule: Rule | None = None
    words: ChangeWords = {}  # noqa: RUF012  (msgspec copies it)


class ProposalAsked(Asked, frozen=True):
    """Of which kind a change is, and what it is about: a product, a plan, a way to pay, a cause."""

    kind: ChangeKind
    about: Short = ""


class ProposedRule(Answered, frozen=True):
    """A rule to begin with."""

    rule: dict[str, Any]


@operation("GET", "/changes", scope=READ)
def list_changes(call: Call) -> ChangesOfOurs:
    """List the changes of ours, with how far each is."""
    return ChangesOfOurs(
        items=[_shown(call, each) for each in progress.standings(call.settings, call.actual)]
    )


@operation("GET", "/change-proposal", scope=READ)
def propose_whom_a_change_concerns(call: Call, query: ProposalAsked) -> ProposedRule:
    """Get a rule for whom a change of a kind probably concerns."""
    found = offered(call.settings, call.actual_us)
    return ProposedRule(rule=proposed_rule(query.kind, query.about, found))


@operation("GET", "/changes/{key}", scope=READ)
def get_change(call: Call, key: ChangeKey) -> ChangeProgress:
    """Get a change with what came of it."""
    return _came(call, entering.find(call.settings, key))


@operation("POST", "/changes", scope=WRITE, roles=EXPORTERS, status=201)
def enter_change(call: Call, body: ChangeSaid) -> ChangeProgress:
    """Enter a change, and find whom it concerns."""
    kept = entering.enter(call.settings, _said(body), by=call.by, now=call.actual)
    return _came(call, concerned.draw_up(call.settings, kept, call.actual))


@operation("PUT", "/changes/{key}", scope=WRITE, roles=EXPORTERS)
def correct_change(call: Call, key: ChangeKey, body: ChangeSaid) -> ChangeProgress:
    """Change what is said of a change, and find anew whom it concerns."""
    kept = entering.find(call.settings, key)
    kept = entering.correct(call.settings, kept, _said(body), read_us=kept.changed_us, now=call.actual)
    return _came(call, concerned.draw_up(call.settings, kept, call.actual))


@operation("POST", "/changes/{key}/find", scope=WRITE, roles=EXPORTERS)
def find_whom_a_change_concerns(call: Call, key: ChangeKey) -> ChangeProgress:
    """Find anew whom a change concerns."""
    kept = entering.find(call.settings, key)
    return _came(call, concerned.draw_up(call.settings, kept, call.actual))


@operation("POST", "/changes/{key}/play", scope=WRITE, roles=EXPORTERS, status=201)
def make_play_of_change(call: Call, key: ChangeKey) -> Play:
    """Make the play that tells a change, or write its draft anew. It is launched as every play."""
    kept = entering.find(call.settings, key)
    made = playing.make_play(call.settings, kept, call.reader.code, call.say, by=call.by, now=call.actual)
    return play_of(made, plays_reading.Counts())


@operation("POST", "/changes/{key}/tell-later", scope=WRITE, roles=DECIDERS)
def tell_who_came_later(call: Call, key: ChangeKey) -> ChangeProgress:
    """Let customers enter the play who came to the list after it went out."""
    kept = entering.find(call.settings, key)
    later.tell_later(call.settings, kept, by=call.by, now=call.actual)
    return _came(call, kept)


@operation("DELETE", "/changes/{key}", scope=WRITE, roles=EXPORTERS)
def delete_change(call: Call, key: ChangeKey) -> None:
    """Forget a change of which nobody was told."""
    entering.delete(call.settings, entering.find(call.settings, key))


def _said(body: ChangeSaid) -> Said:
    return Said(
        body.kind,
        body.title,
        body.about,
        body.effect_on,
        body.notice_on,
        body.rule,
        body.wish,
        body.words,
    )


def _came(call: Call, kept: KeptChange) -> ChangeProgress:
    found = progress.standing(call.settings, kept, call.actual)
    came = progress.progress(call.settings, found)
    return ChangeProgress(
        change=_shown(call, found),
        answered=came.answered,
        complained=came.complained,
        left=came.left,
        left_untold=came.left_untold,
        later=len(later.later(call.settings, kept, found.play, call.actual)),
        held=[
            HeldBack(
                code=each.code,
                because=call.say(each.because) if each.because is not None else "",
                customers=each.customers,
            )
            for each in came.held
        ],
        customer_ids=changes_counted.dearest(call.settings, kept.key, MOST, call.theirs),
    )


def _shown(call: Call, found: progress.Standing) -> ChangeOfOurs:
    kept, counted = found.change, found.concerned
    return ChangeOfOurs(
        key=kept.key,
        kind=kept.kind,
        title=kept.title,
        about=kept.about,
        effect_on=kept.effect_on,
        notice_on=kept.notice_on,
        wish=kept.wish,
        rule=None if kept.rule is None else dict(kept.rule),
        words={code: dict(said) for code, said in kept.words.items()},
        play=kept.play_key,
        stage=found.stage,
        days_late=found.late,
        concerned=counted.customers,
        yearly=money(call.settings, counted.yearly_minor),
        told=counted.told,
    )
