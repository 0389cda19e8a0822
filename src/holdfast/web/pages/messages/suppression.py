"""``/settings/suppression``: addresses to which nothing may go: added, imported, taken off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import TOUCH_CHANNELS
from holdfast.language import Reader
from holdfast.services.act import suppressing
from holdfast.store import portfolio, suppression
from holdfast.store.models import User
from holdfast.web import access
from holdfast.web.access import DECIDERS, WRITERS, may, only
from holdfast.web.pages.messages.words import moment
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next

ON_A_PAGE = 50
_FIELDS = {"bad_address": "address", "too_large": "file", "not_text": "file"}


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One line of the list."""

    id: int
    address: str
    reason: str
    note: str
    since: str
    lifted: str
    channel: str


@only(WRITERS)
@require_safe
def suppressed(request: Request) -> HttpResponse:
    """The list, the newest first; or what is known of one address.

    Who sees only the customers they look after sees the addresses of these.
    """
    return _shown(request)


@only(DECIDERS)
@require_POST
def add(request: Request) -> HttpResponse:
    """Put one address on the list."""
    try:
        new = suppressing.add(
            request.workspace,
            request.POST.get("address", ""),
            note=request.POST.get("note", ""),
            by=_who(request),
            now_us=actual_us(),
        )
    except Refusal as refusal:
        return _shown(request, errors=_said(request, refusal), typed=request.POST.dict())
    said = Text("The address is on the list.") if new else Text("The address was on the list already.")
    return _done(request, said)


@only(DECIDERS)
@require_POST
def bring(request: Request) -> HttpResponse:
    """Put every address of a file on the list."""
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None or file.size > suppressing.MOST_BYTES:
            raise _no_file()
        found = suppressing.add_file(
            request.workspace, file.read(), name=str(file.name), by=_who(request), now_us=actual_us()
        )
    except Refusal as refusal:
        return _shown(request, errors=_said(request, refusal))
    return _done(
        request,
        Text(
            "{added} put on the list; {already} on it before, {wrong} without an address.",
            added=Text("{n} address was", "{n} addresses were", n=found.added),
            already=Text("{n} was", "{n} were", n=found.already),
            wrong=Text("{n} line", "{n} lines", n=found.wrong),
        ),
    )


@only(DECIDERS)
@require_POST
def lift(request: Request, entry_id: int) -> HttpResponse:
    """Take an address off the list, with the reason."""
    note = request.POST.get("note", "")
    try:
        suppressing.lift(request.workspace, entry_id, note=note, by=_who(request), now_us=actual_us())
    except Refusal as refusal:
        return _shown(request, errors={"page": _words(request, refusal)})
    return _done(request, Text("The address is off the list. Its history stays."))


def _shown(
    request: Request, *, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    asked, before = request.GET.get("q", "").strip()[:254], request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    theirs = _keys(request)
    found = suppression.listed(workspace, limit=ON_A_PAGE + 1, before=number, address=asked, keys=theirs)
    counts = suppression.counts(workspace, theirs)
    return show(
        request,
        "messages/suppression.html",
        status=422 if errors else 200,
        place="preferences",
        total=sum(counts.values()),
        counts=[
            (reader.say(words), counts[reason])
            for reason, words in suppression.REASON_WORDS.items()
            if reason in counts
        ],
        entries=[_entry(each, reader) for each in found[:ON_A_PAGE]],
        asked=asked,
        soft=_soft_bounces(request, asked, theirs) if asked else None,
        next_url=f"?before={found[ON_A_PAGE - 1].id}" if len(found) > ON_A_PAGE else "",
        first_url=reverse("suppression") if number is not None else "",
        errors={"address": "", "file": "", "page": ""} | dict(errors or {}),
        typed={"address": "", "note": ""} | dict(typed or {}),
        may_change=may(request.user, DECIDERS),
    )


def _keys(request: Request) -> Collection[bytes] | None:
    """The hashes of the addresses that somebody may see on the list; ``None`` for all of them."""
    units = access.portfolio(request.user, request.workspace)
    if units is None:
        return None
    return suppression.keys_of(request.workspace, portfolio.subjects(request.workspace, units))


def _soft_bounces(request: Request, address: str, keys: Collection[bytes] | None) -> tuple[int, int] | None:
    workspace = request.workspace
    if keys is not None and suppression.address_key(workspace, "email", address) not in keys:
        return None
    return suppression.soft_bounces(workspace, address)


def _entry(each: suppression.Entry, reader: Reader) -> ShownEntry:
    reason = suppression.REASON_WORDS.get(each.reason)  # type: ignore[call-overload]
    lifted = ""
    if each.lifted_us is not None:
        said = Text(
            "Taken off on {moment} by {person}: {why}",
            moment=moment(each.lifted_us, reader),
            person=each.lifted_by,
            why=each.lifted_note,
        )
        lifted = reader.say(said)
    told = " · ".join(part for part in (each.note, each.source, each.made_by) if part)
    return ShownEntry(
        each.id,
        each.shown,
        reader.say(reason) if reason else each.reason,
        told,
        moment(each.at_us, reader),
        lifted,
        "" if each.channel == "email" else reader.say(_channel(each.channel)),
    )


def _channel(name: str) -> Text:
    return TOUCH_CHANNELS.get(name, Text("{name}", name=name))  # type: ignore[call-overload, no-any-return]


def _no_file() -> Refusal:
    return Refusal(
        "not_text",
        found=Text("No file was chosen, or it is too large."),
        expected=Text("A CSV file with one address a line, of 20 MB at most."),
        remedy=Text("Choose one and import it again."),
    )


def _said(request: Request, refusal: Refusal) -> dict[str, str]:
    return {_FIELDS.get(refusal.code, "page"): _words(request, refusal)}


def _words(request: Request, refusal: Refusal) -> str:
    return f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"


def _done(request: Request, said: Text) -> HttpResponse:
    return say_next(HttpResponseRedirect(reverse("suppression")), request.reader.say(said))


def _who(request: Request) -> str:
    return cast(User, request.user).email
