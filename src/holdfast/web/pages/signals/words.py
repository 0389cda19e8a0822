"""Signals, their settings and their records in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.analytics.scorecards import Scorecard, Verdict
from holdfast.analytics.signal import Setting
from holdfast.domain.money import NO_CURRENCY, exponent
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.warn.reading import SignalRow, Storm
from holdfast.web.episode_words import delay_words
from holdfast.web.pages.at_risk.causes import cause_name
from holdfast.web.pages.criteria.words import Field, percent_sign, typed_number

VERDICT_NAMES: dict[Verdict, Text] = {
    "earns_its_place": Text("earns its place"),
    "no_better": Text("does not earn its place"),
    "always": Text("warns of everybody"),
    "never": Text("warned of nobody"),
    "few_left": Text("hardly anybody left"),
    "too_little": Text("not clear yet"),
}
_OVERLAPS = 3
"""Other signals that are named beside one, those that hold with it most often."""


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """A signal in the list; ``record`` are its figures in one line, ``verdict`` what they come to."""

    key: str
    title: str
    url: str
    sub: str
    off: bool
    open: str
    open_words: str
    raised: str
    left_with: str
    left_without: str
    lift: str
    lead: str
    verdict: str
    verdict_code: str


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A record as it is shown: the verdict, the sentence, figure by figure, and on what it rests."""

    verdict: str
    code: str
    sentence: Markup | str
    facts: tuple[tuple[str, str], ...]
    note: str
    stale: bool


def shown_signal(row: SignalRow, reader: Reader) -> ShownSignal:
    """A signal as a row of the list."""
    signal, card = row.signal, row.scorecard
    kind = reader.gettext("your own") if row.own else signal.code
    none = reader.gettext("nothing to look at here") if row.says_something is False else ""
    return ShownSignal(
        key=signal.name,
        title=reader.say(signal.title),
        url=reverse("signal", args=[signal.name]),
        sub=" · ".join(part for part in (kind, reader.say(cause_name(signal.cause)), none) if part),
        off=not row.on,
        open=reader.number(row.open_count),
        open_words=reader.say(Text("{n} open warning", "{n} open warnings", n=row.open_count)),
        raised=reader.number(row.raised_last_7_days),
        left_with=_share(card.left_with if card else None, reader),
        left_without=_share(card.left_without if card else None, reader),
        lift=_lift(card, reader) if card else "",
        lead=_days(card.lead_days if card else None, reader),
        verdict=reader.say(VERDICT_NAMES[card.verdict]) if card else "",
        verdict_code=card.verdict if card else "",
    )


def sentence(rows: Sequence[SignalRow], reader: Reader) -> Markup:
    """How many signals watch, and how many of them earn their place, where any has a record."""
    on = sum(row.on and row.says_something is not False for row in rows)
    if not any(row.scorecard for row in rows):
        watch = Text(
            "<b>{n} signal</b> watches your customers.", "<b>{n} signals</b> watch your customers.", n=on
        )
        return reader.say_html(watch)
    earn = sum(bool(row.on and row.scorecard and row.scorecard.verdict == "earns_its_place") for row in rows)
    return reader.say_html(
        Text(
            "<b>{n} signal</b> watches your customers; by the past, <b>{earn}</b> earns its place.",
            "<b>{n} signals</b> watch your customers; by the past, <b>{earn}</b> earn their place.",
            n=on,
            earn=earn,
        )
    )


def shown_card(
    card: Scorecard, titles: Mapping[str, Text], reader: Reader, *, trial: bool = False
) -> ShownCard:
    """The record of a signal; a ``trial`` was replayed on a part only."""
    facts = [
        (reader.gettext("Warnings"), reader.number(card.episodes)),
        (reader.gettext("Customers warned of"), _of(card.warned, card.customers, reader)),
        (reader.gettext("Warnings a week, over all customers"), _number(card.weekly, reader)),
        (reader.gettext("Left after a warning"), _share(card.left_with, reader)),
        (reader.gettext("Left without one"), _share(card.left_without, reader)),
        (reader.gettext("How many times more often"), _lift(card, reader)),
        (reader.gettext("From the warning to the departure, in the middle"), _days(card.lead_days, reader)),
        (
            reader.gettext("False alarms a week for each who looks after customers"),
            _number(card.false_weekly, reader),
        ),
        (reader.gettext("Began while another signal held"), _overlap(card, titles, reader)),
        (reader.gettext("Until one of us did something, in the middle"), _hours(card.answered_hours, reader)),
        (reader.gettext("Nobody did anything"), _share(card.unanswered, reader)),
    ]
    unclear = reader.gettext("not clear yet")
    return ShownCard(
        verdict=reader.say(VERDICT_NAMES[card.verdict]),
        code=card.verdict,
        sentence=reader.say(card.words),
        facts=tuple((name, value or unclear) for name, value in facts),
        note=_note(card, reader, trial=trial),
        stale=card.stale,
    )


