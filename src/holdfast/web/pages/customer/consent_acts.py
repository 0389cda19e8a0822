"""Recording what a customer said about what we may send."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act import consent_by_hand
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
