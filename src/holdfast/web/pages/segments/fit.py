"""The fit page: who the ideal customers are, which sources bring such customers, prospects by fit."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from holdfast.analytics.ideal_fit import GroupFit, Part, Telling
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.collect.segments import ideal
from holdfast.services.collect.segments.ideal import IdealCustomers
from holdfast.services.collect.segments.ideal_words import disagreeing, typical
from holdfast.store import ideal_customers, segments
from holdfast.store.ideal_customers import ListedProspect
from holdfast.web.access import EXPORTERS, READERS, may, only, portfolio
from holdfast.web.figures import country_name, readable
from holdfast.web.masking import masks
from holdfast.web.pages.segments import words
from holdfast.web.pages.segments.builder import now_of
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 30


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A share with its interval; ``width`` is its length, ``judged`` in words, "" where it is as others."""

    share: str
    width: str
    interval: str
    of: str
    judged: str
    kind: str


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source of customers."""

    name: str
    customers: str
    ideal: ShownPart
    fitting: ShownPart
    why: str


@dataclass(frozen=True, slots=True)
class ShownTrait:
    """A trait that tells, with what the ideal customers have, and the shares."""

    name: str
    values: str
    ideal: str
    others: str


@dataclass(frozen=True, slots=True)
class ShownProspect:
    """A prospect, where they come from, how they agree."""

    url: str
    name: str
    source: str
    fit: str
    fits: bool


@only(READERS)
@require_safe
def fit(request: Request) -> HttpResponse:
    """What the last look found."""
    workspace, reader = request.workspace, request.reader
    found, chosen = ideal.found(workspace), ideal_customers.chosen(workspace)
    after, seen, mask = _after(request), portfolio(request.user, workspace), masks(request)
    prospects = ideal_customers.prospects(workspace, after=after, limit=ROWS + 1, among=seen)
    last = prospects[ROWS - 1] if len(prospects) > ROWS else None
    here = reverse("fit")
    return show(
        request,
        "segments/fit.html",
        place="segments",
        found=found,
        sentence=_sentence(found, reader) if found else "",
        reason=reader.say(found.reason) if found and found.reason else "",
        traits=[_trait(each, reader) for each in found.telling] if found else [],
        sources=[_source(each, found, reader) for each in found.sources] if found else [],
        with_fit=bool(found and found.telling),
        prospects=[_prospect(mask.named(each), reader) for each in prospects[:ROWS]],
        next_url=f"{here}?after={last.fit_key}_{last.unit_id}#prospects" if last else "",
        first_url=here if after else "",
        choices=[(each.key, each.title, each.key == chosen) for each in segments.listed(workspace)],
        chosen=chosen,
        computed=reader.moment(words.local(found.computed_us, workspace)) if found else "",
        may_make=may(request.user, EXPORTERS),
    )


@only(EXPORTERS)
@require_POST
def look(request: Request) -> HttpResponse:
    """Choose the segment of the ideal customers, and compare everybody with them."""
    ideal.choose(request.workspace, request.POST.get("segment", ""))
    ideal.look(request.workspace, now_of(request))
    return HttpResponseRedirect(reverse("fit"))


def _after(request: Request) -> tuple[int, int] | None:
    written = request.GET.get("after", "")
    if not written:
        return None
    key, _, unit = written.partition("_")
    plain = (key.removeprefix("-"), unit)
    if not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in plain):
        raise BadRequest(f"after={written}")
    return int(key), int(unit)


def _sentence(found: IdealCustomers, reader: Reader) -> Markup:
    said = reader.say_html(
        Text(
            "{ideal} of {could} of whom it can be told are ideal customers.",
            ideal=Text("{n} customer", "{n} customers", n=found.ideal),
            could=found.could,
        ),
        strong=("ideal",),
    )
    worse = [readable(each.name) for each in found.sources if each.ideal.judged == "worse"]
    if not worse:
        return said
    more = reader.say_html(
        Text("{sources} brings fewer of them than the other sources.", sources=worse)
        if len(worse) == 1
        else Text("{sources} bring fewer of them than the other sources.", sources=worse),
        strong=("sources",),
    )
    return said + " " + more


def _source(source: GroupFit, found: IdealCustomers, reader: Reader) -> ShownSource:
    why = [
        reader.say(
            Text(
                "{trait}: {here} agree, of all {everybody}",
                trait=readable(trait),
                here=Share(here, 0),
                everybody=Share(everybody, 0),
            )
        )
        for trait, here, everybody in disagreeing(source, found)
    ]
    return ShownSource(
        readable(source.name),
        reader.number(source.customers),
        _part(source.ideal, reader),
        _part(source.fitting, reader),
        " · ".join(why),
    )


def _part(part: Part, reader: Reader) -> ShownPart:
    if not part.of:
        return ShownPart("", "0", "", "", "", "")
    judged = {"worse": Text("fewer than others"), "better": Text("more than others")}.get(part.judged)
    interval = Text("{low} to {high}", low=Share(part.low, 0), high=Share(part.high, 0))
    return ShownPart(
        reader.share(part.hits / part.of, 0),
        f"{100 * part.hits / part.of:.1f}",
        reader.say(interval),
        reader.say(Text("{hits} of {of}", hits=part.hits, of=part.of)),
        reader.say(judged) if judged else "",
        part.judged,
    )


def _trait(each: Telling, reader: Reader) -> ShownTrait:
    return ShownTrait(
        readable(each.trait),
        reader.say(Text("{values}", values=typical(each))),
        reader.share(each.ideal / each.ideal_known, 0),
        reader.share(each.others / each.others_known, 0),
    )


def _prospect(each: ListedProspect, reader: Reader) -> ShownProspect:
    fit_words = reader.gettext("not clear yet")
    if each.known:
        fit_words = reader.say(
            Text("{agreeing} of {known} traits agree", agreeing=each.agreeing, known=each.known)
        )
    where = (readable(each.source), country_name(each.country, reader.code))
    return ShownProspect(
        reverse("customer", args=[each.unit_id]),
        words.name_of(each.name, each.unit_id, reader),
        " · ".join(part for part in where if part),
        fit_words,
        each.fits,
    )
