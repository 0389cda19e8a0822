"""Today in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.act.plays.second import Waiting
from holdfast.services.warn.reading import SignalRow
from holdfast.web.episode_words import Called, delay_words
from holdfast.web.lists import Choice

HOUR_US = 3_600_000_000

Answers = Mapping[str, tuple[int, int, list[int]]]


@dataclass(frozen=True, slots=True)
class News:
    """A signal that was raised in the last days."""

    title: str
    url: str
    raised: str


@dataclass(frozen=True, slots=True)
class WaitingPlay:
    """A play that waits for a second person."""

    title: str
    key: str
    words: str


def sentence(rows: Sequence[SignalRow], people: Sequence[Called], reader: Reader) -> Markup | str:
    """What is going on; whom to call first. ``people`` begin with the first of all who are listed."""
    raised = sum(row.raised_last_7_days for row in rows)
    if not people:
        return reader.gettext("Nobody has to be called: no early warning is open.")
    first = people[0]
    if first.value:
        words = Text(
            "<b>{n} warning</b> was raised in 7 days. Call {name} first: <b>{value}</b> is at risk.",
            "<b>{n} warnings</b> were raised in 7 days. Call {name} first: <b>{value}</b> is at risk.",
            n=raised,
            name=first.name,
            value=first.value,
        )
    else:
        words = Text(
            "<b>{n} warning</b> was raised in 7 days. Call {name} first.",
            "<b>{n} warnings</b> were raised in 7 days. Call {name} first.",
            n=raised,
            name=first.name,
        )
    return reader.say_html(words)


def waiting(found: Sequence[Waiting], reader: Reader) -> list[WaitingPlay]:
    """The plays whose launch waits for whoever reads it."""
    return [
        WaitingPlay(
            each.play.title,
            each.play.key,
            reader.say(
                Text(
                    "{person} wants it launched. It runs as soon as you launch it too.",
                    person=each.asked_by or "–",
                )
            ),
        )
        for each in found
    ]


def tabs(whose: str, reader: Reader) -> list[Choice]:
    """Everybody's customers, or one's own."""
    url = reverse("today")
    return [
        Choice(reader.gettext("All customers"), url, not whose),
        Choice(reader.gettext("Those I look after"), f"{url}?whose=me", whose == "me"),
    ]


def news(rows: Sequence[SignalRow], reader: Reader) -> list[News]:
    """What was raised in the last 7 days, most first."""
    told = sorted((row for row in rows if row.raised_last_7_days), key=lambda row: -row.raised_last_7_days)
    return [
        News(
            reader.say(row.signal.title),
            reverse("signal", args=[row.signal.name]),
            reader.number(row.raised_last_7_days),
        )
        for row in told
    ]


def answered(found: Answers, reader: Reader) -> tuple[tuple[str, str], ...]:
    """How soon warnings were answered, and how many were not (C0); nothing where none was raised."""
    raised = sum(number for number, _, _ in found.values())
    if not raised:
        return ()
    silent = sum(each for _, each, _ in found.values())
    delays = [each for _, _, some in found.values() for each in some]
    hours = reader.say(delay_words(median(delays) / HOUR_US)) if delays else reader.gettext("not clear yet")
    return (
        (reader.gettext("Warnings raised"), reader.number(raised)),
        (reader.gettext("Until one of us did something, in the middle"), hours),
        (reader.gettext("Nobody did anything"), reader.share(Share(silent / raised, 0))),
    )
