"""``/act/changes``: the changes of ours, and one of them: whom it concerns, who was told, what came of it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.analytics.segment_words import rule_words
from holdfast.domain.changes import CHANGE_KINDS, KINDS
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import parse
from holdfast.language import Reader
from holdfast.services.act.changes import entering, later, playing, progress
from holdfast.services.collect.segments.words import names_of
from holdfast.settings import Settings
from holdfast.store import changes_counted
from holdfast.store.changes import KeptChange
from holdfast.store.customers import listed_among
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.changes import words
from holdfast.web.pages.customers.words import shown_customer
from holdfast.web.pages.templates.words import language_names
from holdfast.web.reading import Request
from holdfast.web.show import show

SAMPLE = 12
"""So many of the customers concerned are named, those who bring most first."""


@only(READERS)
@require_safe
def changes(request: Request) -> HttpResponse:
    """Every change, the one entered last first."""
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    found = progress.standings(workspace, now)
    on = entering.today(workspace, now)
    return show(
        request,
        "changes/changes.html",
        place="outbox",
        sentence=words.sentence(found, reader),
        changes=[words.shown(each, on, reader) for each in found],
        kinds=[(kind, reader.say(KINDS[kind].title)) for kind in CHANGE_KINDS],
        may_make=may(request.user, EXPORTERS),
    )


@only(READERS)
@require_safe
def change(request: Request, key: str) -> HttpResponse:
    """One change."""
    return change_page(request, there(request, key))


def there(request: Request, key: str) -> KeptChange:
    """The change of a key; raises ``Http404`` where there is none."""
    try:
        return entering.find(request.workspace, key)
    except Refusal as refusal:
        raise Http404(key) from refusal


def change_page(request: Request, kept: KeptChange, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The page; ``wrong`` says what could not be done."""
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    found = progress.standing(workspace, kept, now)
    came = progress.progress(workspace, found)
    on = entering.today(workspace, now)
    return show(
        request,
        "changes/change.html",
        status=status,
        place="outbox",
        wrong=wrong,
        found=found,
        shown=words.shown(found, on, reader),
        sentence=words.concerned(found, workspace.currency, reader),
        facts=words.facts(found, reader),
        figures=words.figures(found, came, reader) if found.concerned.customers else [],
        held=[
            (reader.number(each.customers), reader.say(each.because) if each.because else each.code)
            for each in came.held
        ],
        rule=_rule(workspace, kept, reader),
        sample=_sample(request, kept),
        said=_said(kept, reader),
        later=_later(request, found, now),
        beside=playing.also_begin(workspace, kept),
        launched=found.play is not None and found.play.launched_us is not None,
        may_make=may(request.user, EXPORTERS),
        may_decide=may(request.user, DECIDERS),
    )


def _later(request: Request, found: progress.Standing, now: datetime) -> str:
    """How many came to the list after the play went out; "" for nobody."""
    waiting = len(later.later(request.workspace, found.change, found.play, now))
    if not waiting:
        return ""
    return request.reader.say(
        Text(
            "{n} customer came to the list after the play went out, and is not told.",
            "{n} customers came to the list after the play went out, and are not told.",
            n=waiting,
        )
    )


def _rule(workspace: Settings, kept: KeptChange, reader: Reader) -> str:
    return "" if kept.rule is None else reader.say(rule_words(parse(kept.rule), names_of(workspace)))


def _sample(request: Request, kept: KeptChange) -> list[tuple[str, str]]:
    """(name, address) of those who bring most; of whoever sees only their own, those."""
    workspace, seen = request.workspace, portfolio(request.user, request.workspace)
    units = changes_counted.dearest(workspace, kept.key, SAMPLE, seen)
    by_unit = {each.unit_id: each for each in listed_among(workspace, units)}
    mask = masks(request)
    rows = [shown_customer(by_unit[unit], workspace, request.reader) for unit in units if unit in by_unit]
    return [(mask.shown("name", row.name), row.url) for row in rows]


def _said(kept: KeptChange, reader: Reader) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(language, its code, what was written in it by field)."""
    fields = KINDS[kept.kind].fields
    return [
        (
            written,
            code,
            [
                (reader.say(fields[name]), kept.words[code][name])
                for name in fields
                if kept.words[code].get(name)
            ],
        )
        for code, written in language_names([*kept.words])
    ]
