"""What was read in the texts of customers, what it means, and the words it is read by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta, field

from holdfast.domain.quoting import quoted
from holdfast.services.understand import corrections, naming
from holdfast.services.understand.corrections import Meant
from holdfast.store import merging, own_words, readings, to_review
from holdfast.store.to_review import Narrowed
from holdfast.store.write_keys import ADMIN, READ, WRITE
from holdfast.web.access import DECIDERS, WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)

CauseId = Annotated[str, Meta(min_length=1, max_length=60)]
Name = Annotated[str, Meta(max_length=naming.LONGEST_NAME)]
Code = Annotated[str, Meta(min_length=2, max_length=10)]


class Place(Answered, frozen=True):
    """Why a reading says ``meaning``: from the character ``start`` to before ``end`` of the text."""

    meaning: str
    start: int
    end: int


class TextReading(Answered, frozen=True):
    """What was read in a text of a customer; ``language`` is null where it is in none that is read.

    ``kind`` is where it stands (ticket, message, survey, review, call, visit, reason, event), ``causes``
    are ids of the taxonomy, ``wants`` what the writer wants or names. A ``quote`` leaves addresses, numbers
    and the name out. ``corrected_at`` is null where no person looked at it.
    """

    id: int
    customer_id: int
    at: datetime
    kind: str
    language: str | None
    sentiment: str
    causes: list[str]
    wants: list[str]
    competitors: list[str]
    quote: str
    evidence: list[Place]
    corrected_at: datetime | None
    corrected_by: str


class TextReadingQuery(Paging, kw_only=True, frozen=True):
    """Which texts; what is left out is not asked."""

    language: Annotated[str, Meta(max_length=10)] = ""
    cause: Annotated[str, Meta(max_length=60)] = ""
    kind: Annotated[str, Meta(max_length=20)] = ""
    sentiment: Annotated[str, Meta(max_length=10)] = ""
    leaving: bool = False
    corrected: bool | None = None


class TextReadings(Answered, frozen=True):
    """Texts that a person should look at, in this order."""

    items: list[TextReading]


class TextMeaning(Asked, kw_only=True, frozen=True):
    """What a person says that a text means; no later reading changes it."""

    sentiment: Annotated[str, Meta(max_length=20)]
    causes: Annotated[list[CauseId], Meta(max_length=40)] = field(default_factory=list)
    wants: Annotated[list[CauseId], Meta(max_length=20)] = field(default_factory=list)


class TextCounts(Answered, frozen=True):
    """How many texts were read, how many are in no language that is read, how many a person looked at.

    ``right_of`` of them were drawn by lot; of these the causes were right in the share ``causes_right``,
    with its 95 % interval. Null is what cannot be said yet.
    """

    texts: int
    not_read: int
    corrected: int
    by_language: dict[str, int]
    right_of: int
    causes_right: float | None
    causes_right_low: float | None
    causes_right_high: float | None


class CauseWords(Answered, frozen=True):
    """A cause: its id stays, ``names`` are by language; ``added`` ones are this workspace's own."""

    id: str
    group: str
    definition: str
    names: dict[str, str]
    added: bool
    renamed: bool


class CauseList(Answered, frozen=True):
    """Every cause."""

    items: list[CauseWords]


class CauseNames(Asked, kw_only=True, frozen=True):
    """What a cause is called, by language; a language that is left out is called as in the list."""

    names: dict[Code, Name]


class NewCause(Asked, kw_only=True, frozen=True):
    """A cause to be added; its id is made of the name."""

    name: Name
    group: CauseId
    language: Code = "en"


class Competitor(Answered, frozen=True):
    """A competitor, found in texts by its name."""

    id: int
    name: str


class Competitors(Answered, frozen=True):
    """Every competitor."""

    items: list[Competitor]


class NewCompetitor(Asked, kw_only=True, frozen=True):
    """A competitor to be named."""

    name: Name


@operation("GET", "/readings", scope=READ)
def list_readings(call: Call, query: TextReadingQuery) -> Page[TextReading]:
    """List what was read in texts, the newest first."""
    wanted = Narrowed(
        query.language, query.cause, query.kind, query.sentiment, query.leaving, query.corrected
    )
    rows = []
    for each in _walked(call, wanted, cursors.where(call, query, tuple[int, int])):
        rows.append(each)
        if len(rows) > query.limit:
            break
    names = _names(call, rows)
    return cursors.page(
        call,
        query,
        rows,
        place=lambda each: (each.at_us, each.id),
        show=lambda each: _shown(each, names.get(each.unit_id, "")),
    )


@operation("GET", "/readings/to-review", scope=READ)
def list_readings_to_review(call: Call) -> TextReadings:
    """List the fifty texts that a person should look at next: the most useful, each fifth by lot."""
    found = [each for each in to_review.queue(call.settings, 50) if _seen(call, each)]
    names = _names(call, found)
    return TextReadings(items=[_shown(each, names.get(each.unit_id, "")) for each in found])


