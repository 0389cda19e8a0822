"""``holdfast reasons``: how the company does by each reason for which customers leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Share, Text

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.services.understand.graded import MeasureRow, ReasonRow
    from holdfast.settings import Settings
    from holdfast.store.reason_grades import Behind

ORDER = 47
ACTIONS = ("list", "show")


def _run(session: Session, action: str, name: str, limit: int) -> None:
    _ACTIONS[action](session, session.settings(), name, limit)


def _list(session: Session, settings: Settings, name: str, limit: int) -> None:
    from holdfast.services.understand.graded import reasons

    found = reasons(settings)
    reader = session.reader(settings)

    def show() -> None:
        if not found:
            session.tell(Text("Nothing was graded yet: `{command}` does it.", command="holdfast run"))
            return
        session.write(columns([_line(row, reader) for row in found]))

    session.finish({"reasons": [as_answer(row) for row in found]}, show)


def _show(session: Session, settings: Settings, name: str, limit: int) -> None:
    from holdfast.services.understand.graded import behind, one

    row = one(settings, name)
    if row is None:
        raise Refusal(
            "no_such_reason",
            found=Text("There is no graded reason {name}.", name=name[:80]),
            expected=Text("One of those that `{command}` lists.", command="holdfast reasons list"),
            remedy=Text("Give its name, or run `holdfast run` first."),
        )
    people = behind(settings, name, limit=limit)
    reader = session.reader(settings)

    def show() -> None:
        session.tell(row.reason.title)
        session.tell(row.reason.meaning)
        session.tell(row.reason.first)
        session.write(columns([_measure_line(each, reader) for each in row.measures]))
        session.write(columns([(str(each.unit_id), each.name, str(each.yearly_minor)) for each in people]))

    session.finish(as_answer(row) | {"behind": [_person(each) for each in people]}, show)


def as_answer(row: ReasonRow) -> dict[str, Any]:
    """A reason as other programs read it."""
    return {
        "reason": row.reason.name,
        "title": row.reason.title,
        "grade": row.grade,
        "trend": row.trend,
        "decided_by": None if row.decided_by is None else row.decided_by.graded.name,
        "customers": row.customers,
        "money_minor": row.money_minor,
        "currency": row.currency,
        "losses": row.losses,
        "losses_money_minor": row.losses_money_minor,
        "as_of": row.day,
        "first": row.reason.first,
        "measures": [_measure(each) for each in row.measures],
    }


def _measure(row: MeasureRow) -> dict[str, Any]:
    graded, change = row.graded, row.graded.change
    low, high = graded.now.interval
    return {
        "measure": graded.name,
        "title": row.title,
        "formula": row.formula,
        "grade": graded.grade,
        "may_also_be": list(graded.may_also_be),
        "hits": graded.now.hits,
        "of": graded.now.of,
        "low": low,
        "high": high,
        "weak_from": graded.weak_from,
        "bad_from": graded.bad_from,
        "change": None if change is None else change.value,
        "change_low": None if change is None else change.low,
        "change_high": None if change is None else change.high,
        "events": list(row.need.events),
        "files": list(row.need.files),
    }


def _person(each: Behind) -> dict[str, Any]:
    return {
        "unit_id": each.unit_id,
        "name": each.name,
        "measures": list(each.measures),
        "yearly_minor": each.yearly_minor,
    }


def _line(row: ReasonRow, reader: Reader) -> tuple[str, ...]:
    from holdfast.analytics.reason_grading import GRADES

    decided = row.decided_by
    part = decided.graded.now.share if decided is not None and decided.graded.now.enough else None
    share = "" if part is None else reader.share(part)
    return (row.reason.name, reader.say(GRADES[row.grade]), share, reader.say(row.reason.title))


def _measure_line(row: MeasureRow, reader: Reader) -> tuple[str, ...]:
    from holdfast.analytics.reason_grading import GRADES

    low, high = row.graded.now.interval
    counted = reader.say(
        Text("{n} of {all} customers", "{n} of {all} customers", n=row.graded.now.hits, all=row.graded.now.of)
    )
    enough = row.graded.now.enough
    likely = reader.say(Text("{low} to {high}", low=Share(low), high=Share(high))) if enough else ""
    return (reader.say(GRADES[row.graded.grade]), counted, likely, reader.say(row.title))


_ACTIONS: dict[str, Callable[[Session, Settings, str, int], None]] = {"list": _list, "show": _show}

COMMAND = Command(
    "reasons",
    Text("See how the company does by each reason why customers leave, and who is behind it."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["name"], required=False, default="", metavar="NAME"),
        Option(
            "--limit",
            words=Text("How many customers to list."),
            type=click.IntRange(min=1, max=1_000),
            default=20,
            show_default=True,
        ),
    ],
)
