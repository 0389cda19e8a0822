"""The report on a labelled table: one page that needs nothing else, light and dark, in any language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.learning.calibration import calibration_curve
from holdfast.services.foresee import table_pictures
from holdfast.services.foresee.table_notes import Note
from holdfast.services.foresee.table_prepare import Prepared
from holdfast.services.foresee.table_validation import MEASURES, Graded, Plan, Validated
from holdfast.services.foresee.table_words import MEASURE_NAMES, MODEL_NAMES


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything that stands in the report; ``file`` is the name of the table."""

    file: str
    prepared: Prepared
    plan: Plan
    left: NDArray[np.bool_]
    found: Validated
    model: Graded
    rivals: Mapping[str, Graded]
    drivers: Sequence[tuple[str, Text, float]]
    notes: Sequence[Note]


def write_report(path: Path, reported: Reported, reader: Reader) -> None:
    """Write the page as HTML with style and pictures inside; it runs nothing and loads nothing."""
    path.write_text(_page(reported, reader), encoding="utf-8")


def _page(reported: Reported, reader: Reader) -> str:
    risk = 1 / (1 + np.exp(-reported.found.odds))
    curve = calibration_curve(reported.left, risk)
    page: str = (
        _templates()
        .get_template("table_report.html")
        .render(
            t=lambda message, **values: reader.say(Text(message, **values)),
            say=reader.say,
            language=reader.language,
            tokens=_tokens(),
            title=reader.say(Text("Risk from {file}", file=reported.file)),
            sentence=reader.say_html(_sentence(reported), strong=("auc", "lift")),
            stats=_stats(reported, reader),
            graded=_graded(reported, reader),
            pictures=[
                table_pictures.calibration(curve, reader),
                table_pictures.lift(reported.left, risk, reader),
                table_pictures.importance(reported.drivers, reader),
            ],
            reported=reported,
        )
    )
    return page


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("holdfast.services.foresee", "."),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _tokens() -> Markup:
    """The values of the design, the same as on the pages."""
    sheet = files("holdfast").joinpath("web", "static", "tokens.css").read_text(encoding="utf-8")
    return Markup(sheet)  # noqa: S704  (our own style sheet)


def _sentence(reported: Reported) -> Text:
    return Text(
        "A leaver stands above a stayer {auc} of the time; the riskiest tenth holds {lift} times as "
        "many leavers as a tenth drawn blindly.",
        auc=Share(reported.model.values["auc"] or 0.5),
        lift=round(reported.model.values["lift_top_decile"] or 0.0, 2),
    )


def _stats(reported: Reported, reader: Reader) -> list[tuple[str, str]]:
    rows = len(reported.left)
    said = [
        (Text("Rows with an outcome"), reader.number(rows)),
        (Text("Of them left"), reader.number(int(reported.left.sum()))),
        (Text("Share that left"), reader.share(float(reported.left.mean()))),
        (Text("Rows without an outcome"), reader.number(reported.prepared.outcome.unknown)),
    ]
    return [(reader.say(name), value) for name, value in said]


def _graded(reported: Reported, reader: Reader) -> tuple[list[str], list[tuple[str, list[tuple[str, str]]]]]:
    """The table of the model and its rivals: head, then a row each, figures and their intervals."""
    head = [reader.say(MEASURE_NAMES[name]) for name in MEASURES]
    all_graded = {"model": reported.model, **reported.rivals}
    rows = [
        (reader.say(MODEL_NAMES[name]), [_figure(found, measure, reader) for measure in MEASURES])
        for name, found in all_graded.items()
    ]
    return head, rows


def _figure(found: Graded, measure: str, reader: Reader) -> tuple[str, str]:
    value, ends = found.values[measure], found.intervals[measure]
    digits = 2 if measure == "lift_top_decile" else 3
    if value is None:
        return "–", ""
    written = reader.number(value, digits)
    return written, "" if ends is None else " – ".join(reader.number(end, digits) for end in ends)
