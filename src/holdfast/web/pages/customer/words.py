"""One customer in the reader's words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from django.urls import reverse

from holdfast.domain.code_words import SOURCE_WORDS, code_words
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of, day_number
from holdfast.domain.silence import usual_days
from holdfast.domain.texts import Days, Text
from holdfast.language import Reader, clock_time, language, languages
from holdfast.web.figures import country_name, readable
from holdfast.web.pages.customer.moments import Gap, Moment
from holdfast.web.pages.customers.words import KINDS, state_words

if TYPE_CHECKING:
    from holdfast.services.collect.look_up import CustomerView
    from holdfast.store.own_moments import OwnMoment

TRAITS: dict[str, Text] = {
    "name": Text("Name"),
    "country": Text("Country"),
    "source": Text("Came through"),
    "city": Text("Town"),
    "language": Text("Reads"),
    "gender": Text("Gender"),
    "birth_date": Text("Born"),
    "stage": Text("Stage"),
    "plan": Text("Plan"),
    "industry": Text("Trade"),
}


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A figure at the head of the page; ``badge`` is a state's code, "" otherwise."""

    name: str
    value: str
    below: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class _Reads:
    """Who reads a timeline, by the company's clock."""

    reader: Reader
    zone: tzinfo
    who: str
    undoable: frozenset[int]


@dataclass(frozen=True, slots=True)
class ShownOwn:
    """What can be done with something that our own people wrote.

    ``what`` is "note", "document" or "trait"; ``mine`` says that the reader wrote it; ``earlier`` are the
    texts that stood there before, each with when it ended.
    """

    what: str
    id: int
    text: str
    mine: bool
    earlier: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """A line of the timeline; a gap has a ``length`` and no picture."""

    when: str
    moment: str
    picture: str
    kind: str
    title: str
    more: str
    quote: str
    length: str = ""
    own: ShownOwn | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """The moments of one month under its name."""

    name: str
    lines: tuple[ShownMoment, ...]


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """A segment that a customer is in, and since when."""

    url: str
    title: str
    since: str


def segments(found: Iterable[tuple[str, str, int]], zone: tzinfo, reader: Reader) -> list[ShownSegment]:
    """The segments a customer is in, from (key, title, entered), in the reader's alphabet."""
    shown = [
        ShownSegment(
            reverse("segment", args=[key]),
            title,
            reader.say(Text("since {day}", day=local(entered_us, zone).date())),
        )
        for key, title, entered_us in found
    ]
    return sorted(shown, key=lambda each: reader.sort_key(each.title))


def head_line(view: CustomerView, zone: tzinfo, reader: Reader) -> str:
    """Where they are, where they came from, since when."""
    row, parts = view.listed, []
    if row and row.country:
        parts.append(reader.say(Text("in {country}", country=country_name(row.country, reader.code))))
    if row and row.kind == "account":
        parts.append(reader.say(KINDS["account"]))
    if row and row.source:
        parts.append(reader.say(Text("came through {source}", source=code_words(row.source, SOURCE_WORDS))))
    if view.history.first_us is not None:
        since = local(view.history.first_us, zone).date()
        parts.append(reader.say(Text("known since {day}", day=since)))
    return " · ".join(parts)


def facts(view: CustomerView, now: datetime, zone: tzinfo, reader: Reader) -> list[ShownFact]:
    """How the customer stands, in four figures."""
    usual = habit(view, zone)
    orders = view.history.orders
    return [
        _standing(view, reader),
        ShownFact(reader.gettext("Spent so far"), _spent(view, reader), _an_order(view, reader)),
        ShownFact(reader.gettext("Orders"), reader.number(orders), _rhythm(usual, orders, reader)),
        _last(view, now, zone, usual, reader),
    ]


def habit(view: CustomerView, zone: tzinfo) -> float | None:
    """Days that usually lie between two orders; ``None`` where there is no habit yet."""
    return usual_days(day_number(local(at_us, zone).date()) for at_us in view.history.ordered_us)