def past_storm(storm: Storm, reader: Reader) -> str:
    """A day on which a signal warned of very many."""
    return reader.say(
        Text(
            "{day}: {n} customer, when about {usual} are usual",
            "{day}: {n} customers, when about {usual} are usual",
            day=storm.day,
            n=storm.customers,
            usual=_number(storm.usual, reader),
        )
    )


def _note(card: Scorecard, reader: Reader, *, trial: bool) -> str:
    given = {"first": card.from_day, "last": card.to_day, "days": card.horizon_days}
    if trial:
        return reader.say(
            Text(
                "Tried on a part of the customers and of the days from {first} to {last}, knowing only what "
                "was known then; who left within {days} days counts. The interval is 95%.",
                **given,
            )
        )
    return reader.say(
        Text(
            "Replayed on every day from {first} to {last}, knowing only what was known then; who left within "
            "{days} days counts. The interval is 95%.",
            **given,
        )
    )


def _of(some: int, whole: int, reader: Reader) -> str:
    return reader.say(Text("{some} of {all}", some=reader.number(some), all=reader.number(whole)))


def _share(share: float | None, reader: Reader) -> str:
    return "" if share is None else reader.share(Share(share, 0 if share >= 0.1 else 1))


def _number(value: float | None, reader: Reader) -> str:
    if value is None:
        return ""
    return reader.number(round(value) if value >= 10 else round(value, 1))


def _days(days: float | None, reader: Reader) -> str:
    if days is None:
        return ""
    return reader.say(Text("{n} day", "{n} days", n=round(days)))


def _hours(hours: float | None, reader: Reader) -> str:
    return "" if hours is None else reader.say(delay_words(hours))


def _lift(card: Scorecard, reader: Reader) -> str:
    if card.lift is None:
        return ""
    said = f"{reader.number(round(card.lift, 1))}×"
    if card.lift_low is None or card.lift_high is None:
        return said
    span = (reader.number(round(each, 1)) for each in (card.lift_low, card.lift_high))
    return reader.say(Text("{lift} ({low} to {high})", lift=said, low=next(span), high=next(span)))


def _overlap(card: Scorecard, titles: Mapping[str, Text], reader: Reader) -> str:
    told = [
        f"{reader.say(titles[key])}: {_share(share, reader)}"
        for key, share in card.overlap[:_OVERLAPS]
        if key in titles and share > 0
    ]
    return "; ".join(told)


def fields(
    row: SignalRow,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    currency: str,
    reader: Reader,
) -> list[Field]:
    """The form of a signal, made from its settings; what was typed in vain stays."""
    return [
        Field(
            each.name,
            reader.say(each.title),
            _bounds(each, currency, reader),
            typed.get(each.name, _written(each, row.values[each.name], currency, reader)),
            _unit(each, currency, reader),
            errors.get(each.name, ""),
        )
        for each in row.signal.settings
    ]


def _scale(setting: Setting, currency: str) -> float:
    if setting.unit == "share":
        return 100.0
    return 10.0 ** -exponent(currency or NO_CURRENCY) if setting.unit == "money" else 1.0


def _written(setting: Setting, value: float, currency: str, reader: Reader) -> str:
    shown = round(value * _scale(setting, currency), 4)
    return reader.number(int(shown) if float(shown).is_integer() else shown)


def _bounds(setting: Setting, currency: str, reader: Reader) -> str:
    least, most, usual = (
        _written(setting, each, currency, reader) for each in (setting.least, setting.most, setting.default)
    )
    return reader.say(
        Text("From {least} to {most}; delivered: {usual}.", least=least, most=most, usual=usual)
    )


def _unit(setting: Setting, currency: str, reader: Reader) -> str:
    if setting.unit == "share":
        return percent_sign(reader)
    if setting.unit == "money":
        return currency
    return reader.gettext("days") if setting.unit == "days" else ""


def read_values(row: SignalRow, typed: Mapping[str, str], currency: str, reader: Reader) -> dict[str, float]:
    """What was typed. Raises :class:`~holdfast.web.pages.criteria.words.NotANumber`."""
    return {
        each.name: round(typed_number(each.name, typed, reader) / _scale(each, currency), 9)
        for each in row.signal.settings
        if each.name in typed
    }
