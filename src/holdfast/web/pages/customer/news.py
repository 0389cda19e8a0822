"""What has changed of a customer since their page was made: asked for every two seconds by whoever looks."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.look_up import CustomerView, customer_of_unit
from holdfast.services.foresee import reading
from holdfast.web.access import READERS, WRITERS, may, only
from holdfast.web.pages.customer import words
from holdfast.web.pages.customer.asked import NotUnderstood, read_asked
from holdfast.web.pages.customer.episodes import shown_episodes
from holdfast.web.pages.customer.risk import risk_card
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present


@only(READERS)
@require_safe
def news(request: Request, unit_id: int) -> HttpResponse:
    """Figures, risk and timeline where they changed since ``?since=``; else 204, after one small question."""
    from holdfast.store.standings import looked_at

    workspace, reader = request.workspace, request.reader
    if request.GET.get("since") == str(looked_at(workspace, unit_id)):
        return HttpResponse(status=204)
    try:
        view = customer_of_unit(workspace, unit_id, now=present(workspace), limit=1)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    return show(
        request,
        "customer/news.html",
        news_url=news_url(view),
        facts=words.facts(view, present(workspace), workspace.zone, reader),
        card=risk_card(workspace, unit_id, reader, reading.read_criteria(workspace)),
        episodes=shown_episodes(request, unit_id),
        unit_id=unit_id,
        may_judge=may(request.user, WRITERS),
        happened_url=_happened_url(request, unit_id),
    )


def news_url(view: CustomerView) -> str:
    """Where to ask for news after what ``view`` shows: it names when the customer was last looked at."""
    since = (view.listed.read_us if view.listed else None) or 0
    return f"{reverse('news', args=[view.unit_id])}?{urlencode({'since': since})}"


def _happened_url(request: Request, unit_id: int) -> str:
    """The newest stretch of the timeline as the reader has narrowed it; "" for who has gone further back."""
    query = parse_qs(urlsplit(request.htmx.current_url or "").query)
    given = {name: values[0] for name, values in query.items()}
    if "older" in request.GET or "before" in given:
        return ""
    try:
        return read_asked(unit_id, {"kind": given.get("kind", "")}).address()
    except NotUnderstood:
        return ""
