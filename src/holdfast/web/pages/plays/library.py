"""``/act/plays/library``: ready plays by the signal they answer and by occasion, taken over with a button."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.domain.feasts import FEASTS
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act.plays import library
from holdfast.services.act.plays.library import ReadyPlay
from holdfast.store import plays as stored
from holdfast.web.access import EXPORTERS, READERS, may, only
from holdfast.web.pages.plays import words
from holdfast.web.pages.plays.words import PlayNames
from holdfast.web.reading import Request
from holdfast.web.show import show


@dataclass(frozen=True, slots=True)
class ShownReady:
    """A ready play; ``there`` says that it was taken over already."""

    key: str
    title: str
    description: str
    begins: str
    service: bool
    there: bool


@only(READERS)
@require_safe
def ready_plays(request: Request) -> HttpResponse:
    """The library."""
    return library_page(request)


def library_page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The library; ``wrong`` says what could not be done."""
    reader, every = request.reader, library.every()
    names = words.names_of(request.workspace)
    there = {each.key for each in stored.listed(request.workspace)}
    scenarios = library.scenarios()
    answers = [each for each in every if each not in scenarios]
    return show(
        request,
        "plays/library.html",
        status=status,
        place="outbox",
        groups=[
            (reader.say(title), [_shown(each, names, there, reader) for each in some])
            for title, some in ((Text("For a signal"), answers), (Text("For an occasion"), scenarios))
        ],
        count=len(every),
        may_make=may(request.user, EXPORTERS),
        wrong=wrong,
    )


def _shown(ready: ReadyPlay, names: PlayNames, there: set[str], reader: Reader) -> ShownReady:
    play = ready.play(reader.code)
    begins = (
        reader.say(Text("Every year on the day: {feast}", feast=FEASTS[ready.feast]))
        if ready.feast
        else words.trigger_words(play.trigger, names, reader)
    )
    return ShownReady(
        ready.key,
        ready.title(reader.code),
        ready.description(reader.code),
        begins,
        play.purpose == "service",
        ready.key in there,
    )
