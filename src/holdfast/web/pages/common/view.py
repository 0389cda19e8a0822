"""The groups of whom more left, and the customers behind each."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.services.understand import common as found_common
from holdfast.services.understand import common_words
from holdfast.services.understand.common import Behind, Common, Group
from holdfast.store.customers import listed_among
from holdfast.web.access import READERS, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.reading import Request
from holdfast.web.show import show

SHOWN = 50
"""So many customers stand in a list, those with most money first."""


@only(READERS)
@require_safe
def common(request: Request) -> HttpResponse:
    """What the last nightly run found; ``?group=KEY`` shows one group with its customers."""
    found, reader = found_common.read(request.workspace), request.reader
    if found is None or found.reason is not None:
        reason = found.reason if found and found.reason else common_words.NOBODY_LOOKED
        return show(request, "common/nothing.html", place="understand", reason=reader.say(reason))
    key = request.GET.get("group", "")
    if key:
        return _one(request, found, key)
    return show(
        request,
        "common/common.html",
        place="understand",
        sentence=reader.say(common_words.summary(found)),
        groups=[_shown(request, each, found) for each in found.groups],
        honesty=reader.say(common_words.honesty(found)),
        found=found,
        whole=portfolio(request.user, request.workspace) is None,
    )


def _one(request: Request, found: Common, key: str) -> HttpResponse:
    group = next((each for each in found.groups if each.key == key), None)
    if group is None:
        raise Http404
    return show(
        request,
        "common/group.html",
        place="understand",
        group=_shown(request, group, found),
        whole=portfolio(request.user, request.workspace) is None,
        gone=_listed(request, group.gone),
        there=_listed(request, group.there),
    )


def _shown(request: Request, group: Group, found: Common) -> dict[str, object]:
    """A group in the reader's words."""
    reader, currency = request.reader, request.workspace.currency or NO_CURRENCY
    return {
        "who": (who := reader.say(group.who))[:1].upper() + who[1:],
        "state": group.state,
        "state_words": reader.say(common_words.STATES[group.state]),
        "compared": reader.say(common_words.compared(group, found.horizon_days)),
        "part": reader.share(group.part_of_lost, 0),
        "lost": group.lost,
        "lost_money": reader.money(Money(group.lost_money_minor, currency), 0),
        "now": group.now,
        "now_money": reader.money(Money(group.now_money_minor, currency), 0),
        "url": f"{reverse('common')}?group={group.key}",
    }


def _listed(request: Request, behind: tuple[Behind, ...]) -> list[dict[str, str]]:
    """The customers whom this reader may see, with most money first; who was erased is left out."""
    seen, reader = portfolio(request.user, request.workspace), request.reader
    mine = [each for each in behind if seen is None or each.unit_id in seen][:SHOWN]
    names = {
        each.unit_id: each.name for each in listed_among(request.workspace, [one.unit_id for one in mine])
    }
    mask, currency = masks(request), request.workspace.currency or NO_CURRENCY
    return [
        {
            "name": mask.shown("name", names[each.unit_id]) or f"#{each.unit_id}",
            "url": reverse("customer", args=[each.unit_id]),
            "day": reader.day(each.departed) if each.departed else "",
            "money": reader.money(Money(each.money_minor, currency), 0),
        }
        for each in mine
        if each.unit_id in names
    ]
