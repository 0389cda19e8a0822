"""``holdfast measure``: every metric, with what makes it honest."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import click

from holdfast.cli.figures import as_table, figure_as_json
from holdfast.cli.group import Command, Option
from holdfast.cli.options import as_of
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.measure.measure import EngineName

ORDER = 40


def _run(
    session: Session,
    period: Literal["month", "quarter", "year"] | None,
    as_of: datetime | None,
    engine: EngineName,
) -> None:
    from holdfast.services.measure.measure import measure

    settings = session.settings()
    with session.progress() as progress:
        found = measure(
            settings,
            as_of=as_of and as_of.date(),
            period=period,
            engine=engine,
            now=session.now(),
            progress=progress,
        )
    answer = {
        "as_of": found.as_of,
        "period": period or "history",
        "currency": found.currency,
        "metrics": [figure_as_json(figure) for figure in found.figures],
    }
    session.finish(answer, lambda: session.write(as_table(found.figures, session.reader(settings))))


COMMAND = Command(
    "measure",
    Text("Give every metric with its definition, formula, interval and what was left out."),
    _run,
    [
        Option(
            "--period",
            words=Text("One figure a month, quarter or year; otherwise one for all that is known."),
            type=click.Choice(["month", "quarter", "year"]),
        ),
        as_of(),
        Option(
            "--engine",
            words=Text("What counts: this machine, or Spark with equal answers."),
            type=click.Choice(["embedded", "spark"]),
            default="embedded",
            show_default=True,
        ),
    ],
)
