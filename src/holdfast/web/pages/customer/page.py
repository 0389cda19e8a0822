"""A customer's page as a whole, or the part of it that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse

from holdfast.domain.happenings import KINDS, Kind, counts_by_kind
from holdfast.domain.identity import is_account
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.care.view import Care, care_of, moments_of
from holdfast.services.collect.look_up import CustomerView, customer_of_unit
from holdfast.services.foresee import reading
from holdfast.store.models import User
from holdfast.store.own_moments import OwnMoment
from holdfast.store.segments import segments_of
from holdfast.web.access import DECIDERS, WRITERS, may
from holdfast.web.cause_words import CauseName, cause_names
from holdfast.web.masking import masks
from holdfast.web.pages.customer import pictures, words
from holdfast.web.pages.customer.asked import Asked
from holdfast.web.pages.customer.care import shown_care
from holdfast.web.pages.customer.consent import consent_card
from holdfast.web.pages.customer.episodes import shown_episodes
from holdfast.web.pages.customer.forms import Failed, done_words, forms_of
from holdfast.web.pages.customer.left import left_card
from holdfast.web.pages.customer.merged import merged
from holdfast.web.pages.customer.moments import Gap, Moment, moments, with_gaps
from holdfast.web.pages.customer.news import news_url
from holdfast.web.pages.customer.own import own_moments
from holdfast.web.pages.customer.risk import risk_card
from holdfast.web.pages.customer.work import shown_work
from holdfast.web.pages.identity.accounts import panel
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from holdfast.engines.timeline import Place

EVENTS = 40
KIND_NAMES: dict[Kind, Text] = {
    "orders": Text("Orders"),
    "payments": Text("Payments"),
    "tickets": Text("Tickets"),
    "messages": Text("Messages"),
    "visits": Text("Visits"),
    "surveys": Text("Answers"),
    "ours": Text("Ours"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of moments that the timeline can be narrowed to."""

    words: str
    count: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for the page: all of it once."""

    view: CustomerView
    care: Care
    criteria: reading.Criteria
    cause_name: CauseName


def page(request: Request, asked: Asked, failed: Failed | None = None, *, status: int = 200) -> HttpResponse:
    """The page, or that part of it which an address further down or a tab asks for."""
    workspace, reader = request.workspace, request.reader
    view = _view(request, asked)
    criteria = reading.read_criteria(workspace)
    thresholds = (criteria.watch_from, criteria.act_from)
    cause_name = cause_names(workspace, reader)
    lines, place, ours = _lines(request, asked, view, thresholds, cause_name)
    further = request.htmx.target == "earlier"
    care = (
        None
        if further
        else care_of(workspace, asked.unit_id, view.subjects, thresholds=thresholds, moments=ours)
    )
    undoable = care.undoable if care is not None else frozenset[int]()
    shown: dict[str, Any] = {
        "place": "customers",
        "unit_id": asked.unit_id,
        "months": words.timeline(lines, workspace.zone, reader, who=_email(request), undoable=undoable),
        "earlier_url": asked.going_on(place).address() if place is not None else "",
        "may_write": may(request.user, WRITERS),
        "may_delete_all": may(request.user, DECIDERS),
        "kind": asked.kind,
    }
    if care is None:
        return show(request, "customer/timeline.html", **shown)
    shown["tabs"] = tabs(asked, view.history.counts, care.own_moments, reader)
    shown["first_url"] = asked.of_kind(asked.kind).address() if asked.before else ""
    if request.htmx.target == "happened":
        return show(request, "customer/happened.html", **shown)
    return _whole(request, asked, _Read(view, care, criteria, cause_name), failed or Failed(), shown, status)


def _whole(
    request: Request,
    asked: Asked,
    read: _Read,
    failed: Failed,
    shown: dict[str, object],
    status: int,
) -> HttpResponse:
    """Everything around the timeline, which ``shown`` has already."""
    workspace, reader = request.workspace, request.reader
    view, care, mask = read.view, read.care, masks(request)
    beside = shown_care(asked.unit_id, care, workspace.zone, reader, mask)
    owner = (
        reader.say(Text("{person} looks after them", person=beside.owner.name)) if beside.owner.name else ""
    )
    card = risk_card(workspace, asked.unit_id, reader, read.criteria)
    return show(
        request,
        "customer/customer.html",
        status=status,
        name=mask.shown("name", view.name),
        may_mend=may(request.user, WRITERS) and mask.whole,
        may_ask=mask.may_ask,
        head_line=" · ".join(part for part in (words.head_line(view, workspace.zone, reader), owner) if part),
        facts=words.facts(view, present(workspace), workspace.zone, reader),
        orders_chart=None
        if asked.before
        else pictures.orders_chart(view, present(workspace), workspace, reader),
        card=card,
        # Whoever is scored is there.
        left=left_card(workspace, asked.unit_id, reader, read.cause_name) if card.risk is None else None,
        consent=consent_card(workspace, view.subjects, view.profile.emails, reader, mask),
        episodes=shown_episodes(request, asked.unit_id),
        may_judge=may(request.user, WRITERS),
        work=shown_work(workspace, view.subjects, present(workspace), reader),
        panel=panel(
            workspace,
            asked.unit_id,
            reader,
            subjects=view.subjects,
            criteria=read.criteria,
            account=_is_account(view),
        ),
        segments=words.segments(segments_of(workspace, asked.unit_id), workspace.zone, reader),
        known_as=[each.key for each in view.profile.ids],
        news_url=news_url(view),
        care=beside,
        failed=failed,
        nowhere=failed.words if failed.form not in forms_of(beside) else "",
        done=done_words(asked, reader),
        **shown,
    )


def _is_account(view: CustomerView) -> bool:
    return any(is_account(each.namespace) for each in view.profile.ids if each.subject_id == view.unit_id)


def tabs(asked: Asked, by_name: Mapping[str, int], ours: int, reader: Reader) -> list[Tab]:
    """All kinds of which there is anything, and the chosen one, each with how much there is."""
    counts = counts_by_kind(dict(by_name)) | {"ours": ours}
    everything = Tab(
        reader.gettext("Everything"),
        reader.number(sum(by_name.values()) + ours),
        asked.of_kind(None).address(),
        asked.kind is None,
    )
    return [
        everything,
        *(
            Tab(
                reader.say(KIND_NAMES[kind]),
                reader.number(counts[kind]),
                asked.of_kind(kind).address(),
                asked.kind == kind,
            )
            for kind in KINDS
            if counts[kind] or kind == asked.kind
        ),
    ]


def _view(request: Request, asked: Asked) -> CustomerView:
    try:
        return customer_of_unit(
            request.workspace,
            asked.unit_id,
            now=present(request.workspace),
            before=asked.before,
            limit=EVENTS,
            names=asked.names,
        )
    except Refusal as refusal:
        if refusal.code != "no_such_customer":
            raise
        raise Http404(str(refusal)) from refusal


def _lines(
    request: Request,
    asked: Asked,
    view: CustomerView,
    thresholds: tuple[float, float],
    cause_name: CauseName,
) -> tuple[Sequence[Moment | Gap], Place | None, int | None]:
    """The moments of this stretch with the silences between them, the place to go on from, and how many
    moments are ours, where all of them were looked at.
    """
    workspace = request.workspace
    happened = moments(view.timeline.events, view.texts, cause_name)
    ours: list[OwnMoment] = []
    of_ours: int | None = None
    if asked.shows_ours:
        ours, of_ours = moments_of(
            workspace,
            asked.unit_id,
            view.subjects,
            before_us=asked.before[0] if asked.before else None,
            limit=EVENTS,
            thresholds=thresholds,
        )
    go_on = of_ours is not None and of_ours > len(ours)
    lines, place = merged(happened, view.timeline.earlier, own_moments(ours), go_on)
    known = None if asked.before else of_ours
    if asked.kind is not None:
        return lines, place, known
    later_us = asked.before[0] if asked.before else _us(present(workspace))
    quiet = with_gaps(lines, later_us=later_us, usual_days=words.habit(view, workspace.zone))
    return list(quiet), place, known


def _us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _email(request: Request) -> str:
    return request.user.email if isinstance(request.user, User) else ""