@operation("GET", "/readings/counts", scope=READ)
def count_readings(call: Call) -> TextCounts:
    """Count what was read, and say how often that is right."""
    counts, right = readings.counts(call.settings), corrections.rightness(call.settings)
    share, low, high = right.causes or (None, None, None)
    return TextCounts(
        texts=counts.texts,
        not_read=counts.not_read,
        corrected=counts.corrected,
        by_language=counts.by_language,
        right_of=right.texts,
        causes_right=share,
        causes_right_low=low,
        causes_right_high=high,
    )


@operation("GET", "/readings/{text_id}", scope=READ)
def get_reading(call: Call, text_id: Id) -> TextReading:
    """Get what was read in one text."""
    found = readings.reading(call.settings, text_id)
    if found is None or not _seen(call, found):
        raise not_here("text", text_id)
    return _shown(found, _names(call, [found]).get(found.unit_id, ""))


@operation("PUT", "/readings/{text_id}/meaning", scope=WRITE, roles=WRITERS)
def correct_reading(call: Call, text_id: Id, body: TextMeaning) -> TextReading:
    """Say what a text means, or that it was read rightly by saying the same."""
    get_reading(call, text_id)
    meant = Meant(body.sentiment, tuple(body.causes), tuple(body.wants))
    corrections.correct(call.settings, text_id, meant, by=call.by, now_us=call.now_us)
    return get_reading(call, text_id)


@operation("GET", "/taxonomy", scope=READ)
def list_taxonomy(call: Call) -> CauseList:
    """List every cause with its names."""
    return CauseList(items=[_cause(each) for each in own_words.causes(call.settings).values()])


@operation("POST", "/taxonomy", scope=ADMIN, roles=DECIDERS, status=201)
def create_cause(call: Call, body: NewCause) -> CauseWords:
    """Add a cause; texts come to it by being corrected to it."""
    made = naming.add(
        *(call.settings, body.name, body.group),
        language=body.language,
        by=call.by,
        now_us=call.now_us,
    )
    return _cause(own_words.causes(call.settings)[made])


@operation("PUT", "/taxonomy/{cause}/names", scope=ADMIN, roles=DECIDERS)
def name_cause(call: Call, cause: CauseId, body: CauseNames) -> CauseWords:
    """Call a cause otherwise; its id stays."""
    naming.rename(call.settings, cause, body.names, by=call.by, now_us=call.now_us)
    return _cause(own_words.causes(call.settings)[cause])


@operation("GET", "/competitors", scope=READ)
def list_competitors(call: Call) -> Competitors:
    """List the competitors that are looked for in texts."""
    found = own_words.competitors(call.settings)
    return Competitors(items=[Competitor(id=each.id, name=each.name) for each in found])


@operation("POST", "/competitors", scope=ADMIN, roles=DECIDERS, status=201)
def create_competitor(call: Call, body: NewCompetitor) -> Competitors:
    """Name a competitor; texts that were read before are read again at night."""
    naming.add_competitor(call.settings, body.name, by=call.by, now_us=call.now_us)
    return list_competitors(call)


@operation("DELETE", "/competitors/{entry_id}", scope=ADMIN, roles=DECIDERS)
def delete_competitor(call: Call, entry_id: Id) -> None:
    """Forget a competitor."""
    if own_words.remove_competitor(call.settings, entry_id) is None:
        raise not_here("competitor", entry_id)


def _walked(call: Call, wanted: Narrowed, before: tuple[int, int] | None) -> Iterator[readings.Reading]:
    """Readings that the key may see, the newest first, a hundred at a time."""
    while some := to_review.listed(call.settings, wanted, before=before, limit=100):
        yield from (each for each in some if _seen(call, each))
        before = some[-1].at_us, some[-1].id


def _seen(call: Call, each: readings.Reading) -> bool:
    return call.theirs is None or each.unit_id in call.theirs


def _names(call: Call, found: list[readings.Reading]) -> dict[int, str]:
    """What the writers are called, to leave it out of quotes."""
    return dict(merging.names_of(call.settings, {each.unit_id for each in found})) if found else {}


def _shown(each: readings.Reading, name: str) -> TextReading:
    return TextReading(
        id=each.id,
        customer_id=each.unit_id,
        at=moment(each.at_us),
        kind=each.kind,
        language=each.language,
        sentiment=each.sentiment,
        causes=list(each.causes),
        wants=list(each.wants),
        competitors=list(each.competitors),
        quote=quoted(each.text, [name]),
        evidence=[Place(meaning=span.meaning, start=span.start, end=span.end) for span in each.evidence],
        corrected_at=moment_or_none(each.corrected_us),
        corrected_by=each.corrected_by,
    )


def _cause(each: own_words.OwnCause) -> CauseWords:
    return CauseWords(
        id=each.id,
        group=each.group,
        definition=each.definition,
        names=dict(each.names),
        added=each.added,
        renamed=each.renamed,
    )
