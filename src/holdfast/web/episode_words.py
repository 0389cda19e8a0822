"""Early warnings in the reader's words, as today, a signal's page and a customer's page show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse

from holdfast.analytics.episodes import LAPSED, LEFT, OFF
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.foresee.reading import Criteria
from holdfast.services.warn.reading import Raised, Storm, one_cause
from holdfast.web.masking import Masks
from holdfast.web.pages.at_risk.words import ShownRisk, shown_risk, whole_money
from holdfast.web.pages.criteria.words import hours_words

EPISODES_SHOWN = 3
"""Warnings of one customer in a list."""

EVIDENCE_SHOWN = 2
"""Sentences of evidence in a row of a list; a customer's page shows all."""


@dataclass(frozen=True, slots=True)
class ShownEpisode:
    """One warning: its signal, since when, why, how it stands, and what was said of it.

    ``mark`` is "open", "snoozed", "over" or "ended"; ``judged`` "right", "wrong" or "".
    """

    id: int
    title: str
    signal_url: str
    since: str
    evidence: tuple[str, ...]
    mark: str
    state: str
    judged: str
    judged_words: str


@dataclass(frozen=True, slots=True)
class Called:
    """A customer whom to call, with some open warnings and how many ``more`` there are.

    ``value`` and ``risk`` are there where they are known.
    """

    unit_id: int
    name: str
    url: str
    task_url: str
    value: str
    risk: ShownRisk | None
    episodes: tuple[ShownEpisode, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class ShownStorm:
    """Many customers, one thing: one line; ``links`` are (signal, whom it warns of)."""

    strong: str
    words: str
    links: tuple[tuple[str, str], ...]


def shown_episode(raised: Raised, today: date, reader: Reader, *, most: int | None = None) -> ShownEpisode:
    """An episode as it is written; ``most`` sentences of evidence."""
    told = tuple(reader.say(each) for each in raised.evidence)
    return ShownEpisode(
        id=raised.episode_id,
        title=reader.say(raised.title),
        signal_url="" if raised.signal is None else reverse("signal", args=[raised.signal_key]),
        since=_since(raised, today, reader),
        evidence=told if most is None else told[:most],
        mark=raised.state,
        state=_state(raised, reader),
        judged={None: "", True: "right", False: "wrong"}[raised.judged],
        judged_words=_judged(raised, reader),
    )


def called(
    rows: Sequence[Raised], today: date, criteria: Criteria, reader: Reader, mask: Masks
) -> list[Called]:
    """Customers whom to call, in the order of ``rows``; all warnings of one stand together there."""
    return [
        _called(list(together), today, criteria, reader, mask)
        for _, together in groupby(rows, key=lambda row: row.unit_id)
    ]


def _called(rows: list[Raised], today: date, criteria: Criteria, reader: Reader, mask: Masks) -> Called:
    first = mask.named(rows[0])
    name = first.name or reader.say(Text("Customer {id}", id=str(first.unit_id)))
    value, more = first.value_at_risk_minor, len(rows) - EPISODES_SHOWN
    return Called(
        unit_id=first.unit_id,
        name=name,
        url=reverse("customer", args=[first.unit_id]),
        task_url=f"{reverse('task_new')}?customer={first.unit_id}",
        value="" if value is None else whole_money(value, first.currency, reader),
        risk=None if first.risk is None else shown_risk(first.risk, criteria, reader),
        episodes=tuple(
            shown_episode(each, today, reader, most=EVIDENCE_SHOWN) for each in rows[:EPISODES_SHOWN]
        ),
        more=reader.say(Text("and {n} more", "and {n} more", n=more)) if more > 0 else "",
    )


def shown_storms(found: Iterable[Storm], reader: Reader) -> list[ShownStorm]:
    """Storms, the newest first; those of one day are one."""
    return [_shown_storm(together, reader) for together in one_cause(list(found))]


def _shown_storm(together: Sequence[Storm], reader: Reader) -> ShownStorm:
    first, *others = together
    usual = Text(
        "On {day}, when about {usual} are usual: look for one cause before you call each.",
        day=first.day,
        usual=round(first.usual, 1) if first.usual < 10 else round(first.usual),
    )
    links = ((reader.say(each.title), reverse("signal", args=[each.signal_key])) for each in together)
    return ShownStorm(
        reader.say(first.words),
        " ".join(reader.say(each) for each in (*(other.words for other in others), usual)),
        tuple((title, f"{url}?storm=1") for title, url in links),
    )


def delay_words(hours: float) -> Text:
    """How long it took until something was done: days from two on."""
    return hours_words(hours) if hours < 48 else Text("{n} day", "{n} days", n=round(hours / 24))


def _since(raised: Raised, today: date, reader: Reader) -> str:
    days = (today - raised.began).days
    if raised.first_look:
        return reader.say(Text("since {day}", day=raised.began))
    if days <= 0:
        return reader.gettext("today")
    return reader.say(Text("{n} day ago", "{n} days ago", n=days))


def _state(raised: Raised, reader: Reader) -> str:
    if raised.state == "snoozed" and raised.snoozed_until is not None:
        return reader.say(Text("put off until {day}", day=raised.snoozed_until))
    if raised.state == "over" and raised.ended is not None:
        return reader.say(_over(raised.ended_why, raised.ended))
    if raised.state == "ended" and raised.ended is not None:
        return reader.say(Text("settled by {person} on {day}", person=raised.ended_by, day=raised.ended))
    return ""


def _over(why: str, day: date) -> Text:
    """That it is over by itself, and why."""
    if why == LAPSED:
        return Text("over since {day}: silent for so long that nothing is left to judge by", day=day)
    if why == LEFT:
        return Text("over since {day}: the customer left", day=day)
    if why == OFF:
        return Text("over since {day}: this is not looked at any more", day=day)
    return Text("over since {day}", day=day)


def _judged(raised: Raised, reader: Reader) -> str:
    if raised.judged is None:
        return ""
    if raised.judged:
        return reader.say(Text("right, says {person}", person=raised.judged_by))
    return reader.say(Text("a false alarm, says {person}", person=raised.judged_by))
