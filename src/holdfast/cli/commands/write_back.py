"""``holdfast write-back``: the risks in a table of a SQL database of the company's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.fetching import ACTIONS, check_named, finish_change, moment
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 57


def _run(session: Session, action: str, named: str | None, database: str | None, table: str) -> None:
    check_named(session, "write-back", action, named)
    settings, name = session.settings(), named or ""
    if action == "list":
        _list(session, settings)
    elif action == "add":
        from holdfast.services.foresee.write_back import add_target

        add_target(settings, name, url=database or "", table=table, now=session.now())
        said = Text("After each run the risks are written to {table}.", table=table)
        session.finish({"name": name, "table": table}, lambda: session.tell(said))
    elif action == "run":
        _write(session, settings, name)
    else:
        _change(session, settings, name, action)


def _list(session: Session, settings: Settings) -> None:
    from holdfast.store import score_targets

    found = score_targets.listed(settings)
    answer = [
        {
            "name": each.name,
            "table": each.table,
            "enabled": each.enabled,
            "last_at": moment(each.last_us),
            "rows": each.rows,
            "trouble": each.trouble,
        }
        for each in found
    ]
    rows = [
        (
            each.name,
            each.table,
            session.say(Text("on") if each.enabled else Text("off")),
            "" if each.rows is None else str(each.rows),
            "" if each.trouble is None else session.say(each.trouble),
        )
        for each in found
    ]
    session.finish({"targets": answer}, lambda: session.write(columns(rows, numbers=frozenset({3}))))


def _write(session: Session, settings: Settings, name: str) -> None:
    from holdfast.services.foresee.write_back import write_back

    done = write_back(settings, session.now(), only=name)
    answer = [
        {"name": each.name, "table": each.table, "rows": each.rows, "trouble": each.trouble} for each in done
    ]
    rows = [
        (
            each.name,
            each.table,
            "" if each.rows is None else str(each.rows),
            "" if each.trouble is None else session.say(each.trouble),
        )
        for each in done
    ]
    session.finish({"written": answer}, lambda: session.write(columns(rows, numbers=frozenset({2}))))


def _change(session: Session, settings: Settings, name: str, action: str) -> None:
    from holdfast.store import score_targets

    found = {each.name: each for each in score_targets.listed(settings)}
    if name not in found:
        raise Refusal(
            "unknown_target",
            found=Text("Scores are written to no place called {name}.", name=name),
            expected=Text("One of {names}.", names=", ".join(found)),
            remedy=Text("`holdfast write-back list` lists them."),
        )
    if action == "remove":
        score_targets.remove(settings, found[name].id)
    else:
        score_targets.enable(settings, found[name].id, action == "on")
    finish_change(session, name, action)


COMMAND = Command(
    "write-back",
    Text("Write the risks to a table of your own SQL database: after each run, and now."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["named"], required=False, metavar="[NAME]"),
        Option(
            "--to",
            "database",
            words=Text("A SQL database: sqlite:///FILE or postgresql://..."),
            metavar="URL",
        ),
        Option(
            "--table",
            words=Text("The table that scores are written to."),
            default="holdfast_scores",
            show_default=True,
            metavar="TABLE",
        ),
    ],
)
