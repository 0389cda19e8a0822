"""``holdfast measure``: every metric, with what makes it honest."""

from __future__ import annotations

from datetime import datetime

import click

from holdfast.cli.figures import as_table, figure_as_json
from holdfast.cli.group import Command, Option
from holdfast.cli.options import as_of
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 40


def _run(session: Session, period: str | None, as_of: datetime | None, engine: str) -> None:
    from holdfast.services.measure.measure import measure
    from holdfast.settings import read_settings

    settings = session.settings()
    on = session.today(settings, as_of)
    figures = measure(settings, as_of=on, period=period, engine=engine)
    currency = read_settings(settings.folder).currency
    answer = {
        "as_of": on,
        "period": period or "history",
        "currency": currency,
        "metrics": [figure_as_json(figure) for figure in figures],
    }
    session.finish(answer, lambda: session.write(as_table(figures, session.reader(settings))))


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
