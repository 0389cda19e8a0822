"""The page one begins the day with: what changed, whom to call first, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.services.act.changes import progress as changes
from holdfast.services.act.plays import second
from holdfast.services.act.team import practice
from holdfast.services.foresee import reading as risks
from holdfast.services.warn import reading
from holdfast.store import episodes_judged
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, WRITERS, may, only, portfolio
from holdfast.web.episode_words import called, shown_storms
from holdfast.web.masking import masks
from holdfast.web.pages.changes.words import near
from holdfast.web.pages.today import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import email, person_id
from holdfast.web.workspace import present

ON_A_PAGE = 50
ANSWERED_DAYS = 90
"""So far back it is looked how soon warnings were answered (C0)."""

LONGEST_PLACE = 200


@only(READERS)
@require_safe
def today(request: Request) -> HttpResponse:
    """Open warnings by customer, the highest value at risk first; ``?whose=me`` only one's own customers."""
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    whose, after = request.GET.get("whose", ""), request.GET.get("after", "")
    if whose not in ("", "me") or len(after) > LONGEST_PLACE:
        raise BadRequest("no such list of warnings")
    seen = portfolio(request.user, workspace)
    page = reading.open_episodes(
        workspace,
        seen,
        now=now,
        owner=person_id(request) if whose else None,
        limit=ON_A_PAGE,
        after=after or None,
    )
    rows = reading.signal_list(workspace, now=now, seen_by=seen)
    storms = reading.storms(workspace, now=now) if seen is None else []
    since_us = int((now - timedelta(days=ANSWERED_DAYS)).timestamp() * 1_000_000)
    criteria = risks.read_criteria(workspace)
    day = present(workspace).astimezone(workspace.zone).date()
    people = called(page.rows, day, criteria, reader, masks(request))
    return show(
        request,
        "today/list.html" if request.htmx.target == "today" else "today/today.html",
        place="today",
        people=people,
        # Further down nobody is first; where the list is empty for other reasons, these are said there.
        sentence="" if after or (not people and (whose or storms)) else words.sentence(rows, people, reader),
        storms=shown_storms(storms, reader),
        changes=near(changes.nearing(workspace, now), day, reader) if may(request.user, EXPORTERS) else [],
        plays=words.waiting(second.waiting_for(workspace, email(request)), reader)
        if may(request.user, DECIDERS)
        else [],
        tabs=words.tabs(whose, reader),
        news=words.news(rows, reader),
        answered=words.answered(episodes_judged.answers(workspace, since_us=since_us), reader)
        if seen is None
        else (),
        answered_days=ANSWERED_DAYS,
        next_url=_url(whose, page.next) if page.next else "",
        first_url=_url(whose, "") if after else "",
        back=_url(whose, after),
        looked_at=any(row.scorecard or row.open_count for row in rows),
        whose=whose,
        practice=practice.today(workspace, person_id(request), day),
        may_work=may(request.user, WRITERS),
    )


def _url(whose: str, after: str) -> str:
    given = {name: value for name, value in (("whose", whose), ("after", after)) if value}
    return reverse("today") + (f"?{urlencode(given)}" if given else "")
