"""The backtest page: reads what the loop has tried, shows it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.services.foresee import reading
from holdfast.web.access import READERS, only
from holdfast.web.pages.backtest import pictures, words
from holdfast.web.reading import Request
from holdfast.web.show import show


@only(READERS)
@require_safe
def backtest(request: Request) -> HttpResponse:
    """Would we have known? The backtest that the loop made last."""
    found, reader = reading.last_backtest(request.workspace), request.reader
    if found is None or found.total is None:
        reason = found.reason if found else None
        return show(request, "backtest/nothing.html", place="foresee", reason=reason)
    return show(
        request,
        "backtest/backtest.html",
        place="foresee",
        sentence=words.sentence(found, found.total, reader),
        drift=words.drift_words(found.drift, found.drift_alarm, reader),
        drift_alarm=found.drift_alarm,
        against=words.against(found.differences, reader),
        ways=[reader.gettext("The model"), *(reader.say(name) for name in words.RIVALS.values())],
        grades=words.grades(found.total, reader),
        moments=pictures.moments_chart(found.moments, reader),
        calibration=pictures.calibration_chart(found.calibration, reader),
        facts=words.facts(found, reader),
        reason=found.reason,
    )
