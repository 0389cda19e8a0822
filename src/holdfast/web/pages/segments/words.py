"""Segments in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.collect.segments.ready_made import SETS
from holdfast.settings import Settings
from holdfast.store.segments import KeptSegment, Member, Move
from holdfast.web.pages.customers.words import state_words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """A row of the list of segments."""

    url: str
    title: str
    size: str
    entered: str
    left: str
    made: str


@dataclass(frozen=True, slots=True)
class ShownMember:
    """A customer in a segment."""

    url: str
    name: str
    state: str
    state_words: str
    amount: str
    since: str


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A line of the log: who entered or left, when; ``stay`` is how long who left was in it."""

    url: str
    name: str
    what: str
    entered: bool
    at: str
    stay: str


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A set that can be made; ``made`` says how many of it are there."""

    name: str
    title: str
    words: str
    made: str


def shown_segments(
    kept: Sequence[KeptSegment], moved: Mapping[int, tuple[int, int]], reader: Reader
) -> list[ShownSegment]:
    """The segments, in the order of the reader's alphabet."""
    shown = [
        ShownSegment(
            reverse("segment", args=[each.key]),
            each.title,
            size(each, reader),
            _change(moved.get(each.id, (0, 0))[0], reader, 1),
            _change(moved.get(each.id, (0, 0))[1], reader, -1),
            each.made_by,
        )
        for each in kept
    ]
    return sorted(shown, key=lambda each: reader.sort_key(each.title))


def _change(count: int, reader: Reader, sign: int) -> str:
    return reader.signed(sign * count) if count else ""


def size(segment: KeptSegment, reader: Reader) -> str:
    """How many are in it; "" where nobody has looked yet."""
    if segment.checked_us is None or segment.size is None:
        return ""
    return reader.number(segment.size)


def sentence(kept: Sequence[KeptSegment], everybody: int, reader: Reader) -> Markup:
    """How many segments there are, and of how many customers."""
    return reader.say_html(
        Text(
            "{segments} over {customers}.",
            segments=Text("{n} segment", "{n} segments", n=len(kept)),
            customers=Text("{n} customer", "{n} customers", n=everybody),
        ),
        strong=("segments", "customers"),
    )


def met(count: int, everybody: int, reader: Reader) -> Markup:
    """How many meet a rule."""
    share = count / everybody if everybody else 0.0
    return reader.say_html(
        Text(
            "{count} of {everybody} ({share}) meet this rule now.",
            count=Text("{n} customer", "{n} customers", n=count),
            everybody=everybody,
            share=Share(share, 1),
        ),
        strong=("count",),
    )


def members(found: Sequence[Member], workspace: Settings, reader: Reader) -> list[ShownMember]:
    """Rows of the members."""
    return [
        ShownMember(
            reverse("customer", args=[each.unit_id]),
            name_of(each.name, each.unit_id, reader),
            each.state,
            state_words(each.state, reader),
            reader.money(Money(each.amount_minor, workspace.currency or NO_CURRENCY)),
            reader.day(local(each.entered_us, workspace), short=True),
        )
        for each in found
    ]


def moves(found: Sequence[Move], workspace: Settings, reader: Reader) -> list[ShownMove]:
    """Lines of the log."""
    return [
        ShownMove(
            reverse("customer", args=[each.unit_id]),
            name_of(each.name, each.unit_id, reader),
            reader.gettext("entered") if each.entered else reader.gettext("left"),
            each.entered,
            reader.moment(_EPOCH + timedelta(microseconds=each.at_us)),
            _stay(each, reader),
        )
        for each in found
    ]


def _stay(move: Move, reader: Reader) -> str:
    if move.entered or move.since_us is None:
        return ""
    length = timedelta(microseconds=max(0, move.at_us - move.since_us))
    return reader.say(Text("after {time}", time=length))


def ready_made(kept: Sequence[KeptSegment], reader: Reader) -> list[ReadyMade]:
    """The sets that can be made."""
    return [
        ReadyMade(name, reader.say(title), reader.say(words), _made(kept, name, reader))
        for name, (title, words) in SETS.items()
    ]


def _made(kept: Sequence[KeptSegment], name: str, reader: Reader) -> str:
    count = sum(each.ready == name for each in kept)
    return reader.say(Text("{n} of them made", "{n} of them made", n=count)) if count else ""


def name_of(name: str, unit_id: int, reader: Reader) -> str:
    """What somebody is called."""
    return name or reader.say(Text("Customer {id}", id=str(unit_id)))


def local(moment_us: int, workspace: Settings) -> datetime:
    """A moment in the company's time zone."""
    return (_EPOCH + timedelta(microseconds=moment_us)).astimezone(workspace.zone)
