"""Recording what a customer said about what we may send."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act import consent_by_hand, pausing
from holdfast.services.act.consent_by_hand import Recorded
from holdfast.services.collect.care.who import Who
from holdfast.web.access import WRITERS, only
from holdfast.web.pages.customer.acts import acted, email
from holdfast.web.reading import Request


@only(WRITERS)
@require_POST
def record(request: Request, unit_id: int) -> HttpResponse:
    """Write down what a customer said, with the proof."""
    given = request.POST
    actual = int(datetime.now(UTC).timestamp() * 1_000_000)

    def act(about: Who) -> tuple[str, int]:
        recorded = Recorded(
            given.get("topic", ""),
            given.get("channel", ""),
            given.get("given") == "yes",
            _day(request, given.get("on", ""), actual),
            given.get("how", ""),
            given.get("wording", ""),
            given.get("source", ""),
        )
        consent_by_hand.record(request.workspace, about.unit_id, recorded, by=email(request), now_us=actual)
        return "consent_recorded", 0

    return acted(request, unit_id, "consent", act)


@only(WRITERS)
@require_POST
def pause(request: Request, unit_id: int) -> HttpResponse:
    """Let offers and news to a customer pause until a day, or go again (``do`` is "end")."""
    given, workspace, by = request.POST, request.workspace, email(request)

    def act(about: Who) -> tuple[str, int]:
        if given.get("do") == "end":
            ended = pausing.end(workspace, about.subjects, by=by, now_us=actual_us())
            return "pause_ended" if ended else "nothing_changed", 0
        pausing.pause(
            workspace,
            about.subjects,
            _until(given.get("until", "")),
            asked=given.get("asked") == "yes",
            why=given.get("why", ""),
            by=by,
            now_us=actual_us(),
        )
        return "paused", 0

    return acted(request, unit_id, "pause", act)


def _until(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError as error:
        raise Refusal(
            "bad_day",
            found=Text("{written} is no day.", written=written[:40] or '""'),
            expected=Text("A day like 2026-11-16."),
            remedy=Text("Choose another day; nothing was changed."),
        ) from error


def _day(request: Request, written: str, actual: int) -> int:
    """The noon of a day by the company's clock, or just now where that day is today or none was typed."""
    if not written.strip():
        return actual
    try:
        at = datetime.fromisoformat(written.strip()).replace(hour=12, tzinfo=request.workspace.zone)
        at_us = int(at.timestamp() * 1_000_000)
    except (ValueError, OverflowError) as error:
        raise Refusal(
            "bad_moment",
            found=Text("{written} is no day.", written=written[:40]),
            expected=Text("A day like 2026-11-16."),
            remedy=Text("Mend it, or leave it empty if it was today."),
        ) from error
    today = datetime.fromtimestamp(actual / 1_000_000, UTC).astimezone(request.workspace.zone).date()
    return min(at_us, actual) if at.date() == today else at_us
