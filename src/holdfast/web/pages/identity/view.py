"""Probable duplicates, two customers side by side, merges with undo, and the ids of a customer."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.audit import about_customer
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.identity import comparing, merging
from holdfast.services.collect.identity.comparing import Comparison
from holdfast.store import customers, duplicates
from holdfast.store import merging as kept
from holdfast.store.customers import CustomerFilter, CustomerSort
from holdfast.store.linked import walk
from holdfast.store.models import User
from holdfast.web import watching
from holdfast.web.access import READERS, WRITERS, check_sees, may, may_see, only, portfolio
from holdfast.web.cause_words import cause_names
from holdfast.web.pages.identity import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

ON_A_PAGE = 25
FOUND = 12
"""Customers that a search for the other entry offers."""


@only(READERS)
@require_safe
def probable(request: Request) -> HttpResponse:
    """The list of probable duplicates, the most probable first."""
    workspace, reader = request.workspace, request.reader
    found = comparing.probable(workspace, after=_after(request), limit=ON_A_PAGE)
    seen = [each for each in found.pairs if may_see(request.user, [each.left.unit_id, each.right.unit_id])]
    merged = _number(request.GET.get("merged", ""))
    return show(
        request,
        "identity/duplicates.html",
        place="customers",
        sentence=words.list_sentence(found.total, reader),
        pairs=[words.pair(each, reader) for each in seen],
        searched=duplicates.last_search(workspace) is not None,
        next_url=f"{reverse('duplicates')}?{urlencode({'after': _place(found.after)})}"
        if found.after
        else "",
        first_url=reverse("duplicates") if "after" in request.GET else "",
        merged=merged,
        apart="apart" in request.GET,
        may_merge=may(request.user, WRITERS),
    )


@only(READERS)
@require_safe
def compare(request: Request, left: int, right: int) -> HttpResponse:
    """Two customers side by side: what agrees, what differs, what merging them would mean."""
    return _compared(request, left, right)


@only(WRITERS)
@require_POST
def merge(request: Request) -> HttpResponse:
    """Say that two customers are one; the list offers to take it back."""
    left, right = _two(request)
    try:
        number = merging.merge(request.workspace, (left, right), by=_email(request), now=_now(request))
        watching.changed(request, "customer.merged", about_customer(left), with_customer=right, merge=number)
    except Refusal as refusal:
        return _compared(request, left, right, refusal)
    return HttpResponseRedirect(f"{reverse('duplicates')}?{urlencode({'merged': number})}")


@only(WRITERS)
@require_POST
def different(request: Request) -> HttpResponse:
    """Remember that two customers are not the same."""
    left, right = _two(request)
    try:
        merging.say_different(request.workspace, left, right, by=_email(request), now=_now(request))
        watching.changed(request, "customer.kept_apart", about_customer(left), from_customer=right)
    except Refusal as refusal:
        return _compared(request, left, right, refusal)
    return HttpResponseRedirect(f"{reverse('duplicates')}?apart=1")


@only(READERS)
@require_safe
def merges(request: Request) -> HttpResponse:
    """What people merged and took apart, the newest first."""
    return _merges(request)


@only(WRITERS)
@require_POST
def undo(request: Request, merge_id: int) -> HttpResponse:
    """Undo a merge."""
    still = merging.undo(request.workspace, merge_id, by=_email(request), now=_now(request))
    watching.changed(request, "merge.undone", f"merge:{merge_id}")
    said = urlencode({"undone": merge_id} | ({"still": 1} if still else {}))
    return HttpResponseRedirect(f"{reverse('merges')}?{said}")


@only(READERS)
@require_safe
def ids(request: Request, unit_id: int) -> HttpResponse:
    """The ids of a customer with what links them, and the search for another entry of the same customer."""
    return _ids(request, unit_id)


@only(WRITERS)
@require_POST
def take_out(request: Request, unit_id: int) -> HttpResponse:
    """Make a customer of its own of the chosen ids."""
    chosen = [number for each in request.POST.getlist("id") if (number := _number(each)) is not None]
    check_sees(request.user, chosen)
    try:
        merging.take_out(request.workspace, chosen, by=_email(request), now=_now(request))
        watching.changed(request, "customer.taken_apart", about_customer(unit_id), ids=len(chosen))
    except Refusal as refusal:
        return _ids(request, unit_id, refusal)
    return HttpResponseRedirect(f"{reverse('customer_ids', args=[unit_id])}?apart=1")


def _compared(request: Request, left: int, right: int, refusal: Refusal | None = None) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    found = _comparison(request, left, right)
    sides, cause_name = (found.left, found.right), cause_names(workspace, reader)
    return show(
        request,
        "identity/compare.html",
        status=200 if refusal is None else 422,
        place="customers",
        found=found,
        names=[view.name for view in sides],
        urls=[reverse("customer", args=[view.unit_id]) for view in sides],
        sentence=words.compared_sentence(found, reader),
        against=[each for each in words.reasons(found.likeness.reasons, reader) if each.sign == "against"],
        fields=words.fields(found, reader),
        figures=words.figures(found, workspace.zone, reader),
        consequence=words.consequence(found, reader),
        months=[words.events_of(view, workspace.zone, reader, cause_name) for view in sides],
        refused=_said(request, refusal),
        may_merge=may(request.user, WRITERS),
    )


def _comparison(request: Request, left: int, right: int) -> Comparison:
    try:
        return comparing.compare(request.workspace, left, right, now=present(request.workspace))
    except Refusal as refusal:
        if refusal.code != "no_such_customer":
            raise
        raise Http404(str(refusal)) from refusal


def _merges(request: Request) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    before = _number(request.GET.get("before", ""))
    found = merging.merges(workspace, before=before, limit=ON_A_PAGE + 1)
    last = found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None
    found = [each for each in found[:ON_A_PAGE] if may_see(request.user, each.units)]
    names = kept.names_of(workspace, {unit for each in found for unit in each.units})
    shown = [words.merge(each, names, workspace.zone, reader) for each in found]
    return show(
        request,
        "identity/merges.html",
        place="customers",
        acts=shown,
        next_url=f"{reverse('merges')}?{urlencode({'before': last})}" if last is not None else "",
        first_url=reverse("merges") if before is not None else "",
        undone=_number(request.GET.get("undone", "")),
        still="still" in request.GET,
        may_merge=may(request.user, WRITERS),
    )


def _ids(request: Request, unit_id: int, refusal: Refusal | None = None) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    members = set(walk({unit_id}).unit)
    known = kept.known_ids(workspace, members)
    if not known:
        raise Http404(f"there is no customer {unit_id}")
    names = kept.names_of(workspace, members)
    wanted = request.GET.get("q", "").strip()
    return show(
        request,
        "identity/ids.html",
        status=200 if refusal is None else 422,
        place="customers",
        unit_id=unit_id,
        name=names.get(unit_id) or next(iter(names.values())),
        ids=words.links(known, names, kept.links_of(workspace, members), workspace.zone, reader),
        wanted=wanted,
        others=_others(request, wanted, members, unit_id) if wanted else [],
        refused=_said(request, refusal),
        apart="apart" in request.GET,
        may_merge=may(request.user, WRITERS),
    )


def _others(request: Request, wanted: str, members: set[int], unit_id: int) -> list[tuple[str, str, str]]:
    """(name, what else is known, address of the comparison) of customers whom the search finds."""
    page = customers.list_customers(
        request.workspace,
        CustomerFilter(search=wanted, among=portfolio(request.user, request.workspace)),
        CustomerSort("name", descending=False),
        limit=FOUND,
    )
    rows = [row for row in page.rows if row.unit_id not in members]
    facts = comparing.facts_of(request.workspace, [row.unit_id for row in rows])
    return [
        (row.name or f"#{row.unit_id}", words.side(facts[row.unit_id]).sub, _comparing(unit_id, row.unit_id))
        for row in rows
        if row.unit_id in facts
    ]


def _comparing(left: int, right: int) -> str:
    return reverse("compare", args=[left, right])


def _said(request: Request, refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    return f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"


def _two(request: Request) -> tuple[int, int]:
    left, right = (_number(request.POST.get(name, "")) for name in ("left", "right"))
    if left is None or right is None:
        raise BadRequest("left and right are numbers of customers")
    check_sees(request.user, [left, right])
    return left, right


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else None


def _after(request: Request) -> tuple[float, int, int] | None:
    """The place in the list that the address names: hundredths of a point and two numbers."""
    written = request.GET.get("after", "")
    if not written:
        return None
    parts = [_number(part) for part in written.split("-")]
    if len(parts) != 3 or any(part is None for part in parts):
        raise BadRequest(f"after={written}")
    score, low, high = (part or 0 for part in parts)
    return score / 100, low, high


def _place(after: tuple[float, int, int]) -> str:
    score, low, high = after
    return f"{round(score * 100)}-{low}-{high}"


def _email(request: Request) -> str:
    return request.user.email if isinstance(request.user, User) else ""


def _now(request: Request) -> datetime:
    return present(request.workspace)
