"""Customers enrolled by one of ours: from the page of a play by name or segment, from that of a customer."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.plays.by_hand import enrol_by_hand
from holdfast.store import plays_now, segments
from holdfast.store.plays_enrolling import Enrolled
from holdfast.web import watching
from holdfast.web.access import WRITERS, may_see_named, only, portfolio
from holdfast.web.named import unit_named
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.plays.enrolled import customers_page, of_customer_page
from holdfast.web.pages.plays.view import there
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email, refused

MOST_NAMED = 200
_LONGEST = 200


@only(WRITERS)
@require_POST
def enrol(request: Request) -> HttpResponse:
    """Enrol customers into a running play; audience, exits and hold-outs apply."""
    found = there(request, request.POST.get("key", "")[:80])
    unit = request.POST.get("customer", "")
    if unit and not (is_number(unit) and may_see_named(request.user, {"unit_id": int(unit)})):
        raise Http404(unit)
    try:
        units = [int(unit)] if unit else _units(request)
        done = enrol_by_hand(
            request.workspace,
            found,
            np.array(sorted(set(units)), np.int64),
            by=email(request),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        watching.tried(request)
        wrong = refused(refusal, request.reader)
        if unit:
            return of_customer_page(request, int(unit), wrong, status=422)
        return customers_page(request, found, wrong, status=422)
    watching.changed(request, "play.enrolled", f"play:{found.id}", customers=done.treated + done.held_out)
    back = (
        reverse("customer_plays", args=[int(unit)]) if unit else reverse("play_customers", args=[found.key])
    )
    return say_next(HttpResponseRedirect(back), _said(request, done, len(set(units))))


def _said(request: Request, done: Enrolled, asked: int) -> str:
    reader = request.reader
    said = Text(
        "{n} customer entered, {held} held out.",
        "{n} customers entered, {held} held out.",
        n=done.treated,
        held=done.held_out,
    )
    others = asked - done.treated - done.held_out
    if not others:
        return reader.say(said)
    why = Text(
        "{n} did not: in it already, not in its audience, or at an exit of it.",
        "{n} did not: in it already, not in its audience, or at an exit of it.",
        n=others,
    )
    return f"{reader.say(said)} {reader.say(why)}"


def _units(request: Request) -> list[int]:
    """Whom the form names: a customer a line, or a segment.

    Refuses a name that is nobody's, or several customers' ("no_such_customer", "several_customers"), and a
    form that names nobody ("nobody_named").
    """
    names = [each.strip() for each in request.POST.get("whom", "").splitlines() if each.strip()]
    segment = request.POST.get("segment", "")
    if len(names) > MOST_NAMED:
        raise Refusal(
            "too_many_named",
            found=Text("{n} lines are written there.", n=len(names)),
            expected=Text("At most {n}.", n=MOST_NAMED),
            remedy=Text("Make a segment of them, and choose that; nobody was enrolled."),
        )
    if names:
        return [unit_named(request, each[:_LONGEST]) for each in names]
    if segment and segments.by_key(request.workspace, segment) is not None:
        theirs = portfolio(request.user, request.workspace)
        units = plays_now.in_segment(request.workspace, segment)
        return [each for each in units if theirs is None or each in theirs]
    raise Refusal(
        "nobody_named",
        found=Text("Nobody is named."),
        expected=Text("Customers, one on each line, or a segment."),
        remedy=Text("Name somebody; nobody was enrolled."),
    )
