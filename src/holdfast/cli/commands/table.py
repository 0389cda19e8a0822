"""``holdfast table``: honest risks from one labelled table, without a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfast.services.foresee.labelled_table import TableAnswer
    from holdfast.services.foresee.table_columns import Remark

ORDER = 55


def _run(
    session: Session,
    file: Path,
    target: str,
    positive: str | None,
    id_column: str | None,
    keep: tuple[str, ...],
    by_date: str | None,
    out: Path | None,
    folds: int,
    repeats: int | None,
    seed: int,
) -> None:
    from holdfast.services.foresee.labelled_table import Asked, score_table

    asked = Asked(file, target, positive, id_column, out, keep, folds, repeats, seed, by_date)
    with session.progress() as progress:
        found = score_table(asked, session.reader(), progress)
    session.finish(found.as_json(), lambda: _show(session, found))


def _show(session: Session, found: TableAnswer) -> None:
    session.tell(
        Text(
            "{n} row with an outcome, {left} left.",
            "{n} rows with an outcome, {left} left.",
            n=found.rows,
            left=found.left,
        )
    )
    session.write(_figures(session, found))
    _remarks(session, Text("Left out because they leak the answer:"), found.prepared.leaks)
    _remarks(session, Text("Left out because there is nothing to learn from them:"), found.prepared.dropped)
    for note in found.notes:
        session.tell(note.words)
    session.tell(_division(found))
    session.tell(Text("Risks and drivers of each row: {file}", file=str(found.scores_file)))
    session.tell(Text("Report: {file}", file=str(found.report)))


def _division(found: TableAnswer) -> Text:
    if found.prepared.by_date is not None:
        return Text(
            "Tested on {n} later row, each foreseen from earlier ones by {column}, seed {seed}.",
            "Tested on {n} later rows, each foreseen from earlier ones by {column}, seed {seed}.",
            n=found.tested,
            column=found.prepared.by_date,
            seed=found.plan.seed,
        )
    return Text(
        "Divided into {folds} parts, {repeats} times over, seed {seed}.",
        folds=found.plan.folds,
        repeats=found.plan.repeats,
        seed=found.plan.seed,
    )


def _figures(session: Session, found: TableAnswer) -> str:
    from holdfast.services.foresee.table_words import MEASURE_NAMES, MODEL_NAMES

    reader = session.reader()
    rows = [("", *(session.say(name) for name in MEASURE_NAMES.values()))]
    for name, graded in {"model": found.model, **found.rivals}.items():
        values = (graded.values[measure] for measure in MEASURE_NAMES)
        figures = ("–" if value is None else reader.number(value, 3) for value in values)
        rows.append((session.say(MODEL_NAMES[name]), *figures))
    return columns(rows, numbers=frozenset(range(1, 6)))


def _remarks(session: Session, heading: Text, remarks: Sequence[Remark]) -> None:
    if not remarks:
        return
    session.tell(heading)
    for remark in remarks:
        session.write(f"  {remark.column}: {session.say(remark.why)}")


COMMAND = Command(
    "table",
    Text("Foresee from one table of your own, tested honestly beside plain rivals; needs no workspace."),
    _run,
    [
        click.Argument(["file"], type=click.Path(path_type=Path), metavar="FILE"),
        Option("--target", words=Text("The column that says who left."), required=True, metavar="COLUMN"),
        Option(
            "--positive",
            words=Text(
                "The value that means left, or a condition such as '>0'; found out where it is plain."
            ),
            metavar="VALUE",
        ),
        Option(
            "--id",
            "id_column",
            words=Text("The column that says whose row it is; rows of one id are kept together."),
            metavar="COLUMN",
        ),
        Option(
            "--keep",
            words=Text("Learn from this column although it seems to leak; may be repeated."),
            multiple=True,
            metavar="COLUMN",
        ),
        Option(
            "--by-date",
            words=Text("The column with the day of each row: earlier rows teach, later ones test."),
            metavar="COLUMN",
        ),
        Option(
            "--out",
            words=Text("The folder for scores.csv and report.html; otherwise NAME-foreseen beside you."),
            type=click.Path(path_type=Path, file_okay=False),
            metavar="FOLDER",
        ),
        Option(
            "--folds",
            words=Text("Into how many parts the rows are divided."),
            type=click.IntRange(3, 20),
            default=5,
            show_default=True,
        ),
        Option(
            "--repeats",
            words=Text("How often they are divided anew; by the number of rows where not given."),
            type=click.IntRange(1, 50),
        ),
        Option(
            "--seed",
            words=Text("The same seed gives the same figures."),
            type=int,
            default=0,
            show_default=True,
        ),
    ],
)
