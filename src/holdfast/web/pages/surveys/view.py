"""``/act/surveys``: the questions that plays ask, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain import surveys as known
from holdfast.domain.moments import microseconds
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act import survey_letters
from holdfast.services.act import surveys as service
from holdfast.services.act.surveys import Results, Share
from holdfast.settings import Settings
from holdfast.store import plays
from holdfast.store.surveys import Counted
from holdfast.web.access import READERS, only, portfolio
from holdfast.web.reading import Request
from holdfast.web.show import show


@dataclass(frozen=True, slots=True)
class ShownSurvey:
    """A question as a line of the list."""

    question: str
    language: str
    url: str
    play: str
    kind: str
    sent: str
    answered: str
    last: str


@dataclass(frozen=True, slots=True)
class ShownShare:
    """One answer with how many gave it; ``share`` says so where they are too few for one."""

    label: str
    count: str
    share: str


@only(READERS)
@require_safe
def surveys(request: Request) -> HttpResponse:
    """Every question that was asked, what was answered last first."""
    titles = {each.key: each.title for each in plays.listed(request.workspace)}
    return show(
        request,
        "surveys/surveys.html",
        place="outbox",
        surveys=[_shown(each, titles, request) for each in service.listed(request.workspace)],
    )


@only(READERS)
@require_safe
def survey(request: Request, key: str, step: str) -> HttpResponse:
    """What came of one question: shares with intervals, over time, and in their own words."""
    workspace, reader = request.workspace, request.reader
    found = service.results(workspace, key, step, now_us=microseconds(workspace.now(datetime.now(UTC))))
    if found is None:
        raise Http404(step)
    play = plays.by_key(workspace, key)
    whole = portfolio(request.user, workspace) is None
    scale = survey_letters.SCALE.get(found.of.kind)
    return show(
        request,
        "surveys/survey.html",
        place="outbox",
        question=found.of.question,
        asked_in=found.of.language,
        play=None if play is None else (play.title, f"{reverse('play', args=[play.key])}#step-{step}"),
        sentences=[reader.say(each) for each in _sentences(found, reader)],
        scale="" if scale is None else reader.say(scale),
        shares=[_share(each, found, reader) for each in found.shares],
        weeks=[_week(each, workspace, reader) for each in reversed(found.over_time)],
        marks=found.of.kind in known.MARKS,
        quotes=[(each.text, _day(each.at_us, workspace, reader)) for each in found.quotes if whole],
        hidden=bool(found.quotes) and not whole,
    )


def _shown(each: Counted, titles: dict[str, str], request: Request) -> ShownSurvey:
    reader = request.reader
    return ShownSurvey(
        each.question,
        each.language,
        reverse("survey", args=[each.play_key, each.step_id]),
        titles.get(each.play_key, each.play_key),
        reader.say(known.KINDS[each.kind]),  # type: ignore[index]
        reader.number(each.sent),
        reader.number(each.answered),
        "" if each.last_us is None else _day(each.last_us, request.workspace, reader),
    )


def _sentences(found: Results, reader: Reader) -> list[Text]:
    """How many answered, and the mean mark where it can be told."""
    of, share = found.of, found.answered_share
    said = [Text("{answered} of {sent} who were asked answered.", answered=of.answered, sent=of.sent)]
    if share.share is not None and share.low is not None and share.high is not None:
        low, high = reader.share(share.low), reader.share(share.high)
        words = Text("That is {share}; with many more it would lie between {low} and {high}.",
                     share=reader.share(share.share), low=low, high=high)  # fmt: skip
        said.append(words)
    if found.mean is not None:
        said.append(Text("The mean mark is {mean}.", mean=round(found.mean, 1)))
    if not found.enough:
        said.append(Text("Not enough answers for shares yet: {n} are needed.", n=known.ENOUGH))
    return said


def _share(each: Share, found: Results, reader: Reader) -> ShownShare:
    label = reader.number(each.score) if found.of.kind in known.MARKS else each.label
    if found.of.kind == "yes_no":
        label = reader.say(dict(known.YES_NO)[each.score])
    if each.share is None or each.low is None or each.high is None:
        return ShownShare(label, reader.number(each.count), reader.gettext("not enough answers"))
    told = Text("{share} ({low} to {high})", share=reader.share(each.share), low=reader.share(each.low),
                high=reader.share(each.high))  # fmt: skip
    return ShownShare(label, reader.number(each.count), reader.say(told))


def _week(each: tuple[int, int, float | None], workspace: Settings, reader: Reader) -> tuple[str, str, str]:
    began_us, count, mean = each
    return (
        _day(began_us, workspace, reader),
        reader.number(count),
        "" if mean is None else reader.number(round(mean, 1)),
    )


def _day(at_us: int, workspace: Settings, reader: Reader) -> str:
    return reader.day(datetime.fromtimestamp(at_us / 1_000_000, workspace.zone).date())
