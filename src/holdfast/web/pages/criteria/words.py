"""Thresholds and what follows from them, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.domain.texts import Share, Text
from holdfast.domain.written_numbers import read_number
from holdfast.language import Reader
from holdfast.services.foresee.reading import Consequence, Criteria
from holdfast.settings import Settings
from holdfast.web.pages.at_risk.words import whole_money

OFFERED = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
FIELDS: dict[str, Text] = {
    "act_from": Text("Act from a risk of"),
    "watch_from": Text("Watch from a risk of"),
    "hours_per_customer": Text("Hours that one customer takes"),
}
HINTS: dict[str, Text] = {
    "act_from": Text("Whoever is above is called, written to, or whatever you do."),
    "watch_from": Text("Whoever is above stands out in the lists, without a task."),
    "hours_per_customer": Text("With everything around it: reading up, calling, writing down."),
}


LARGEST = 10**12
"""No field holds more."""


class NotANumber(Exception):  # noqa: N818  (an answer: the form says what helps)
    """What was typed into ``field`` is no number that it can hold."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class ShownConsequence:
    """One threshold and what acting from it on would mean; ``kind`` is "act", "watch" or ""."""

    share: str
    customers: str
    width: str
    right: str
    of_these: str
    hours: str
    money: str
    kind: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: what stands in it, and what is wrong with it ("" for nothing)."""

    name: str
    label: str
    hint: str
    value: str
    unit: str
    error: str


def thresholds(criteria: Criteria) -> list[float]:
    """Those that are offered, and the team's own among them."""
    own = [criteria.act_from, criteria.watch_from]
    return sorted({*own, *(each for each in OFFERED if all(abs(each - mine) > 1e-9 for mine in own))})


def sentence(acting: Consequence, reader: Reader) -> Markup:
    """From where on the team acts, and what that takes."""
    return reader.say_html(
        Text(
            "From a risk of {share} on, your team acts: {customers}, "
            "of whom about {right} would really leave. That takes {hours}.",
            share=Share(acting.threshold, 0),
            customers=Text("{n} customer", "{n} customers", n=acting.customers),
            right=round(acting.expected_right),
            hours=hours_words(acting.hours),
        ),
        strong=("share", "customers", "hours"),
    )


def hours_words(hours: float) -> Text:
    """A length of work: whole hours from ten on."""
    n = round(hours) if hours >= 10 else round(hours, 1)
    return Text("{n} hour", "{n} hours", n=int(n) if float(n).is_integer() else n)


def consequences(
    found: Sequence[Consequence], criteria: Criteria, workspace: Settings, reader: Reader
) -> list[ShownConsequence]:
    """The thresholds from the lowest, each with what would follow."""
    most = max((each.customers for each in found), default=0) or 1
    return [
        ShownConsequence(
            reader.share(each.threshold, _digits(each.threshold)),
            reader.number(each.customers),
            f"{100 * each.customers / most:.1f}",
            reader.number(round(each.expected_right)),
            _of_these(each, reader),
            reader.say(hours_words(each.hours)),
            whole_money(each.value_at_risk_minor, workspace.currency, reader),
            _kind(each.threshold, criteria),
        )
        for each in found
    ]


def _digits(share: float) -> int:
    return 0 if abs(100 * share - round(100 * share)) < 1e-6 else 1


def _of_these(each: Consequence, reader: Reader) -> str:
    if not each.customers:
        return ""
    return reader.say(Text("{share} of them", share=Share(each.expected_right / each.customers, 0)))


def _kind(threshold: float, criteria: Criteria) -> str:
    if threshold == criteria.act_from:
        return "act"
    return "watch" if threshold == criteria.watch_from else ""


def fields(
    criteria: Criteria, typed: Mapping[str, str], errors: Mapping[str, str], reader: Reader
) -> list[Field]:
    """The form, with what was typed where it could not be taken."""
    values = {
        "act_from": 100 * criteria.act_from,
        "watch_from": 100 * criteria.watch_from,
        "hours_per_customer": criteria.hours_per_customer,
    }
    return [
        Field(
            name,
            reader.say(label),
            reader.say(HINTS[name]),
            typed.get(name) or _plain(values[name], reader),
            reader.gettext("hours") if name == "hours_per_customer" else percent_sign(reader),
            errors.get(name, ""),
        )
        for name, label in FIELDS.items()
    ]


def percent_sign(reader: Reader) -> str:
    """The sign that the reader's percentages carry."""
    return reader.share(0.0, 0).replace(reader.number(0), "").strip()


def _plain(value: float, reader: Reader) -> str:
    rounded = round(value, 2)
    return reader.number(int(rounded) if float(rounded).is_integer() else rounded)


def read_criteria(typed: Mapping[str, str], reader: Reader) -> Criteria:
    """What was typed. Raises :class:`NotANumber`."""
    return Criteria(
        act_from=typed_number("act_from", typed, reader) / 100,
        watch_from=typed_number("watch_from", typed, reader) / 100,
        hours_per_customer=typed_number("hours_per_customer", typed, reader),
    )


def refused_field(refused: Criteria) -> str:
    """At which field to say what is wrong with criteria that were refused."""
    shares_fit = 0 <= refused.watch_from <= refused.act_from <= 1
    return "hours_per_customer" if shares_fit else "act_from"


def typed_number(field: str, typed: Mapping[str, str], reader: Reader) -> float:
    """The number in a field, as the reader's language or another writes it; a percent sign is passed over.

    Raises :class:`NotANumber`.
    """
    decimal = "," if reader.language.decimal == "," else "."
    value = read_number(typed.get(field, "").strip().rstrip("%٪"), decimal)
    if value is None or abs(value) > LARGEST:
        raise NotANumber(field)
    return float(value)