def local(at_us: int, zone: tzinfo) -> datetime:
    """A moment of the log on the company's clock."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)).astimezone(zone)


def _standing(view: CustomerView, reader: Reader) -> ShownFact:
    name, row = reader.gettext("How they stand"), view.listed
    if row is None or not row.state:
        return ShownFact(
            name, reader.gettext("not clear yet"), reader.gettext("until the next run of the loop")
        )
    left = Text("left on {day}", day=date_of(row.left_day)) if row.left_day is not None else None
    return ShownFact(name, state_words(row.state, reader), reader.say(left) if left else "", row.state)


def _sums(view: CustomerView) -> list[Money]:
    return [Money(minor, currency or NO_CURRENCY) for currency, minor in view.history.revenue.items()]


def _spent(view: CustomerView, reader: Reader) -> str:
    sums = [reader.money(money) for money in _sums(view)]
    return reader.list_of(sums) if sums else reader.gettext("nothing yet")


def _an_order(view: CustomerView, reader: Reader) -> str:
    """The average order, where all are in one currency."""
    sums = _sums(view)
    if len(sums) != 1 or view.history.orders < 2:
        return ""
    average = Money(round(sums[0].minor / view.history.orders), sums[0].currency)
    return reader.say(Text("{money} an order", money=average))


def _rhythm(usual: float | None, orders: int, reader: Reader) -> str:
    if usual is None:
        few = Text(
            "rhythm not clear yet: {n} order so far", "rhythm not clear yet: {n} orders so far", n=orders
        )
        return reader.say(few)
    return reader.say(Text("usually every {length}", length=Days(max(1, round(usual)))))


def _last(view: CustomerView, now: datetime, zone: tzinfo, usual: float | None, reader: Reader) -> ShownFact:
    name = reader.gettext("Last order")
    if not view.history.ordered_us:
        return ShownFact(name, reader.gettext("none yet"), "")
    on = local(view.history.ordered_us[-1], zone).date()
    silent = max(0, (now.astimezone(zone).date() - on).days)
    below = [reader.say(Text("on {day}", day=on))]
    if usual is not None and silent > usual:
        late = Text("{length} later than usual", length=Days(max(1, round(silent - usual))))
        below.append(reader.say(late))
    ago = Text("{n} day ago", "{n} days ago", n=silent) if silent else Text("today")
    return ShownFact(name, reader.say(ago), " · ".join(below))


def timeline(
    lines: Iterable[Moment | Gap],
    zone: tzinfo,
    reader: Reader,
    *,
    who: str = "",
    undoable: frozenset[int] = frozenset(),
) -> list[Month]:
    """The timeline by months of the reader's calendar, each line written.

    ``who`` is the address under which the reader signs in; ``undoable`` are the edits that are still the
    last word: only they can be undone.
    """
    reads = _Reads(reader, zone, who, undoable)
    months: list[tuple[str, list[ShownMoment]]] = []
    waiting: list[ShownMoment] = []
    for line in lines:
        if isinstance(line, Gap):
            waiting.append(_gap(line, reader))
            continue
        at = local(line.at_us, zone)
        name = reader.month(at.date())
        if not months or months[-1][0] != name:
            months.append((name, []))
        months[-1][1].extend([*waiting, _moment(line, at, reads)])
        waiting = []
    return [Month(name, tuple(shown)) for name, shown in months]


def _gap(gap: Gap, reader: Reader) -> ShownMoment:
    words = Text(
        "Nothing from them, nothing from us. They usually order every {length}.",
        length=Days(max(1, round(gap.usual_days))),
    )
    return ShownMoment("", "", "", "", "", reader.say(words), "", reader.duration(gap.days))


def _moment(line: Moment, at: datetime, reads: _Reads) -> ShownMoment:
    reader = reads.reader
    midnight = not line.clock or not (at.hour or at.minute or at.second)
    when = reader.day(at.date(), year=False, short=True)
    return ShownMoment(
        when=when,
        moment=at.date().isoformat() if midnight else at.isoformat(timespec="minutes"),
        picture=line.picture,
        kind=line.kind,
        title=_written(line.title, reader),
        more=" · ".join(
            part
            for part in (_written(line.more, reader), "" if midnight else clock_time(at, reader.code))
            if part
        ),
        quote=line.quote,
        own=None if line.own is None else _own(line.own, reads),
    )


def _own(own: OwnMoment, reads: _Reads) -> ShownOwn | None:
    if own.what not in ("note", "document") and not (own.what == "trait" and own.id in reads.undoable):
        return None
    earlier = json.loads(own.was or "[]") if own.what == "note" else []
    texts = tuple((text, reads.reader.moment(local(until, reads.zone))) for text, until in reversed(earlier))
    return ShownOwn(own.what, own.id, own.text, own.by == reads.who, texts)


def _written(words: Text | str | None, reader: Reader) -> str:
    return reader.say(words) if isinstance(words, Text) else words or ""


def trait_name(trait: str, reader: Reader) -> str:
    """What a trait is called; one that we have no word for stays as it is."""
    return reader.say(TRAITS[trait]) if trait in TRAITS else readable(trait)


def trait_value(trait: str, value: str, reader: Reader) -> str:
    """A value as it is read: countries and languages by their names."""
    if trait == "country":
        return country_name(value, reader.code)
    return language(value).own_name if trait == "language" and value in languages() else value
