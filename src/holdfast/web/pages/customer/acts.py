"""What readers do on a customer's page: notes, documents, owner, values, contact points, calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.audit import about_customer
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care import contacts, notes, owners, points, traits
from holdfast.services.collect.care.who import Who, who
from holdfast.store.models import User
from holdfast.web import watching
from holdfast.web.access import DECIDERS, READERS, WRITERS, may, only
from holdfast.web.masking import masks, show_for_a_while
from holdfast.web.pages.customer.asked import Asked
from holdfast.web.pages.customer.forms import Failed
from holdfast.web.pages.customer.page import page
from holdfast.web.reading import Request
from holdfast.web.workspace import present

BACK = "/contact-points"
"""Where else than on the customer's page contact points are mended."""


@only(READERS)
@require_POST
def unmask(request: Request, unit_id: int) -> HttpResponse:
    """Show somebody whole who is shown in part, for a while; it is noted who asked."""
    mask = masks(request)
    if not (mask.may_ask or mask.whole):
        raise Refusal(
            "not_to_be_seen",
            found=Text("Your role sees addresses and numbers in part only."),
            expected=Text("A role that may ask to see them whole."),
            remedy=Text("Whoever runs Holdfast here can decide otherwise, under Who sees what."),
        )
    if mask.may_ask:
        watching.saw(request, "customer.unmasked", about_customer(unit_id))
        show_for_a_while(request, unit_id)
    return HttpResponseRedirect(f"{reverse('customer', args=[unit_id])}#reach")


@only(WRITERS)
@require_POST
def write_note(request: Request, unit_id: int) -> HttpResponse:
    """Write a note."""

    def act(about: Who) -> tuple[str, int]:
        written = notes.write_note(
            request.workspace, about, request.POST.get("text", ""), by=email(request), now_us=now_us(request)
        )
        return "note_written", written

    return acted(request, unit_id, "note", act)


@only(WRITERS)
@require_POST
def note(request: Request, unit_id: int, note_id: int, do: str) -> HttpResponse:
    """Change one's own note, take one away, bring it back."""
    workspace, by, at_us = request.workspace, email(request), now_us(request)

    def act(about: Who) -> tuple[str, int]:
        if do == "change":
            text = request.POST.get("text", "")
            notes.change_note(workspace, about, note_id, text, by=by, now_us=at_us)
            return "note_changed", note_id
        if do == "delete":
            everyones = may(request.user, DECIDERS)
            notes.delete_note(workspace, about, note_id, by=by, may_delete_all=everyones, now_us=at_us)
            return "note_deleted", note_id
        if do != "restore":
            raise Http404(f"nothing is done to a note by {do!r}")
        notes.restore_note(workspace, about, note_id)
        return "note_restored", note_id

    return acted(request, unit_id, f"note-{note_id}", act)


@only(WRITERS)
@require_POST
def set_owner(request: Request, unit_id: int) -> HttpResponse:
    """Say who looks after a customer; nothing chosen: nobody."""
    chosen = request.POST.get("person", "")
    person = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else None

    def act(about: Who) -> tuple[str, int]:
        owners.set_owner(request.workspace, about, person, by=email(request), now_us=now_us(request))
        return "owner_set", 0

    return acted(request, unit_id, "owner", act)


@only(WRITERS)
@require_POST
def say(request: Request, unit_id: int) -> HttpResponse:
    """Say something about a customer, or, with ``undo``, say again what was said before an edit."""
    workspace, by, at_us = request.workspace, email(request), now_us(request)
    trait, undo = request.POST.get("trait", ""), request.POST.get("undo", "")

    def act(about: Who) -> tuple[str, int]:
        if undo.isascii() and undo.isdecimal() and len(undo) < 19:
            traits.undo_edit(workspace, about, int(undo), by=by, now_us=at_us)
            return "said", 0
        value = request.POST.get("value", "")
        changed = traits.edit_trait(workspace, about, trait, value, by=by, now_us=at_us)
        return "said" if changed else "nothing_changed", 0

    form = request.POST.get("form", "")
    return acted(request, unit_id, "trait-new" if form == "new" else f"trait-{trait}", act)


