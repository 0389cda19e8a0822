"""A model's card in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.reading import GRADES, DriftState, FeatureShift, FeatureWeight, ModelCard
from holdfast.web.pages.at_risk.causes import cause_name
from holdfast.web.pages.backtest.words import GRADE_MEANINGS, GRADE_NAMES, grade_value

ROLES: dict[str, Text] = {
    "champion": Text("in use"),
    "challenger": Text("on trial"),
    "retired": Text("retired"),
}
MEMBERS: dict[str, Text] = {
    "additive": Text("smooth curves"),
    "small trees": Text("small trees"),
    "larger trees": Text("larger trees"),
}
MUCH, SOME = 0.25, 0.1
"""Population stability index from which a feature has moved a lot, or somewhat (Siddiqi, 2006)."""


@dataclass(frozen=True, slots=True)
class ShownFeature:
    """A feature: what it means, its cause group, and its weight as a length of 100."""

    title: str
    meaning: str
    cause: str
    weight: str
    width: str


@dataclass(frozen=True, slots=True)
class ShownGrade:
    """A measure with its meaning."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version in the list; ``number`` for the form that brings it back."""

    number: int
    name: str
    role: str
    words: str
    trained: str
    left: str
    auc: str
    log_loss: str


@dataclass(frozen=True, slots=True)
class ShownShift:
    """How far a feature has moved, and in a word."""

    title: str
    psi: str
    word: str
    width: str


def in_use(cards: Sequence[ModelCard]) -> ModelCard | None:
    """The champion; ``None`` where there is none yet."""
    return next((card for card in cards if card.role == "champion"), None)


def sentence(card: ModelCard, reader: Reader) -> Markup:
    """From whom the model learnt."""
    return reader.say_html(
        Text(
            "{name} was made on {day}. It learnt from {customers} at {moments}; {left} times somebody left.",
            name=Text("Model {version}", version=card.version),
            day=card.trained_on,
            customers=Text("{n} customer", "{n} customers", n=card.units),
            moments=Text("{n} past date", "{n} past dates", n=len(card.moments)),
            left=card.left,
        ),
        strong=("name", "customers", "left"),
    )


def grades(card: ModelCard, reader: Reader) -> list[ShownGrade]:
    """How good it was on a date that it did not see."""
    return [
        ShownGrade(
            reader.say(GRADE_NAMES[measure]),
            grade_value(measure, card.grade.get(measure), reader),
            reader.say(GRADE_MEANINGS[measure]),
        )
        for measure in GRADES
    ]


def facts(card: ModelCard, reader: Reader) -> list[tuple[str, str]]:
    """What the model was made of."""
    members = [
        f"{reader.say(MEMBERS[member]) if member in MEMBERS else member} {reader.number(weight, 2)}"
        for member, weight in card.members.items()
        if weight > 0
    ]
    lines: list[tuple[Text, str]] = [
        (Text("Foretells"), reader.say(Text("who leaves within {n} day", "who leaves within {n} days",
                                            n=card.horizon_days))),
        (Text("Learnt from"), reader.say(Text("{rows} rows, {left} of them left",
                                              rows=card.rows, left=card.left))),
        (Text("Members and their weights"), reader.list_of(members) if members else ""),
        (Text("Seed"), str(card.seed)),
    ]  # fmt: skip
    if card.moments:
        span = reader.span(min(card.moments), max(card.moments))
        lines.insert(1, (Text("Past dates"), span))
    if card.graded_on:
        lines.append((Text("Graded on"), reader.day(card.graded_on)))
    return [(reader.say(name), value) for name, value in lines if value]


def features(weights: Sequence[FeatureWeight], reader: Reader) -> list[ShownFeature]:
    """What the model looks at, the weightiest first."""
    ordered = sorted(weights, key=lambda each: -each.importance)
    most = max((each.importance for each in ordered), default=0.0) or 1.0
    return [
        ShownFeature(
            reader.say(each.title),
            reader.say(each.meaning),
            reader.say(cause_name(each.cause)),
            reader.number(each.importance, 2 if each.importance >= 0.01 else 3),
            f"{100 * each.importance / most:.1f}",
        )
        for each in ordered
    ]


def shifts(moved: Sequence[FeatureShift], reader: Reader) -> list[ShownShift]:
    """The features that moved most since training."""
    words = {True: Text("a lot"), False: Text("somewhat"), None: Text("hardly")}
    return [
        ShownShift(
            reader.say(each.title),
            reader.number(each.psi, 2),
            reader.say(words[True if each.psi >= MUCH else False if each.psi >= SOME else None]),
            f"{100 * min(1.0, each.psi / (2 * MUCH)):.1f}",
        )
        for each in sorted(moved, key=lambda each: -each.psi)
    ]


def kept_word(drift: DriftState, reader: Reader) -> str:
    """Whether as many left as were foretold."""
    if drift.expected is None or drift.observed is None or drift.low is None or drift.high is None:
        return reader.gettext("Whether as many leave as foretold is not clear yet: no outcome is certain.")
    return reader.say(
        Text(
            "On the newest date whose outcome is certain, {expected} were foretold to leave "
            "(likely {low} to {high}); {observed} left.",
            expected=round(drift.expected),
            low=round(drift.low),
            high=round(drift.high),
            observed=drift.observed,
        )
    )


def versions(cards: Sequence[ModelCard], reader: Reader) -> list[ShownVersion]:
    """Every version that is kept, the newest first."""
    return [
        ShownVersion(
            card.version,
            reader.say(Text("Model {version}", version=card.version)),
            card.role,
            reader.say(ROLES[card.role]),
            reader.day(card.trained_on, short=True),
            reader.number(card.left),
            grade_value("auc", card.grade.get("auc"), reader),
            grade_value("log_loss", card.grade.get("log_loss"), reader),
        )
        for card in cards
    ]


def chance(drift: DriftState, reader: Reader) -> str:
    """How often the alarm is false."""
    return reader.say(
        Text(
            "Where nothing has changed, it is on by chance in {share} of all checks.",
            share=Share(drift.false_alarm_rate, 0),
        )
    )
