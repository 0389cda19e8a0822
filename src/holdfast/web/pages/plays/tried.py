"""What trying a play came to, in the reader's words: who would get what now, and who in the past year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.consent import CHANNEL_WORDS
from holdfast.domain.money import Money
from holdfast.domain.plays import Play
from holdfast.domain.texts import Text
from holdfast.language import Reader, dates
from holdfast.services.act.plays.dry_run import WORDS, DryRun
from holdfast.services.act.plays.rehearse import Rehearsal
from holdfast.services.act.plays.trying import words_of

WHAT: Mapping[str, Text] = {
    "sent": Text("would go"),
    "waits": Text("waits first"),
    "held": Text("would be held"),
    "skipped": Text("left out"),
}
BADGES: Mapping[str, str] = {"sent": "good", "held": "pressing"}
_AGAIN = Text("In the play already at that time, or was and could not enter again.")

Named = Callable[[int], str]
"""The name of a customer as the reader may see it."""


@dataclass(frozen=True, slots=True)
class ShownCount:
    """How many customers of one reason; ``url`` shows some of them, "" where none is told by name."""

    what: str
    badge: str
    because: str
    customers: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One customer: what would become of them, why, and by which channel."""

    unit_id: int
    name: str
    what: str
    badge: str
    because: str
    channel: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One who would have entered, when, and whether they would have been held out."""

    unit_id: int
    name: str
    when: str
    held_out: bool


def dry_sentence(found: DryRun, reader: Reader) -> Markup:
    """Whom the play is about now, and how many of them get something."""
    goes = sum(n for (what, _), n in found.counts.items() if what == "sent")
    return reader.say_html(
        Text(
            "It is about {customers} now: something would go to {goes}.",
            customers=Text("{n} customer", "{n} customers", n=found.about),
            goes=Text("{n} of them", "{n} of them", n=goes),
        ),
        strong=("customers", "goes"),
    )


def shown_counts(found: DryRun, key: str, reader: Reader) -> list[ShownCount]:
    """Each reason with how many, what goes first and the most frequent before others."""
    order = list(WHAT)
    told = {(each.what, each.code) for each in found.people}
    ranked = sorted(found.counts.items(), key=lambda each: (order.index(each[0][0]), -each[1]))
    return [
        ShownCount(
            reader.say(WHAT[what]),
            BADGES.get(what, ""),
            _said(words_of(found, code), code, reader),
            reader.number(number),
            dry_address(key, what=what, code=code) if (what, code) in told else "",
        )
        for (what, code), number in ranked
        if number
    ]


def shown_people(
    found: DryRun, what: str, code: str | None, seen: Callable[[int], bool], named: Named, reader: Reader
) -> list[ShownPerson]:
    """Those whom the reader may see, of one kind where that is asked for."""
    return [
        ShownPerson(
            each.unit_id,
            named(each.unit_id),
            reader.say(WHAT[each.what]),
            BADGES.get(each.what, ""),
            _said(each.because, each.code, reader),
            _channel(each.channel, reader),
        )
        for each in found.people
        if what in ("", each.what) and code in (None, each.code) and seen(each.unit_id)
    ]


def dry_address(key: str, **asked: str) -> str:
    """The page of the dry run, narrowed."""
    here = reverse("play_dry_run", args=[key])
    return f"{here}?{urlencode(asked)}" if asked else here


def _said(words: Text | None, code: str, reader: Reader) -> str:
    return code if words is None else reader.say(words)


def _channel(channel: str, reader: Reader) -> str:
    words = CHANNEL_WORDS.get(channel)  # type: ignore[call-overload]
    return channel if words is None else reader.say(words)


def past_sentence(found: Rehearsal, reader: Reader) -> Markup:
    """How many would have entered in the past year, and how many of these would have been held out."""
    return reader.say_html(
        Text(
            "From {since} to {until} {customers} would have entered, {held_out}.",
            since=found.since,
            until=found.until,
            customers=Text("{n} customer", "{n} customers", n=found.customers),
            held_out=Text("{n} time held out", "{n} times held out", n=found.held_out),
        ),
        strong=("customers",),
    )


def costs(found: Rehearsal, play: Play, currency: str, reader: Reader) -> list[tuple[str, str]]:
    """What it would have cost at most: messages, tasks for our people, money."""
    told = [
        (reader.gettext("Messages at most"), reader.number(found.touches)),
        (reader.gettext("Tasks for your people at most"), reader.number(found.tasks)),
    ]
    if found.money_minor:
        told.append((reader.gettext("Credits at most"), reader.money(Money(found.money_minor, currency))))
    if play.goal is not None and found.steps is not None:
        told.append((reader.gettext("Met the goal by themselves"), reader.number(found.steps.goals)))
    return told


def without(found: Rehearsal, reader: Reader) -> list[tuple[str, str]]:
    """How often somebody would not have entered, and why."""
    words = {**WORDS, "again": _AGAIN}
    ranked = sorted(found.without.items(), key=lambda each: -each[1])
    return [(reader.number(number), _said(words.get(why), why, reader)) for why, number in ranked]


def months(found: Rehearsal, reader: Reader) -> list[tuple[str, str]]:
    """How many would have entered in each month, in order."""
    return [
        (dates.month(date.fromisoformat(f"{month}-01"), reader.code, "gregorian"), reader.number(number))
        for month, number in found.months.items()
    ]


def shown_entries(
    found: Rehearsal, seen: Callable[[int], bool], named: Named, reader: Reader
) -> list[ShownEntry]:
    """The latest of those whom the reader may see."""
    return [
        ShownEntry(
            each.unit_id,
            named(each.unit_id),
            reader.moment(datetime.fromtimestamp(each.at_us / 1_000_000, UTC)),
            each.arm == "held_out",
        )
        for each in reversed(found.shown)
        if seen(each.unit_id)
    ]


def units_in(found: DryRun | Rehearsal) -> Iterable[int]:
    """The customers that are told one by one."""
    told = found.people if isinstance(found, DryRun) else found.shown
    return [each.unit_id for each in told]