@only(WRITERS)
@require_POST
def keep_point(request: Request, unit_id: int) -> HttpResponse:
    """Add a contact point, put another in its place, mark it as checked, end it, bring it back."""
    workspace, by, at_us, given = request.workspace, email(request), now_us(request), request.POST
    do, kind, old = given.get("do", ""), given.get("kind", ""), given.get("old", "")

    def act(about: Who) -> tuple[str, int]:
        if do == "add":
            written = given.get("value", "")
            found = "email" if "@" in written else "phone"
            points.add_point(workspace, about, found, written, by=by, now_us=at_us)
        elif do == "replace":
            points.replace_point(workspace, about, kind, old, given.get("value", ""), by=by, now_us=at_us)
        elif do in _PLAINLY:
            _PLAINLY[do](workspace, about, kind, old, by=by, now_us=at_us)
        else:
            raise Http404(f"nothing is done to a contact point by {do!r}")
        return "point_kept", 0

    form = "point-new" if do == "add" else f"point-{kind}-{old}"
    return acted(request, unit_id, form, act, back=given.get("back", ""))


_PLAINLY: dict[str, Callable[..., None]] = {
    "check": points.check_point,
    "end": points.end_point,
    "restore": points.restore_point,
}


@only(WRITERS)
@require_POST
def log_contact(request: Request, unit_id: int) -> HttpResponse:
    """Write down a call or a visit; without a moment it was just now."""
    given = request.POST
    actual = int(datetime.now(UTC).timestamp() * 1_000_000)

    def act(about: Who) -> tuple[str, int]:
        at_us = _typed_moment(request, given.get("at", ""), actual)
        written = contacts.Written(
            given.get("contact", ""), given.get("outcome", ""), given.get("text", ""), at_us
        )
        contacts.log_contact(request.workspace, about, written, by=email(request), now_us=actual)
        return "contact_logged", 0

    return acted(request, unit_id, "contact", act)


def acted(
    request: Request, unit_id: int, form: str, act: Callable[[Who], tuple[str, int]], *, back: str = ""
) -> HttpResponse:
    """Do it and lead back with a word about it; what is refused is said where it was typed."""
    try:
        done, number = act(who(request.workspace, unit_id))
    except Refusal as refusal:
        if refusal.code == "no_such_customer":
            raise Http404(str(refusal)) from refusal
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        return page(request, Asked(unit_id), Failed(form, said, request.POST.dict()), status=422)
    if back.startswith(f"{BACK}?") or back == BACK:
        return HttpResponseRedirect(back)
    query = urlencode({"done": done} | ({"number": str(number)} if number else {}))
    return HttpResponseRedirect(f"{reverse('customer', args=[unit_id])}?{query}")


def email(request: Request) -> str:
    """Who does it: the address under which they sign in."""
    return request.user.email if isinstance(request.user, User) else ""


def now_us(request: Request) -> int:
    """The workspace's present in microseconds."""
    return int(present(request.workspace).timestamp() * 1_000_000)


def _typed_moment(request: Request, written: str, actual: int) -> int:
    """A day and time as a browser's field writes it, by the company's clock."""
    if not written.strip():
        return actual
    try:
        at = datetime.fromisoformat(written.strip())
        return int(at.replace(tzinfo=request.workspace.zone).timestamp() * 1_000_000)
    except (ValueError, OverflowError) as error:
        raise Refusal(
            "bad_moment",
            found=Text("{written} is no day with a time.", written=written[:40]),
            expected=Text("A moment like 2026-11-16T08:12."),
            remedy=Text("Mend it, or leave it empty if it was just now."),
        ) from error
