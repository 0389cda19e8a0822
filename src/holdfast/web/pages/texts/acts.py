"""What a person says of a text: that it was read rightly, or what it means."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.moments import microseconds
from holdfast.domain.readings import NEGATIVE
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.understand import corrections
from holdfast.services.understand.corrections import Meant
from holdfast.store import readings
from holdfast.web.access import WRITERS, only
from holdfast.web.pages.texts.view import text_page
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email

MOST_CAUSES = 40


@only(WRITERS)
@require_POST
def text_correct(request: Request, text_id: int) -> HttpResponse:
    """Keep what a text means: ``right`` as it was read, ``only`` one cause, else all that the form says."""
    found = readings.reading(request.workspace, text_id)
    if found is None:
        raise Http404(f"there is no text {text_id}")
    typed = request.POST
    if "right" in typed:
        meant = corrections.as_read(found)
    elif "only" in typed:
        meant = Meant(NEGATIVE, (typed["only"],), found.wants)
    else:
        causes = tuple(typed.getlist("cause")[:MOST_CAUSES])
        meant = Meant(typed.get("sentiment", ""), causes, tuple(typed.getlist("want")[:MOST_CAUSES]))
    try:
        corrections.correct(
            request.workspace,
            text_id,
            meant,
            by=email(request),
            now_us=microseconds(datetime.now(UTC)),
        )
    except Refusal as refusal:
        if refusal.code != "bad_meaning":
            raise
        wrong = " ".join(request.reader.say(each) for each in (refusal.found, refusal.expected))
        return text_page(request, text_id, wrong=wrong)
    said = Text("Kept. The warnings that listen to texts follow within seconds.")
    return say_next(HttpResponseRedirect(reverse("texts")), request.reader.say(said))
