"""What our own people wrote and changed, in words, as moments of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from holdfast.domain.texts import Share, Text
from holdfast.domain.work import CASE_OUTCOMES, DROP_REASONS, TASK_OUTCOMES
from holdfast.services.collect.care.needs import DEFAULT_FIELDS
from holdfast.store.own_moments import OwnMoment
from holdfast.web.figures import readable
from holdfast.web.pages.customer.moments import Moment
from holdfast.web.pages.customer.words import TRAITS

Said = tuple[str, str, Text, Text | str | None, str]
"""Picture, kind, title, the line below, and what was written."""


def own_moments(found: Iterable[OwnMoment]) -> list[Moment]:
    """Each as a moment, in the given order."""
    return [_moment(each) for each in found]


def _moment(own: OwnMoment) -> Moment:
    picture, kind, title, more, quote = _WORDS[own.what](own)
    return Moment(own.at_us, picture, kind, title, more, quote, own, clock=own.what != "score")


def _by(own: OwnMoment) -> Text:
    return Text("by {person}", person=own.by)


def _note(own: OwnMoment) -> Said:
    return "note", "ours", Text("Note"), _by(own), own.text


def _document(own: OwnMoment) -> Said:
    return "paper", "ours", Text("Document: {name}", name=own.name), _by(own), ""


def _owner(own: OwnMoment) -> Said:
    if not own.name:
        return "people", "ours", Text("Nobody looks after them any more"), _by(own), ""
    return "people", "ours", Text("{person} looks after them", person=own.name), _by(own), ""


def _trait(own: OwnMoment) -> Said:
    name = _trait_name(own.name)
    by = _by(own)
    if not own.text:
        gone = Text("before: {was}, {by}", was=own.was, by=by)
        return "pen", "ours", Text("{trait} was taken away", trait=name), gone if own.was else by, ""
    title = Text("{trait}: {value}", trait=name, value=own.text)
    return "pen", "ours", title, Text("before: {was}, {by}", was=own.was, by=by) if own.was else by, ""


def _trait_name(trait: str) -> Text | str:
    """What a trait is called: in our words where we have some, else as it is written."""
    return TRAITS.get(trait) or _NEEDS.get(trait) or readable(trait.removeprefix("need."))


_NEEDS: dict[str, Text | str] = {field.trait: field.name for field in DEFAULT_FIELDS}

_POINT: dict[str, Text] = {
    "added": Text("New contact point: {value}"),
    "checked": Text("Checked: {value}"),
    "ended": Text("Not reached any more at {value}"),
    "restored": Text("Reached again at {value}"),
}


def _point(own: OwnMoment) -> Said:
    action, _, instead = own.was.partition(" ")
    title = Text(_POINT[action].msgid, value=own.text)
    by = _by(own)
    return "mail", "ours", title, Text("now {value}, {by}", value=instead, by=by) if instead else by, ""


def _score(own: OwnMoment) -> Said:
    now, before = own.figure or 0.0, own.former or 0.0
    words = {"before": Share(before, 0), "now": Share(now, 0)}
    if now > before:
        return "rise", "signal", Text("Risk rose from {before} to {now}", **words), None, ""
    return "fall", "ours", Text("Risk fell from {before} to {now}", **words), None, ""


_WORK: dict[tuple[str, str], Text] = {
    ("task", "made"): Text("Task made: {title}"),
    ("task", "finished"): Text("Task done: {title}"),
    ("task", "dropped"): Text("Task dropped: {title}"),
    ("case", "made"): Text("Case opened: {title}"),
    ("case", "solved"): Text("Case solved: {title}"),
    ("case", "reopened"): Text("Case opened again: {title}"),
}
_ENDS: dict[str, Text] = {**TASK_OUTCOMES, **DROP_REASONS, **CASE_OUTCOMES}


def _work(own: OwnMoment) -> Said:
    what, _, outcome = own.was.partition(" ")
    title = Text(_WORK[own.what, what].msgid, title=own.name)
    by = _by(own)
    more = Text("{outcome}, by {person}", outcome=_ENDS[outcome], person=own.by) if outcome in _ENDS else by
    return "check" if own.what == "task" else "ticket", "ours", title, more, own.text


_WORDS: dict[str, Callable[[OwnMoment], Said]] = {
    "task": _work,
    "case": _work,
    "note": _note,
    "document": _document,
    "owner": _owner,
    "trait": _trait,
    "point": _point,
    "score": _score,
}
