"""Who is in a play, and the way of one customer through it: what was sent, held or skipped, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain import plays as p
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.act.plays import define
from holdfast.services.act.plays.written import Ready
from holdfast.services.collect.care.who import who
from holdfast.store import plays as stored
from holdfast.store import plays_known, plays_reading, segments
from holdfast.store.plays import KeptPlay
from holdfast.store.plays_reading import Enrolment, WayStep
from holdfast.web.access import READERS, WRITERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.plays import words
from holdfast.web.pages.plays.view import page_of, there
from holdfast.web.pages.plays.words import PlayNames
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 50

WHAT: Mapping[str, Text] = {
    "did": Text("carried out"),
    "held": Text("held"),
    "skipped": Text("skipped"),
    "waited": Text("waited"),
    "branched": Text("went on"),
    "would": Text("held out: it would have been done"),
    "ended": Text("the play ends here"),
}
ENDED: Mapping[str, Text] = {
    "goal": Text("The goal was met."),
    "end": Text("All steps are done."),
    "stopped": Text("It was stopped with the play."),
    "merged": Text("The customer is one with another now, or was erased."),
    "left": Text("The customer left."),
    "case_opened": Text("A case was opened."),
    "unsubscribed": Text("The customer wants no such messages."),
    "replied": Text("The customer answered."),
}


@dataclass(frozen=True, slots=True)
class ShownEnrolment:
    """A line of the list: whose, in which state, since when and why, where it is or how it ended."""

    url: str
    name: str
    play: str
    state: str
    badge: str
    entered: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class ShownWayStep:
    """What happened at a step, when, and why."""

    title: str
    what: str
    because: str
    when: str
    moment: str
    quiet: bool


@only(READERS)
@require_safe
def customers(request: Request, key: str) -> HttpResponse:
    """Who is or was in a play, the latest first."""
    return customers_page(request, there(request, key))


def customers_page(request: Request, found: KeptPlay, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The page; ``wrong`` says why nobody was enrolled by hand."""
    workspace = request.workspace
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    if (state and state not in p.ENROLMENT_STATES) or (after and not is_number(after)):
        raise BadRequest(f"state={state} after={after}")
    rows, more = plays_reading.enrolments(
        workspace,
        found.id,
        state=state,
        after=int(after) if after else None,
        limit=ROWS,
        only=portfolio(request.user, workspace),
    )
    here = reverse("play_customers", args=[found.key])
    narrowed = f"state={state}&" if state else ""
    return page_of(
        request,
        found,
        "plays/customers.html",
        status=status,
        here="play_customers",
        wrong=wrong,
        may_enrol=found.state == "running" and may(request.user, WRITERS),
        typed=request.POST,
        segments=[(each.key, each.title) for each in segments.listed(workspace)],
        rows=_shown(request, rows),
        tabs=_tabs(here, state, request.reader),
        narrowed=bool(state),
        next_url=f"{here}?{narrowed}after={rows[-1].id}" if more else "",
        first_url=f"{here}?{narrowed}".rstrip("?&") if after else "",
    )


@only(READERS)
@require_safe
def enrolment(request: Request, enrolment_id: int) -> HttpResponse:
    """The way of one customer through a play."""
    found = plays_reading.one(request.workspace, enrolment_id)
    if found is None:
        raise Http404(str(enrolment_id))
    play = there(request, found.play_key)
    version = stored.version(request.workspace, play.id, found.version)
    ready = None if version is None else define.ready_of(version)
    return page_of(
        request,
        play,
        "plays/enrolment.html",
        here="play_customers",
        row=_shown(request, [found])[0],
        unit_id=found.unit_id,
        held_out=found.arm == "held_out",
        version=request.reader.number(found.version),
        goal=_moment(found.goal_us, request.reader) if found.goal_us is not None else "",
        happened=[
            _step(each, ready, request.reader) for each in plays_reading.way(request.workspace, enrolment_id)
        ],
    )


@only(READERS)
@require_safe
def customer_plays(request: Request, unit_id: int) -> HttpResponse:
    """The plays of one customer, the latest first; for the page of the customer those of now."""
    subjects = who(request.workspace, unit_id).subjects
    if request.htmx.target == "plays-now":
        now = plays_reading.under_way_of(request.workspace, subjects)
        return show(request, "plays/now.html", unit_id=unit_id, plays=now)
    return of_customer_page(request, unit_id)


