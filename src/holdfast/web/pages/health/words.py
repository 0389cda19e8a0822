"""Health and its weighing in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.domain.health import ACTED, BEST, DIMENSIONS, WATCHED, WORST, OwnHealth
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.own_health import OwnBacktest
from holdfast.services.foresee.reading import Criteria
from holdfast.web.pages.criteria.words import Field, typed_number
from holdfast.web.pages.customer.health import NAMES

ABOUT: dict[str, Text] = {
    "use": Text("How often and how widely they use or buy what you offer."),
    "money": Text("What they spend, and whether it grows."),
    "service": Text("Questions, trouble, and how it was put right."),
    "feedback": Text("Ratings and answers that they gave."),
    "relationship": Text("How long and how closely you know each other."),
    "payment": Text("Whether payments go through, and in time."),
}


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """A fixed point of the scale."""

    health: str
    risk: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """How a weighing would have done: a sentence, and (what is asked, own, given) row by row."""

    verdict: Markup
    rows: tuple[tuple[str, str, str], ...]
    note: str


def scale_lines(criteria: Criteria, reader: Reader) -> list[ScaleLine]:
    """The fixed points, the best first."""
    lines = (
        (BEST, 0.0, Text("Nothing speaks for leaving.")),
        (WATCHED, criteria.watch_from, Text("From here down your team watches.")),
        (ACTED, criteria.act_from, Text("From here down your team acts.")),
        (WORST, 1.0, Text("They are sure to leave.")),
    )
    return [
        ScaleLine(reader.number(round(health)), reader.share(Share(risk, 0)), reader.say(meaning))
        for health, risk, meaning in lines
    ]


def fields(
    own: OwnHealth | None, typed: Mapping[str, str], errors: Mapping[str, str], reader: Reader
) -> list[Field]:
    """A field for the weight of each dimension."""
    return [
        Field(
            name,
            reader.say(NAMES[name]),
            reader.say(ABOUT[name]),
            typed.get(name, _weight(own, name, reader)),
            "",
            errors.get(name, ""),
        )
        for name in DIMENSIONS
    ]


def _weight(own: OwnHealth | None, name: str, reader: Reader) -> str:
    value = 1.0 if own is None else own.weights.get(name, 0.0)
    return reader.number(int(value) if float(value).is_integer() else round(value, 2))


def name_field(own: OwnHealth | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> Field:
    """The field of the score's name."""
    return Field("name", "", "", typed.get("name", own.name if own else ""), "", errors.get("name", ""))


def read_own(typed: Mapping[str, str], reader: Reader) -> OwnHealth:
    """What was typed; nothing weighs nothing.

    Raises :class:`~holdfast.web.pages.criteria.words.NotANumber`.
    """
    given = {name: typed.get(name, "").strip() or "0" for name in DIMENSIONS}
    return OwnHealth(typed.get("name", ""), {name: typed_number(name, given, reader) for name in DIMENSIONS})


def refused_field(typed: Mapping[str, str]) -> str:
    """At which field to say what is wrong with a weighing that was refused."""
    from holdfast.services.foresee.own_health import LONGEST_NAME

    return DIMENSIONS[0] if 0 < len(typed.get("name", "").strip()) <= LONGEST_NAME else "name"


def record(found: OwnBacktest, reader: Reader) -> ShownRecord:
    """The record of a weighing beside that of the health which the risk gives."""
    estimate, low, high = found.difference
    if low <= 0 <= high:
        verdict = Text("Your score names leavers about as well as the health from the risk.")
    elif estimate > 0:
        verdict = Text("Your score names leavers <b>better</b> than the health from the risk.")
    else:
        verdict = Text("Your score names leavers <b>worse</b> than the health from the risk.")
    rows = (
        (
            reader.gettext("How often a leaver had the lower score"),
            reader.share(Share(found.auc, 0)),
            reader.share(Share(found.given_auc, 0)),
        ),
        (
            reader.gettext("Leavers among the tenth with the lowest score"),
            reader.share(Share(found.caught, 0)),
            reader.share(Share(found.given_caught, 0)),
        ),
    )
    note = Text(
        "{n} customer of past dates, of whom {left} left. Guessing is right in 50 of 100 pairs. "
        "The difference in the first row is between {low} and {high} points (95% interval).",
        "{n} customers of past dates, of whom {left} left. Guessing is right in 50 of 100 pairs. "
        "The difference in the first row is between {low} and {high} points (95% interval).",
        n=found.rows,
        left=found.left,
        low=reader.signed(round(100 * low, 1)),
        high=reader.signed(round(100 * high, 1)),
    )
    return ShownRecord(reader.say_html(verdict), rows, reader.say(note))
