"""One customer in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of
from holdfast.domain.texts import Days, Text
from holdfast.language import Reader, clock_time
from holdfast.settings import Settings
from holdfast.store.customers import ListedCustomer
from holdfast.store.profile import Profile
from holdfast.web.figures import country_name
from holdfast.web.pages.customer.moments import Gap, Moment, usual_distance
from holdfast.web.pages.customers.words import KINDS, state_words

SHOWN_ELSEWHERE = ("name", "country", "source")
"""Traits that the head of the page says already."""


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A figure at the head of the page; ``badge`` is a state's code, "" otherwise."""

    name: str
    value: str
    beside: str
    below: str
    state: str = ""


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


@dataclass(frozen=True, slots=True)
class Month:
    """The moments of one month under its name."""

    name: str
    lines: tuple[ShownMoment, ...]


def head_line(row: ListedCustomer, reader: Reader) -> str:
    """Where they are, where they came from, since when."""
    parts = [country_name(row.country, reader.code)] if row.country else []
    if row.kind == "account":
        parts.append(reader.say(KINDS["account"]))
    if row.source:
        parts.append(reader.say(Text("came through {source}", source=row.source)))
    if row.first_day is not None:
        parts.append(reader.say(Text("customer since {day}", day=date_of(row.first_day))))
    return " · ".join(parts)


def facts(row: ListedCustomer, workspace: Settings, today: int, reader: Reader) -> list[ShownFact]:
    """How the customer stands, in four figures."""
    usual = usual_distance(row.orders, row.first_day, row.last_day)
    return [
        _standing(row, reader),
        ShownFact(
            reader.gettext("Spent so far"),
            reader.money(Money(row.amount_minor, workspace.currency or NO_CURRENCY)),
            "",
            _a_head(row, workspace, reader),
        ),
        ShownFact(
            reader.gettext("Orders"), reader.number(row.orders), "", _rhythm(usual, row.orders, reader)
        ),
        _last(row, today, usual, reader),
    ]


def _standing(row: ListedCustomer, reader: Reader) -> ShownFact:
    below = ""
    if row.left_day is not None:
        below = reader.say(Text("left on {day}", day=date_of(row.left_day)))
    return ShownFact(
        reader.gettext("How they stand"),
        state_words(row.state, reader) or reader.gettext("not clear yet"),
        "",
        below,
        row.state,
    )


def _a_head(row: ListedCustomer, workspace: Settings, reader: Reader) -> str:
    if row.orders < 1:
        return ""
    average = Money(round(row.amount_minor / row.orders), workspace.currency or NO_CURRENCY)
    return reader.say(Text("{money} an order", money=average))


def _rhythm(usual: float | None, orders: int, reader: Reader) -> str:
    if usual is None:
        return reader.say(
            Text(
                "rhythm not clear yet: {n} order so far", "rhythm not clear yet: {n} orders so far", n=orders
            )
        )
    return reader.say(Text("usually every {length}", length=Days(max(1, round(usual)))))


def _last(row: ListedCustomer, today: int, usual: float | None, reader: Reader) -> ShownFact:
    name = reader.gettext("Last order")
    if row.last_day is None:
        return ShownFact(name, reader.gettext("none yet"), "", "")
    silent = max(0, today - row.last_day)
    below = ""
    if usual is not None and silent > usual:
        below = reader.say(Text("{length} later than usual", length=Days(max(1, round(silent - usual)))))
    ago = Text("{n} day ago", "{n} days ago", n=silent) if silent else Text("today")
    return ShownFact(name, reader.day(date_of(row.last_day), short=True), reader.say(ago), below)


def timeline(lines: Iterable[Moment | Gap], zone: tzinfo, reader: Reader) -> list[Month]:
    """The timeline by months of the reader's calendar, each line written."""
    months: list[tuple[str, list[ShownMoment]]] = []
    waiting: list[ShownMoment] = []
    for line in lines:
        if isinstance(line, Gap):
            waiting.append(_gap(line, reader))
            continue
        at = datetime.fromtimestamp(line.at_us / 1_000_000, UTC).astimezone(zone)
        name = reader.month(at.date())
        if not months or months[-1][0] != name:
            months.append((name, []))
        months[-1][1].extend([*waiting, _moment(line, at, reader)])
        waiting = []
    return [Month(name, tuple(shown)) for name, shown in months]


def _gap(gap: Gap, reader: Reader) -> ShownMoment:
    words = Text(
        "Nothing from them, nothing from us. They usually order every {length}.",
        length=Days(max(1, round(gap.usual_days))),
    )
    return ShownMoment("", "", "", "", "", reader.say(words), "", reader.duration(gap.days))


def _moment(line: Moment, at: datetime, reader: Reader) -> ShownMoment:
    midnight = not (at.hour or at.minute or at.second)
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
    )


def _written(words: Text | str | None, reader: Reader) -> str:
    return reader.say(words) if isinstance(words, Text) else words or ""


def details(profile: Profile, row: ListedCustomer, reader: Reader) -> list[tuple[str, tuple[str, ...]]]:
    """What is known: where they are reached, what is said about them, under which ids they came."""
    known = [
        (reader.gettext("E-mail"), profile.emails),
        (reader.gettext("Telephone"), profile.phones),
        *(
            (trait.replace("_", " "), (value,))
            for trait, value in profile.traits.items()
            if trait not in SHOWN_ELSEWHERE
        ),
        (reader.gettext("Known as"), tuple(each.key for each in profile.ids)),
    ]
    return [(name, values) for name, values in known if values]
