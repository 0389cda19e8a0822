"""What is to be looked at, every text that was read, and one of them with what was read in it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.services.understand import corrections
from holdfast.store import merging, own_words, readings, to_review
from holdfast.store.readings import Reading
from holdfast.web.access import READERS, WRITERS, may, may_see, only
from holdfast.web.masking import masks
from holdfast.web.pages.texts import words
from holdfast.web.reading import Request
from holdfast.web.show import show

ON_A_PAGE = 25


@only(READERS)
@require_safe
def texts(request: Request) -> HttpResponse:
    """The queue; with ``show=all`` every text, narrowed."""
    workspace, reader = request.workspace, request.reader
    everything = request.GET.get("show") == "all"
    names = own_words.causes(workspace)
    wanted = words.narrowed(request.GET.dict(), names)
    if everything:
        found = to_review.listed(workspace, wanted, before=_before(request), limit=ON_A_PAGE + 1)
    else:
        found = to_review.queue(workspace, ON_A_PAGE)
    counts = readings.counts(workspace)
    further = len(found) > ON_A_PAGE
    last = found[ON_A_PAGE - 1] if further else None
    return show(
        request,
        "texts/texts.html",
        place="understand",
        sentence=words.sentence(counts, corrections.rightness(workspace), reader),
        there=counts.texts > 0,
        texts=shown(request, found[:ON_A_PAGE]),
        everything=everything,
        menus=words.menus(wanted, counts, names, reader) if everything else [],
        leaving_url=words.query(wanted, leaving="" if wanted.leaving else "1"),
        leaving=wanted.leaving,
        corrected_url=words.query(wanted, corrected="" if wanted.corrected else "1"),
        corrected=bool(wanted.corrected),
        next_url=f"{words.query(wanted)}&{urlencode({'before': f'{last.at_us}.{last.id}'})}" if last else "",
        first_url=words.query(wanted) if "before" in request.GET else "",
        may_correct=may(request.user, WRITERS),
    )


@only(READERS)
@require_safe
def text(request: Request, text_id: int) -> HttpResponse:
    """One text: the words, what was read in them, and what it should be."""
    return text_page(request, text_id)


def text_page(request: Request, text_id: int, *, wrong: str = "") -> HttpResponse:
    """The page of one text; ``wrong`` says what is wrong with what was sent."""
    workspace, reader = request.workspace, request.reader
    found = readings.reading(workspace, text_id)
    if found is None:
        raise Http404(f"there is no text {text_id}")
    names = own_words.causes(workspace)
    (one,) = shown(request, [found], whole=masks(request).all_whole)
    before = found.read_before or {}
    return show(
        request,
        "texts/text.html",
        status=422 if wrong else 200,
        place="understand",
        text=one,
        wrong=wrong,
        moods=words.moods(found.sentiment, reader),
        wants=words.wants(found.wants, reader),
        groups=words.groups(names, found.causes, reader),
        rivals=found.competitors,
        read_before=[words.cause_name(names, each, reader) for each in before.get("causes", ())],
        was_corrected=found.corrected_us is not None,
        may_correct=may(request.user, WRITERS),
    )


def shown(request: Request, found: Sequence[Reading], *, whole: bool = False) -> list[words.ShownText]:
    """Readings as whoever asks may see them, without those of customers they do not look after."""
    workspace, reader, mask = request.workspace, request.reader, masks(request)
    seen = [each for each in found if may_see(request.user, [each.unit_id])]
    called = merging.names_of(workspace, {each.unit_id for each in seen}) if seen else {}
    names = own_words.causes(workspace)
    return [
        words.shown(
            each,
            names,
            mask.shown("name", called.get(each.unit_id, "")),
            workspace.zone,
            reader,
            whole=whole,
            hide=called.get(each.unit_id, ""),
        )
        for each in seen
    ]


def _before(request: Request) -> tuple[int, int] | None:
    given = request.GET.get("before", "")
    if not given:
        return None
    at, _, number = given.partition(".")
    try:
        place = int(at), int(number)
    except ValueError as error:
        raise BadRequest("no such place in the list") from error
    if max(map(abs, place)) >= 2**62:
        raise BadRequest("no such place in the list")
    return place


def url_of(text_id: int) -> str:
    """The address of one text."""
    return reverse("text", args=[text_id])
