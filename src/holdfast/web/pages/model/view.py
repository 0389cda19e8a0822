"""The model page, and the way back to an earlier version."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.services.foresee import reading
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.backtest.pictures import calibration_chart
from holdfast.web.pages.backtest.words import drift_words
from holdfast.web.pages.model import words
from holdfast.web.reading import Request
from holdfast.web.show import show

MOVED_SHOWN = 8
FEATURES_SHOWN = 20
"""The weightiest features; the rest is unfolded."""


@only(READERS)
@require_safe
def model(request: Request) -> HttpResponse:
    """The card of the model in use, and the versions that are kept."""
    cards, reader = reading.model_cards(request.workspace), request.reader
    card = words.in_use(cards)
    if card is None:
        unscored = reading.at_risk(request.workspace, top=1)
        return show(request, "model/nothing.html", place="foresee", unscored=unscored)
    drift, features = card.drift, words.features(card.features, reader)
    return show(
        request,
        "model/model.html",
        place="foresee",
        sentence=words.sentence(card, reader),
        alarm=drift is not None and drift.alarm,
        drift=drift_words(drift, drift is not None and drift.alarm, reader),
        kept_word=words.kept_word(drift, reader) if drift else "",
        chance=words.chance(drift, reader) if drift else "",
        moved=words.shifts(drift.features, reader)[:MOVED_SHOWN] if drift else [],
        grades=words.grades(card, reader),
        graded_on=card.graded_on,
        calibration=calibration_chart(card.curve, reader),
        facts=words.facts(card, reader),
        notes=[reader.say(note) for note in card.notes],
        features=features[:FEATURES_SHOWN],
        more_features=features[FEATURES_SHOWN:],
        versions=words.versions(cards, reader),
        may_decide=may(request.user, DECIDERS),
    )


@only(DECIDERS)
@require_POST
def roll_back(request: Request) -> HttpResponse:
    """Use an earlier version again; the next run scores with it."""
    written = request.POST.get("version", "")
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise BadRequest(f"version={written}")
    reading.roll_back(request.workspace, int(written))
    return HttpResponseRedirect(f"{reverse('model')}#versions")
