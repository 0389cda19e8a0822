"""Hand a person everything that is known of them, or erase them; erasures with their certificates."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from typing import IO, cast

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.keep.erase import steps
from holdfast.services.keep.erase.listing import write_list
from holdfast.services.keep.erase.told import planned
from holdfast.services.keep.erase.whom import Whom, whom_of
from holdfast.services.keep.person import export_person
from holdfast.settings import Settings
from holdfast.store import erasure
from holdfast.store.erasure import ErasureRecord
from holdfast.store.models import User
from holdfast.store.traces import people_shown
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.privacy import words
from holdfast.web.reading import Request
from holdfast.web.show import show


@only(DECIDERS)
@require_safe
def person(request: Request, unit_id: int) -> HttpResponse:
    """What is known of a person or account, to be handed over or erased."""
    return _person(request, unit_id)


@only(DECIDERS)
@require_safe
def export(request: Request, unit_id: int) -> HttpResponseBase:
    """Everything about them as a ZIP file."""
    who = _who(request, unit_id, with_contacts="contacts" in request.GET)
    file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  (the response closes it)
    now = datetime.now(UTC)
    export_person(request.workspace, who, file, now=now, say=request.reader.say)
    file.seek(0)
    name = f"customer-{unit_id}-{now:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@only(DECIDERS)
@require_POST
def erase(request: Request, unit_id: int) -> HttpResponse:
    """Erase them, if the name was typed that stands there; the certificate says how far it is."""
    who = _who(request, unit_id, with_contacts="contacts" in request.POST)
    if request.POST.get("name", "").strip() != who.name.strip():
        said = request.reader.gettext("This is not the name that stands above. Nothing was changed.")
        return _person(request, unit_id, error=said)
    number = steps.ask(request.workspace, who, by=cast(User, request.user).email, now_us=actual_us())
    _begin(request.workspace, number)
    return HttpResponseRedirect(reverse("erasure", args=[number]))


@only(DECIDERS)
@require_safe
def erasures(request: Request) -> HttpResponse:
    """Every erasure, and how it stands."""
    found = erasure.listed(request.workspace)
    return show(
        request,
        "privacy/erasures.html",
        place="preferences",
        sentence=words.all_of_them(found, request.reader),
        erasures=words.listed(found, request.reader),
    )


@only(DECIDERS)
@require_safe
def certificate(request: Request, number: int) -> HttpResponse:
    """One erasure with its certificate."""
    record = _record(request, number)
    return show(
        request,
        "privacy/certificate.html",
        place="preferences",
        shown=words.certified(record, request.reader),
    )


@only(DECIDERS)
@require_POST
def lift(request: Request, number: int) -> HttpResponse:
    """Let in again what arrives under the ids of an erasure."""
    _record(request, number)
    erasure.lift(request.workspace, number, by=cast(User, request.user).email, now_us=actual_us())
    write_list(request.workspace)
    return HttpResponseRedirect(reverse("erasure", args=[number]))


def _person(request: Request, unit_id: int, *, error: str = "") -> HttpResponse:
    who = _who(request, unit_id, with_contacts=False)
    plan = planned(request.workspace, who, now_us=actual_us())
    return show(
        request,
        "privacy/person.html",
        status=422 if error else 200,
        place="customers",
        unit_id=unit_id,
        who=who,
        sentence=words.of_person(who, plan, request.reader),
        rows=words.holdings(plan, request.reader),
        copies=words.copies(plan.copies, request.reader),
        people=people_shown(request.workspace, who.subjects) if who.contacts else [],
        error=error,
    )


def _who(request: Request, unit_id: int, *, with_contacts: bool) -> Whom:
    try:
        return whom_of(request.workspace, unit_id, with_contacts=with_contacts)
    except Refusal as refusal:
        raise Http404(refusal.code) from refusal


def _record(request: Request, number: int) -> ErasureRecord:
    try:
        return steps.get(request.workspace, number)
    except Refusal as refusal:
        raise Http404(refusal.code) from refusal


def _begin(settings: Settings, number: int) -> None:
    """At once where nobody else is at work, else the worker begins within moments."""
    try:
        steps.carry_on_one(settings, number, now_us=actual_us(), patience_seconds=2.0)
    except Refusal as refusal:
        if refusal.code != "busy":
            raise