def of_customer_page(request: Request, unit_id: int, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The plays of one customer, and those into which they may be enrolled."""
    rows = plays_reading.of_customer(request.workspace, who(request.workspace, unit_id).subjects)
    names = plays_known.names(request.workspace, [unit_id])
    return show(
        request,
        "plays/of_customer.html",
        status=status,
        place="customers",
        wrong=wrong,
        into=[(each.key, each.title) for each, _ in stored.running(request.workspace)]
        if may(request.user, WRITERS)
        else [],
        unit_id=unit_id,
        name=masks(request).shown("name", names.get(unit_id, ""))
        or request.reader.say(Text("Customer {id}", id=str(unit_id))),
        rows=_shown(request, rows),
    )


def _tabs(here: str, chosen: str, reader: Reader) -> list[tuple[str, str, bool]]:
    every = [("", reader.gettext("Everybody"))]
    every += [(state, reader.say(said)) for state, said in p.ENROLMENT_STATES.items()]
    return [(said, f"{here}?state={state}" if state else here, state == chosen) for state, said in every]


def _shown(request: Request, rows: list[Enrolment]) -> list[ShownEnrolment]:
    reader, mask, names = request.reader, masks(request), words.names_of(request.workspace)
    steps = _Titles(request)
    return [
        ShownEnrolment(
            reverse("play_enrolment", args=[each.id]),
            mask.shown("name", each.name) or reader.say(Text("Customer {id}", id=str(each.unit_id))),
            each.play_title,
            reader.say(p.ENROLMENT_STATES.get(each.state, Text("held out"))),  # type: ignore[call-overload]
            "good" if each.goal_us is not None else "",
            _moment(each.entered_us, reader),
            _reason(each.reason, names, reader),
            _where(each, steps, reader),
        )
        for each in rows
    ]


class _Titles:
    """What steps are called, each version read once."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._read: dict[tuple[int, int], Ready | None] = {}

    def of(self, row: Enrolment) -> str:
        """The step that somebody comes to next; "" behind the last one."""
        at = (row.play_id, row.version)
        if at not in self._read:
            version = stored.version(self._request.workspace, *at)
            self._read[at] = None if version is None else define.ready_of(version)
        ready = self._read[at]
        if ready is None or row.step not in ready.places:
            return ""
        return words.step_title(ready.places[row.step].step, self._request.reader)


def _where(row: Enrolment, steps: _Titles, reader: Reader) -> str:
    if row.ended_us is not None:
        said = ENDED.get(row.ended_why)
        return reader.say(said) if said is not None else row.ended_why
    title = steps.of(row)
    if not title:
        return reader.say(Text("All steps are done; the goal may still be met."))
    if row.due_us >= _NEVER_US:
        return reader.say(Text("Next: {step}", step=title))
    return reader.say(Text("Next: {step}, {when}", step=title, when=_moment(row.due_us, reader)))


_NEVER_US = 2**60


def _step(row: WayStep, ready: Ready | None, reader: Reader) -> ShownWayStep:
    place = None if ready is None else ready.places.get(row.step_id)
    title = row.step_id if place is None else words.step_title(place.step, reader)
    at = datetime.fromtimestamp(row.at_us / 1_000_000, UTC)
    because = reader.say(row.because) if row.because is not None else ""
    what = reader.say(WHAT[row.what]) if row.what in WHAT else row.what
    quiet = row.what in ("held", "skipped", "would")
    return ShownWayStep(title, what, because, reader.moment(at), at.isoformat(), quiet)


def _reason(reason: Mapping[str, Any], names: PlayNames, reader: Reader) -> str:
    """What began it, in a few words."""
    for name, say in _REASONS.items():
        if name in reason:
            return reader.say(say(reason[name], names))
    return ""


_REASONS: Mapping[str, Callable[[Any, PlayNames], Text]] = {
    "signal": lambda key, names: Text("the signal “{signal}” warned", signal=names.signals.get(key, key)),
    "risk": lambda risk, names: Text("the risk rose to {risk} or more", risk=Share(risk, 0)),
    "segment_entered": lambda key, names: Text(
        "entered the segment “{segment}”", segment=names.segments.get(key, key)
    ),
    "segment_left": lambda key, names: Text(
        "left the segment “{segment}”", segment=names.segments.get(key, key)
    ),
    "event": lambda name, names: Text("“{event}” happened", event=name),
    "date": lambda trait, names: Text("the day “{trait}” came near", trait=trait),
    "schedule": lambda day, names: Text("by its schedule"),
    "broadcast": lambda _, names: Text("it went to all of its audience"),
    "by_hand": lambda who, names: Text("enrolled by {person}", person=who or "–"),
}


def _moment(at_us: int, reader: Reader) -> str:
    return reader.moment(datetime.fromtimestamp(at_us / 1_000_000, UTC))
