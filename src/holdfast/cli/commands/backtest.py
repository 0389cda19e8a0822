"""``holdfast backtest``: would we have known? Past dates, beside two plain rivals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.figures import NO_VALUE
from holdfast.cli.group import Command, Option
from holdfast.cli.options import as_of
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.services.foresee.reading import Backtest, BacktestMoment, DriftState, RivalDifference

ORDER = 48
_NAMES = {
    "auc": Text("AUC"),
    "average_precision": Text("Average precision"),
    "log_loss": Text("Log loss"),
    "calibration_error": Text("Calibration error"),
    "lift_top_decile": Text("Lift of the top tenth"),
    "money_caught": Text("Money caught"),
}
_WHO = {
    "model": Text("Model"),
    "recency": Text("Recency alone"),
    "health": Text("Hand-weighted health"),
}


def _run(session: Session, as_of: datetime | None, moments: int) -> None:
    from holdfast.services.foresee.backtest import backtest

    settings = session.settings()
    with session.progress() as progress:
        found = backtest(
            settings, as_of=as_of and as_of.date(), now=session.now(), most=moments, progress=progress
        )
    session.finish(_answer(found), lambda: _show(session, found, session.reader(settings)))


def _answer(found: Backtest) -> dict[str, Any]:
    return {
        "made_on": found.made_on,
        "horizon_days": found.horizon_days,
        "moments": [_moment(each) | {"day": each.day, "rivals": each.rivals} for each in found.moments],
        "total": None if found.total is None else _moment(found.total),
        "rivals": {} if found.total is None else found.total.rivals,
        "differences": {
            name: {"estimate": each.estimate, "low": each.low, "high": each.high}
            for name, each in found.differences.items()
        },
        "drift_alarm": found.drift_alarm,
        "drift": _drift(found.drift),
        "calibration": [
            {
                "mean_probability": each.mean_probability,
                "share_left": each.share_left,
                "low": each.low,
                "high": each.high,
                "rows": each.rows,
            }
            for each in found.calibration
        ],
        "assumption": found.assumption,
        "reason": found.reason,
    }


def _moment(each: BacktestMoment) -> dict[str, Any]:
    return {"n": each.rows, "left": each.left, **each.model}


def _drift(drift: DriftState | None) -> dict[str, Any] | None:
    if drift is None:
        return None
    return {
        "population_alarm": drift.population_alarm,
        "calibration_alarm": drift.calibration_alarm,
        "expected": drift.expected,
        "observed": drift.observed,
        "low": drift.low,
        "high": drift.high,
        "false_alarm_rate": drift.false_alarm_rate,
        "features": [{"name": each.name, "psi": each.psi} for each in drift.features],
    }


def _show(session: Session, found: Backtest, reader: Reader) -> None:
    if found.reason is not None or found.total is None:
        session.tell(found.reason or found.assumption)
        return
    total = found.total
    session.tell(
        Text(
            "{n} past date, {rows} customers in all, of whom {left} left within {days} days.",
            "{n} past dates, {rows} customers in all, of whom {left} left within {days} days.",
            n=len(found.moments),
            rows=total.rows,
            left=total.left,
            days=found.horizon_days,
        )
    )
    session.write(_table({"model": total.model, **total.rivals}, reader))
    for name, difference in found.differences.items():
        session.tell(_beside(_WHO.get(name, Text("{name}", name=name)), difference))
    session.tell(
        Text("The drift alarm is on: customers have changed, or risks no longer come true.")
        if found.drift_alarm
        else Text("The drift alarm is silent.")
    )
    session.tell(found.assumption)


def _beside(rival: Text, found: RivalDifference) -> Text:
    """By how much the model ranks better than a plain rival, and what follows where it does not."""
    if found.high < 0:
        return Text(
            "{rival} ranks better than the model: AUC {estimate} more ({low} to {high}). Act on it instead.",
            rival=rival,
            estimate=round(-found.estimate, 3),
            low=round(-found.high, 3),
            high=round(-found.low, 3),
        )
    figures = {"rival": rival, "estimate": round(found.estimate, 3)}
    ends = {"low": round(found.low, 3), "high": round(found.high, 3)}
    if found.low > 0:
        return Text("AUC beside {rival}: {estimate} more ({low} to {high}).", **figures, **ends)
    return Text(
        "AUC beside {rival}: {estimate} ({low} to {high}); the model has not been shown to be better.",
        **figures,
        **ends,
    )


def _table(told: Mapping[str, Mapping[str, float | None]], reader: Reader) -> str:
    head = ("", *(reader.say(_WHO.get(name, Text("{name}", name=name))) for name in told))
    rows = [
        (
            reader.say(name),
            *(
                NO_VALUE if (value := graded.get(measure)) is None else reader.number(round(value, 3))
                for graded in told.values()
            ),
        )
        for measure, name in _NAMES.items()
    ]
    return columns([head, *rows], numbers=frozenset(range(1, len(head))))


COMMAND = Command(
    "backtest",
    Text("Say whether the risks of past dates came true, with only what was known then."),
    _run,
    [
        as_of(),
        Option(
            "--moments",
            words=Text("How many past dates at most."),
            type=click.IntRange(min=1, max=24),
            default=6,
            show_default=True,
        ),
    ],
)
