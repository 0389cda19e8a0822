"""Customers whose needs are not known, and the fields of the profile."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.care.needs import need_fields, save_fields
from holdfast.store.models import User
from holdfast.store.needs import count_known, gaps
from holdfast.web import watching
from holdfast.web.access import DECIDERS, READERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.needs import words
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 50


@only(READERS)
@require_safe
def needs(request: Request) -> HttpResponse:
    """Who has gaps, who spent most first; ``?owner=mine`` asks for one's own customers."""
    return _shown(request)


@only(DECIDERS)
@require_POST
def choose_fields(request: Request) -> HttpResponse:
    """Decide of what fields the profile consists."""
    workspace, typed = request.workspace, request.POST.dict()
    try:
        wanted = words.read_fields(typed, need_fields(workspace), request.reader)
        save_fields(workspace, wanted)
        watching.changed(request, "needs.changed", "setting:needs", fields=len(wanted))
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        return _shown(request, typed, said, status=422)
    return HttpResponseRedirect(reverse("needs"))


def _shown(
    request: Request, typed: Mapping[str, str] | None = None, error: str = "", *, status: int = 200
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    mine, after = request.GET.get("owner", ""), _after(request.GET.get("after", ""))
    if mine not in ("", "mine"):
        raise BadRequest(f"owner={mine}")
    fields = need_fields(workspace)
    owner = int(request.user.pk) if mine and isinstance(request.user, User) else None
    here, full = count_known(workspace, len(fields))
    seen = portfolio(request.user, workspace)
    rows, more = gaps(workspace, len(fields), owner_id=owner, only=seen, after=after, limit=ROWS)
    last = rows[-1] if rows else None
    return show(
        request,
        "needs/needs.html",
        status=status,
        place="customers",
        here=here,
        mine=bool(mine),
        rows=[words.shown_gap(masks(request).named(row), len(fields), workspace, reader) for row in rows],
        sentence=words.sentence(here, full, reader),
        next_url=_address(mine, f"{last.amount_minor}.{last.unit_id}") if more and last else "",
        first_url=_address(mine, "") if after else "",
        mine_url=_address("" if mine else "mine", ""),
        fields=words.shown_fields(fields, typed, reader),
        may_decide=may(request.user, DECIDERS),
        error_words=error,
    )


def _address(mine: str, after: str) -> str:
    given = "&".join(f"{name}={value}" for name, value in (("owner", mine), ("after", after)) if value)
    return reverse("needs") + (f"?{given}" if given else "")


def _after(written: str) -> tuple[int, int] | None:
    """The place in the list that is named: an amount and a unit."""
    if not written:
        return None
    try:
        amount, unit = (int(part) for part in written.split("."))
    except ValueError as error:
        raise BadRequest(f"after={written}") from error
    if not all(abs(part) < 2**63 for part in (amount, unit)):
        raise BadRequest(f"after={written}")
    return amount, unit
