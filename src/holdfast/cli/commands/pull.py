"""``holdfast pull``: rows of SQL databases, and what an API has changed, fetched on a schedule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.fetching import ACTIONS, check_named, finish_change, moment
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.collect.sources.pulls import SqlPull
    from holdfast.settings import Settings
    from holdfast.store.pulls import Pull

ORDER = 56


def _run(
    session: Session,
    action: str,
    named: str | None,
    database: str | None,
    query: str | None,
    kind: str,
    map_path: Path | None,
    cursor: str | None,
    every: int,
    yes: bool,
) -> None:
    check_named(session, "pull", action, named)
    settings, name = session.settings(), named or ""
    if action == "list":
        _list(session, settings)
    elif action == "add" and database:
        from holdfast.services.collect.sources.pulls import SqlPull, add_sql

        toml = map_path.read_text(encoding="utf-8") if map_path else ""
        wanted = _agreed(settings, SqlPull(database, query or "", kind, toml, cursor or ""), yes)
        _made(session, add_sql(settings, name, wanted, every_minutes=every, now=session.now()))
    elif action == "add":
        from holdfast.services.collect.sources.pulls import add_api

        _made(session, add_api(settings, name, every_minutes=every, now=session.now()))
    elif action == "run":
        _fetch(session, settings, name)
    else:
        _change(session, settings, name, action)


def _agreed(settings: Settings, wanted: SqlPull, yes: bool) -> SqlPull:
    """With columns that somebody has seen: the map that was given, or the guess that is taken."""
    from dataclasses import replace

    from holdfast.services.collect.sources.pulls import guessed

    if wanted.map_toml.strip():
        return wanted
    guess = guessed(settings, wanted)
    if yes:
        return replace(wanted, map_toml=guess)
    raise Refusal(
        "columns_not_confirmed",
        found=Text("The columns were guessed:\n\n{map}", map=guess),
        expected=Text("Guessed columns have to be seen by someone."),
        remedy=Text("Add --yes to take them, or save them as MAP.toml, mend them, and add --map MAP.toml."),
    )


def _made(session: Session, pull: Pull) -> None:
    said = Text("{name} is fetched from now on, by the worker.", name=pull.name)
    session.finish(_told(pull), lambda: session.tell(said))


def _list(session: Session, settings: Settings) -> None:
    from holdfast.store import pulls

    found = pulls.listed(settings)
    reader = session.reader(settings)
    rows = [
        (
            each.name,
            str(each.options.get("as") or each.kind),
            session.say(Text("{n} minute", "{n} minutes", n=each.every_minutes)),
            session.say(Text("on") if each.enabled else Text("off")),
            reader.moment(last) if (last := moment(each.last_us)) else "",
            "" if each.trouble is None else session.say(each.trouble),
        )
        for each in found
    ]
    session.finish({"pulls": [_told(each) for each in found]}, lambda: session.write(columns(rows)))


def _fetch(session: Session, settings: Settings, name: str) -> None:
    """One now, or (without a name) all that are due."""
    from holdfast.services.collect.sources.pulls import run_due, run_one
    from holdfast.store import pulls

    if not name:
        run_due(settings, session.now())
        _list(session, settings)
        return
    pull = _found(settings, name)
    run_one(settings, pull, session.now())
    after = pulls.by_name(settings, name) or pull
    if after.trouble is not None:
        raise Refusal(
            "pull_failed",
            found=after.trouble,
            expected=Text("A database or service that answers."),
            remedy=Text("It is tried again by itself."),
        )
    said = ", ".join(f"{key} {value}" for key, value in (after.result or {}).items())
    session.finish(_told(after), lambda: session.write(said))


def _change(session: Session, settings: Settings, name: str, action: str) -> None:
    from holdfast.store import pulls

    pull = _found(settings, name)
    if action == "remove":
        pulls.remove(settings, pull.id)
    else:
        pulls.enable(settings, pull.id, action == "on")
    finish_change(session, name, action)


def _found(settings: Settings, name: str) -> Pull:
    from holdfast.store import pulls

    pull = pulls.by_name(settings, name)
    if pull is not None:
        return pull
    raise Refusal(
        "unknown_pull",
        found=Text("Nothing called {name} is fetched on a schedule.", name=name),
        expected=Text("One of {names}.", names=", ".join(each.name for each in pulls.listed(settings))),
        remedy=Text("`holdfast pull list` lists them."),
    )


def _told(pull: Pull) -> dict[str, object]:
    return {
        "name": pull.name,
        "kind": pull.kind,
        "every_minutes": pull.every_minutes,
        "enabled": pull.enabled,
        "last_at": moment(pull.last_us),
        "result": pull.result,
        "trouble": pull.trouble,
    }


COMMAND = Command(
    "pull",
    Text("Fetch rows of a SQL database, or what a source's API has changed, on a schedule."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["named"], required=False, metavar="[NAME]"),
        Option(
            "--from",
            "database",
            words=Text("A SQL database: sqlite:///FILE or postgresql://..."),
            metavar="URL",
        ),
        Option("--query", words=Text("The rows to fetch."), metavar="SQL"),
        Option(
            "--as",
            "kind",
            words=Text("What a row is: orders, customers, subscriptions, ..."),
            default="orders",
            show_default=True,
            metavar="KIND",
        ),
        Option(
            "--map",
            "map_path",
            words=Text("Which column is which; otherwise they are guessed."),
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="MAP.toml",
        ),
        Option(
            "--cursor",
            words=Text("A column that only rises: then only what is new is read."),
            metavar="COLUMN",
        ),
        Option(
            "--every",
            words=Text("Minutes between two fetches; 1440 is once a day."),
            type=int,
            default=60,
            show_default=True,
            metavar="MINUTES",
        ),
        Option("--yes", words=Text("Take the guessed columns without asking."), is_flag=True),
    ],
)
