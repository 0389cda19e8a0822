"""The charts of the backtest and of a model's card."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.reading import GRADES, BacktestMoment, CalibrationBin
from holdfast.web.charts import calibration, lines
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.pages.backtest.words import GRADE_NAMES, RIVALS, SHORT, grade_value

COLOURS = {"recency": "chart-6", "health": "chart-2"}


def moments_chart(moments: Sequence[BacktestMoment], reader: Reader) -> Chart | None:
    """The right order at each past date, model and rivals; the table behind has every measure."""
    shown = [moment for moment in moments if moment.model.get("auc") is not None]
    if len(shown) < 2:
        return None
    drawn = [
        lines.Line(reader.gettext("the model"), "chart-1", tuple(m.model.get("auc") for m in shown)),
        *(
            lines.Line(
                reader.say(SHORT[rival]),
                COLOURS[rival],
                tuple(moment.rivals.get(rival, {}).get("auc") for moment in shown),
            )
            for rival in RIVALS
        ),
    ]
    finding = Text(
        "Right order (AUC) at each past date: the model between {low} and {high}",
        low=reader.number(min(_known(drawn[0])), 2),
        high=reader.number(max(_known(drawn[0])), 2),
    )
    wide, narrow = (
        lines.lines_over_moments(
            drawn,
            [reader.day(moment.day, short=True, year=False) for moment in shown],
            size,
            reader.say(finding),
            reader.number,
            mirrored=reader.language.direction == "rtl",
        )
        for size in (Size(664, 280, "when-wide"), Size(358, 250, "when-narrow"))
    )
    return Chart(Picture(wide, narrow), "", _head(reader), _rows(moments, reader))


def _known(line: lines.Line) -> list[float]:
    return [value for value in line.values if value is not None]


def _head(reader: Reader) -> tuple[str, ...]:
    return (
        reader.gettext("Date"),
        reader.gettext("Way"),
        reader.gettext("Rows"),
        reader.gettext("Left"),
        *(reader.say(GRADE_NAMES[measure]) for measure in GRADES),
    )


def _rows(moments: Sequence[BacktestMoment], reader: Reader) -> tuple[tuple[str, ...], ...]:
    rows = []
    for moment in reversed(moments):
        ways = {"": moment.model} | {rival: moment.rivals.get(rival, {}) for rival in RIVALS}
        for way, grades in ways.items():
            rows.append(
                (
                    reader.day(moment.day, short=True),
                    reader.say(RIVALS[way]) if way else reader.gettext("The model"),
                    reader.number(moment.rows),
                    reader.number(moment.left),
                    *(grade_value(measure, grades.get(measure), reader) for measure in GRADES),
                )
            )
    return tuple(rows)


def calibration_chart(curve: Sequence[CalibrationBin], reader: Reader) -> Chart | None:
    """What was foretold against what came true; ``None`` without a group."""
    if not curve:
        return None
    highest = max(curve, key=lambda group: group.mean_probability)
    finding = Text(
        "Of those to whom {foretold} was foretold, {left} left",
        foretold=Share(highest.mean_probability, 0),
        left=Share(highest.share_left, 0),
    )
    words = calibration.CalibrationWords(
        finding=reader.say(finding),
        foretold=reader.gettext("foretold"),
        came_true=reader.gettext("really left"),
        exact=reader.gettext("exactly right"),
    )
    wide, narrow = (
        calibration.calibration(
            [
                calibration.Foretold(group.mean_probability, group.share_left, group.low, group.high)
                for group in curve
            ],
            size,
            words,
            reader.share,
            mirrored=reader.language.direction == "rtl",
        )
        for size in (Size(524, 380, "when-wide"), Size(358, 320, "when-narrow"))
    )
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Dot: share that left; line: 95% interval. On the dashed line the model is right."),
        tuple(map(reader.gettext, ("Foretold", "Left", "Low", "High", "Rows"))),
        tuple(
            (
                reader.share(group.mean_probability),
                *(reader.share(share) for share in (group.share_left, group.low, group.high)),
                reader.number(group.rows),
            )
            for group in curve
        ),
    )
