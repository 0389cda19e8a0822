"""The list of signals with their records, and one signal: what it is, how it is set, whom it warns of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.analytics.scorecards import Scorecard
from holdfast.analytics.segment_words import rule_words
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.segments.words import names_of
from holdfast.services.foresee import reading as risks
from holdfast.services.warn import own, reading
from holdfast.services.warn.reading import SignalRow
from holdfast.web import watching
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, WRITERS, may, only, portfolio
from holdfast.web.episode_words import called
from holdfast.web.masking import masks
from holdfast.web.pages.signals import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

ON_A_PAGE = 50
LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed into the form of a signal, what is wrong with it, and its replay."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""
    replayed: Scorecard | None = None


@only(READERS)
@require_safe
def signals(request: Request) -> HttpResponse:
    """Every signal with its record."""
    workspace, reader = request.workspace, request.reader
    rows = reading.signal_list(workspace, now=datetime.now(UTC), seen_by=portfolio(request.user, workspace))
    ranked = sorted(rows, key=_worth)
    return show(
        request,
        "signals/signals.html",
        place="warn",
        sentence=words.sentence(rows, reader),
        rows=[words.shown_signal(row, reader) for row in ranked],
        any_record=any(row.scorecard for row in rows),
        may_build=may(request.user, EXPORTERS),
    )


def _worth(row: SignalRow) -> tuple[bool, bool, float, str]:
    """Those that watch, then those that are worth most."""
    lift = row.scorecard.lift if row.scorecard else None
    return (not row.on, row.says_something is False, -(lift or 0.0), row.signal.name)


@only(READERS)
@require_safe
def signal(request: Request, key: str) -> HttpResponse:
    """One signal; ``?storm=1`` shows those of a storm too."""
    return signal_page(request, key, Tried())


def signal_page(request: Request, key: str, tried: Tried, *, status: int = 200) -> HttpResponse:
    """The page of one signal, with what was tried."""
    watching.tried(request)
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    seen = portfolio(request.user, workspace)
    rows = {row.signal.name: row for row in reading.signal_list(workspace, now=now, seen_by=seen)}
    if key not in rows:
        raise Http404(f"no signal is called {key[:100]!r}")
    row, after, storm = rows[key], request.GET.get("after", ""), request.GET.get("storm", "")
    if len(after) > LONGEST_PLACE or storm not in ("", "1"):
        raise BadRequest("no such place in the list")
    page = reading.open_episodes(
        *(workspace, seen),
        now=now,
        signal=key,
        limit=ON_A_PAGE,
        after=after or None,
        in_storms=bool(storm),
    )
    titles = {name: each.signal.title for name, each in rows.items()}
    day = present(workspace).astimezone(workspace.zone).date()
    return show(
        request,
        "signals/signal.html",
        status=status,
        place="warn",
        shown=words.shown_signal(row, reader),
        meaning=reader.say(row.signal.meaning),
        rule=_rule_words(request, row),
        numbers=[(reader.say(each.title), reader.say(each.meaning)) for each in row.signal.numbers],
        cooldown_days=row.signal.cooldown_days,
        on=row.on if "on" not in tried.typed else tried.typed["on"] == "1",
        own=row.own,
        card=words.shown_card(row.scorecard, titles, reader) if row.scorecard else None,
        replayed=words.shown_card(tried.replayed, titles, reader, trial=True) if tried.replayed else None,
        fields=words.fields(row, tried.typed, tried.errors, workspace.currency, reader),
        wrong=tried.wrong,
        storms=() if seen is not None else _storms(request, key, now),
        people=called(page.rows, day, risks.read_criteria(workspace), reader, masks(request)),
        next_url=_url(key, after=page.next, storm=storm) if page.next else "",
        first_url=_url(key, storm=storm) if after else "",
        back=_url(key, after=after, storm=storm),
        may_decide=may(request.user, DECIDERS),
        may_build=may(request.user, EXPORTERS),
        may_work=may(request.user, WRITERS),
    )


def _storms(request: Request, key: str, now: datetime) -> list[str]:
    """The storms of a signal in the last year, the newest first."""
    found = reading.storms(request.workspace, now=now, days=reading.YEAR, signal=key)
    return [words.past_storm(each, request.reader) for each in found]


def _rule_words(request: Request, row: SignalRow) -> str:
    """The rule of a signal that people built, in words."""
    if not row.own:
        return ""
    try:
        kept = own.find(request.workspace, row.signal.name)
    except Refusal:
        return ""
    return request.reader.say(rule_words(parse(kept.rule), names_of(request.workspace)))


def _url(key: str, **given: str | None) -> str:
    asked = {name: value for name, value in given.items() if value}
    return reverse("signal", args=[key]) + (f"?{urlencode(asked)}" if asked else "")
