"""Who was not contacted, and who gets contact against who brings money."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.domain.period import day_number
from holdfast.domain.work import end_of
from holdfast.services.warn.attention import Shared, Waiting, read
from holdfast.store import owners
from holdfast.store.customers import listed_among
from holdfast.store.waiting import Whose, waiting
from holdfast.store.work import seen_by
from holdfast.web.access import READERS, WRITERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.attention import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import person_id
from holdfast.web.workspace import present

WAITING_SHOWN = 20


@only(READERS)
@require_safe
def attention(request: Request) -> HttpResponse:
    """What the last nightly run counted; ``?whose=me`` names only one's own customers who wait."""
    workspace, reader, whose = request.workspace, request.reader, request.GET.get("whose", "")
    if whose not in ("", "me"):
        raise BadRequest("no such list of customers")
    shared, seen = read(workspace), portfolio(request.user, workspace)
    if shared is None:
        return show(request, "attention/nothing.html", place="warn")
    people = {person.id: person.name or person.email for person in owners.people(workspace)}
    found = _waiting(request, shared, whose)
    listed = listed_among(workspace, [each.unit_id for each in found])
    names = {each.unit_id: each.name for each in listed}
    mask = masks(request)
    return show(
        request,
        "attention/attention.html",
        place="warn",
        sentence=words.sentence(shared, reader) if seen is None else "",
        tenure=words.groups(shared.tenure, words.TENURES, reader) if seen is None else [],
        size=words.groups(shared.size, words.SIZES, reader) if seen is None else [],
        owners=words.owned(shared.owners, people, reader) if seen is None else [],
        waiting=[
            words.waiting(each, mask.shown("name", names[each.unit_id]), workspace.currency, reader)
            for each in found
            if each.unit_id in names
        ],
        tabs=words.tabs(whose, reader),
        promises=words.promises(_late(request), reader),
        day=shared.day,
        may_work=may(request.user, WRITERS),
    )


def _waiting(request: Request, shared: Shared, whose: str) -> list[Waiting]:
    """Those who wait and are the reader's to see, or to look after."""
    from holdfast.store.portfolio import portfolio as looked_after

    seen = portfolio(request.user, request.workspace)
    if whose:
        seen = looked_after(request.workspace, person_id(request))
    rows = (each for each in shared.waiting if seen is None or each.unit_id in seen)
    return [each for each, _ in zip(rows, range(WAITING_SHOWN), strict=False)]


def _late(request: Request) -> int:
    """The reader's tasks that are late: what was promised and not done."""
    workspace, now, me = request.workspace, present(request.workspace), person_id(request)
    theirs = portfolio(request.user, workspace)
    day = now.astimezone(workspace.zone).date()
    until, now_us = end_of(day, workspace.zone) + 1, int(now.timestamp() * 1_000_000)
    wanted = Whose(me, seen_by(workspace, me, theirs), day_number(day), until, now_us, 1.0)
    return int(waiting(workspace, ["tasks"], wanted)["tasks"]["late"])
