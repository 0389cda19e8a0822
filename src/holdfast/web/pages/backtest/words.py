"""The backtest in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.reading import GRADES, Backtest, BacktestMoment, DriftState, RivalDifference

RIVALS: dict[str, Text] = {
    "recency": Text("Days of silence alone"),
    "health": Text("Hand-weighted health"),
}
SHORT: dict[str, Text] = {"recency": Text("silence alone"), "health": Text("health by hand")}
RIVAL_MEANINGS: dict[str, Text] = {
    "recency": Text("Whoever was silent longest is feared for most."),
    "health": Text("Fixed weights over silence, rhythm, tickets and failed payments."),
}
GRADE_NAMES: dict[str, Text] = {
    "auc": Text("Right order (AUC)"),
    "average_precision": Text("Average precision"),
    "log_loss": Text("Log loss"),
    "calibration_error": Text("Calibration error"),
    "lift_top_decile": Text("Lift of the top tenth"),
    "money_caught": Text("Money caught by the top tenth"),
}
GRADE_MEANINGS: dict[str, Text] = {
    "auc": Text("How often a leaver stands above a stayer; 0.5 is chance, 1 is perfect."),
    "average_precision": Text("How pure the list is from its top down; higher is better."),
    "log_loss": Text("How surprised the probabilities were by what came; lower is better."),
    "calibration_error": Text("How far foretold and real shares lie apart; lower is better."),
    "lift_top_decile": Text("Leavers among the tenth feared for most, against a tenth picked blindly."),
    "money_caught": Text("The part of the leavers’ money that stood in the tenth feared for most."),
}
SHARES = ("calibration_error", "money_caught")


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One measure: its name, what it means, and its value for the model and each rival."""

    name: str
    meaning: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """How the model stands to one rival; ``kind`` is "better", "worse" or "unclear"."""

    rival: str
    meaning: str
    difference: str
    likely: str
    kind: str
    verdict: str


def grade_value(measure: str, value: float | None, reader: Reader) -> str:
    """A measure as it is written; "not clear yet" where there is none."""
    if value is None:
        return reader.gettext("not clear yet")
    if measure in SHARES:
        return reader.share(value, 1)
    if measure == "lift_top_decile":
        return reader.say(Text("{times}×", times=round(value, 1)))
    return reader.number(value, 3)


def sentence(found: Backtest, total: BacktestMoment, reader: Reader) -> Markup:
    """What one needs to know: how many of the leavers stood at the top."""
    dates = Text("{n} past date", "{n} past dates", n=len(found.moments))
    lift = total.model.get("lift_top_decile")
    if lift is None:
        unclear = Text(
            "On {dates} the model was asked who would leave. Too few left to say how well it knew.",
            dates=dates,
        )
        return reader.say_html(unclear, strong=("dates",))
    said = Text(
        "On {dates} a model that knew only what was known then was asked who would leave. "
        "Among the tenth it feared for most, {lift} times as many left as on average.",
        dates=dates,
        lift=round(lift, 1),
    )
    return reader.say_html(said, strong=("lift",))


def grades(total: BacktestMoment, reader: Reader) -> list[GradeLine]:
    """Every measure over all dates, the model's beside the rivals'."""
    ways: tuple[Mapping[str, float | None], ...] = (total.model, *(total.rivals.get(r, {}) for r in RIVALS))
    return [
        GradeLine(
            reader.say(GRADE_NAMES[measure]),
            reader.say(GRADE_MEANINGS[measure]),
            tuple(grade_value(measure, way.get(measure), reader) for way in ways),
        )
        for measure in GRADES
    ]


def against(differences: Mapping[str, RivalDifference], reader: Reader) -> list[Against]:
    """The model against each rival, with the interval of the difference."""
    return [_against(rival, differences[rival], reader) for rival in RIVALS if rival in differences]


def _against(rival: str, difference: RivalDifference, reader: Reader) -> Against:
    kind = "unclear" if not difference.certain else "better" if difference.low > 0 else "worse"
    verdicts = {
        "better": Text("better, by more than chance"),
        "worse": Text("worse, by more than chance"),
        "unclear": Text("not clear yet"),
    }
    return Against(
        reader.say(RIVALS[rival]),
        reader.say(RIVAL_MEANINGS[rival]),
        reader.signed(difference.estimate, 3),
        reader.say(
            Text(
                "{low} to {high} (95%)",
                low=reader.signed(difference.low, 3),
                high=reader.signed(difference.high, 3),
            )
        ),
        kind,
        reader.say(verdicts[kind]),
    )


def drift_words(drift: DriftState | None, alarm: bool, reader: Reader) -> tuple[str, str]:
    """The state of the drift alarm, and what it means."""
    if drift is None:
        strong = Text("The drift alarm has nothing to compare yet.")
        return reader.say(strong), reader.gettext("It begins with the first model.")
    if not alarm:
        return reader.gettext("The drift alarm is silent."), reader.say(_rate(drift))
    why = (
        Text("Customers look different from those the model learnt from.")
        if drift.population_alarm
        else _kept_word(drift)
    )
    return (
        reader.gettext("The drift alarm is on."),
        f"{reader.say(why)} {reader.gettext('The next run of the loop learns anew.')}",
    )


def _rate(drift: DriftState) -> Text:
    return Text(
        "Where nothing has changed, it is on by chance in {share} of all checks.",
        share=Share(drift.false_alarm_rate, 0),
    )


def _kept_word(drift: DriftState) -> Text:
    if drift.expected is None or drift.observed is None or drift.low is None or drift.high is None:
        return Text("More or fewer leave than the model said.")
    return Text(
        "{observed} left where {expected} were foretold (likely {low} to {high}).",
        observed=drift.observed,
        expected=round(drift.expected),
        low=round(drift.low),
        high=round(drift.high),
    )


def facts(found: Backtest, reader: Reader) -> list[tuple[str, str]]:
    """What the backtest rests on."""
    total = found.total
    lines: list[tuple[Text, str]] = [
        (Text("Foretold"), reader.say(Text("who leaves within {n} day", "who leaves within {n} days",
                                           n=found.horizon_days))),
        (Text("What was known"), reader.say(found.assumption)),
        (Text("Each model learnt from"), reader.gettext(
            "earlier dates only, whose outcome was certain by then")),
        (Text("Made on"), reader.day(found.made_on)),
    ]  # fmt: skip
    if total is not None:
        graded = Text("{rows} rows, {left} of them left", rows=total.rows, left=total.left)
        lines.insert(1, (Text("Graded"), reader.say(graded)))
    return [(reader.say(name), value) for name, value in lines]
