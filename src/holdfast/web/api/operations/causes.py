"""Why customers left: the share of each cause, each loss with what speaks for its cause, and inquiries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.analytics.loss_groups import Group
from holdfast.domain.period import date_of, day_number
from holdfast.services.understand import inquiries, voice
from holdfast.services.understand.loss_parts import part_name, parted, segment_titles
from holdfast.store import losses
from holdfast.store.inquiry import Inquiry
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Money, Page, Paging, operation
from holdfast.web.api.shapes import money


class CauseShare(Answered, frozen=True):
    """One cause in the last year: its estimated ``share`` of all losses with the 95 % interval.

    It is known of ``named`` losses, which brought ``yearly`` together; ``money_share`` is its estimated
    share of what all losses brought. ``origin`` is ours, market or own_life.
    """

    cause: str
    origin: str
    share: float
    low: float
    high: float
    money_share: float
    named: int
    yearly: Money


class OriginShare(Answered, frozen=True):
    """The estimated share of an origin among all losses, with the 95 % interval."""

    origin: str
    share: float
    low: float
    high: float
    named: int


class LossMonth(Answered, frozen=True):
    """The losses of the month that begins on ``start``, and how many are known of each cause."""

    start: date
    losses: int
    causes: dict[str, int]


class PartCause(Answered, frozen=True):
    """A cause that ``hits`` of the losses of a part with a known cause have, against ``others`` of the rest:
    more than chance lets it, however many parts and causes are compared.
    """

    cause: str
    hits: int
    of: int
    others: int
    of_others: int


class LossPart(Answered, frozen=True):
    """The losses of one part of the customers: of ``known`` of them the cause, how often each was named.

    ``key`` is a country, a source, a way to leave, a time with us, or the key of a segment, whose title is
    the ``name``; of segments a loss may be in several.
    """

    key: str
    name: str
    losses: int
    known: int
    yearly: Money
    causes: dict[str, int]
    stands_out: list[PartCause]


class LossParts(Answered, frozen=True):
    """The losses of the year before ``as_of`` (null before the first run), by one part, the largest first."""

    as_of: date | None
    by: str
    parts: list[LossPart]


PartName = Literal["how", "tenure", "country", "source", "segment"]


class PartsQuery(Asked, kw_only=True, frozen=True):
    """By what the losses are parted."""

    by: PartName = "segment"


class Causes(Answered, frozen=True):
    """Why customers left in the year before ``as_of`` (null before the first run).

    ``unknown`` of ``losses`` have no known cause, a share from ``unknown_low`` to ``unknown_high``; shares
    stand on the ``spoke`` who said or chose something, or never paid.
    """

    as_of: date | None
    losses: int
    unknown: int
    unknown_low: float
    unknown_high: float
    spoke: int
    causes: list[CauseShare]
    origins: list[OriginShare]
    months: list[LossMonth]


class LossEvidence(Answered, frozen=True):
    """One thing that speaks for a cause: words, unpaid, tick, text, signal or behaviour.

    ``event`` and ``code`` are those of the event; ``weight`` is how often such evidence is right.
    """

    kind: str
    cause: str
    day: date
    event: str
    code: str
    weight: float


class Loss(Answered, frozen=True):
    """That a customer left, how (contract, deleted, silent), and why ("": nothing says it)."""

    customer_id: int
    left_on: date
    how: str
    cause: str
    origin: str
    confidence: float
    told_by: str
    yearly: Money
    evidence: list[LossEvidence]


class LossQuery(Paging, kw_only=True, frozen=True):
    """Which losses: for a cause ("unknown": those without), from a day to before another."""

    cause: Annotated[str, Meta(max_length=60)] | None = None
    since: date | None = None
    until: date | None = None


class InquirySetting(Answered, frozen=True):
    """Whether the loss of a large customer opens a task; ``from_minor`` null takes the usual threshold."""

    enabled: bool
    from_minor: int | None


class NewInquirySetting(Asked, kw_only=True, frozen=True):
    """Which losses are inquired into."""

    enabled: bool
    from_minor: int | None = None


@operation("GET", "/causes", scope=READ)
def get_causes(call: Call) -> Causes:
    """Get the share of each cause among the losses of the last year."""
    found = voice.read(call.settings)
    if found is None:
        return Causes(
            as_of=None,
            losses=0,
            unknown=0,
            unknown_low=0.0,
            unknown_high=1.0,
            spoke=0,
            causes=[],
            origins=[],
            months=[],
        )
    return Causes(
        as_of=found.day,
        losses=found.losses,
        unknown=found.unknown,
        unknown_low=found.unknown_low,
        unknown_high=found.unknown_high,
        spoke=found.spoke,
        causes=[_cause(call, each) for each in found.causes],
        origins=[
            OriginShare(origin=each.origin, share=each.share, low=each.low, high=each.high, named=each.named)
            for each in found.origins
        ],
        months=[
            LossMonth(start=each.start, losses=each.losses, causes=dict(each.causes)) for each in found.months
        ],
    )


@operation("GET", "/causes/parts", scope=READ)
def list_loss_parts(call: Call, query: PartsQuery) -> LossParts:
    """List which causes weigh more in which part of the customers: segment, country, source, way, tenure."""
    found = voice.read(call.settings)
    titles = segment_titles(call.settings) if query.by == "segment" else {}
    told = () if found is None else parted(found, query.by, titles)
    ids = () if found is None else found.ids
    parts = [_part(call, query.by, each, ids, titles) for each in told]
    return LossParts(as_of=None if found is None else found.day, by=query.by, parts=parts)


@operation("GET", "/losses", scope=READ)
def list_losses(call: Call, query: LossQuery) -> Page[Loss]:
    """List the losses, the newest first, each with what speaks for its cause."""
    rows = losses.walk(
        call.settings,
        cause="" if query.cause == "unknown" else query.cause,
        start_day=None if query.since is None else day_number(query.since),
        end_day=None if query.until is None else day_number(query.until),
        after=cursors.where(call, query, tuple[int, int]),
        among=call.theirs,
        limit=query.limit + 1,
    )
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: (row.left_day, row.unit_id),
        show=lambda row: _loss(call, row),
    )


@operation("GET", "/inquiry", scope=READ)
def get_inquiry(call: Call) -> InquirySetting:
    """Get from which money a year on a loss is inquired into."""
    kept = inquiries.read(call.settings)
    return InquirySetting(enabled=kept.enabled, from_minor=kept.from_minor)


@operation("PUT", "/inquiry", scope=ADMIN, roles=DECIDERS)
def set_inquiry(call: Call, body: NewInquirySetting) -> InquirySetting:
    """Set from which money a year on a loss is inquired into."""
    inquiries.save(call.settings, Inquiry(body.enabled, body.from_minor), by=call.by, now=call.actual)
    return get_inquiry(call)


def _part(call: Call, by: str, each: Group, ids: Sequence[str], titles: Mapping[str, str]) -> LossPart:
    return LossPart(
        key=each.name,
        name=call.say(part_name(by, each.name, titles)),
        losses=each.losses,
        known=each.known,
        yearly=money(call.settings, each.money_minor),
        causes={ids[cause]: times for cause, times in each.causes},
        stands_out=[
            PartCause(
                cause=ids[out.cause], hits=out.hits, of=out.of, others=out.others, of_others=out.of_others
            )
            for out in each.stands_out
        ],
    )


def _cause(call: Call, each: voice.CauseTold) -> CauseShare:
    return CauseShare(
        cause=each.cause,
        origin=each.origin,
        share=each.share,
        low=each.low,
        high=each.high,
        money_share=each.money_share,
        named=each.named,
        yearly=money(call.settings, each.money_minor),
    )


def _loss(call: Call, row: losses.KeptLoss) -> Loss:
    return Loss(
        customer_id=row.unit_id,
        left_on=date_of(row.left_day),
        how=row.how,
        cause=row.cause,
        origin=row.origin,
        confidence=row.confidence,
        told_by=row.told_by,
        yearly=money(call.settings, row.money_minor),
        evidence=[
            LossEvidence(
                kind=each.kind,
                cause=each.cause,
                day=date_of(each.day),
                event=each.name,
                code=each.code,
                weight=each.weight,
            )
            for each in row.evidence
        ],
    )
