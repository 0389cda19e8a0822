"""Guessed columns are shown and asked for; where nobody can answer, the map to save is printed."""

from __future__ import annotations

import sys
from collections.abc import Callable

from holdfast.cli.answers import columns
from holdfast.cli.progress import Showing
from holdfast.cli.session import Session
from holdfast.connectors.map_toml import map_as_toml
from holdfast.domain.imports import ColumnMap, Guess
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text


def chooser(session: Session, progress: Showing, *, agreed: bool) -> Callable[[Guess], ColumnMap | None]:
    """What an import asks when it was given no map.

    ``agreed`` (``--yes``) takes the guess. A person at a terminal is shown it and asked, the
    ``progress`` put aside meanwhile. Elsewhere
    (a pipe, a job, ``--json``) it is refused with the guess as a map to save, since nobody has seen it.
    """

    def choose(guess: Guess) -> ColumnMap | None:
        if agreed:
            return guess.map
        if session.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise unseen(guess)
        with progress.aside():
            return _ask(session, guess)

    return choose


def unseen(guess: Guess) -> Refusal:
    """The refusal that carries the guess as TOML."""
    return Refusal(
        "columns_not_confirmed",
        found=Text("The columns were guessed:\n\n{map}", map=map_as_toml(guess.map)),
        expected=Text("Guessed columns have to be seen by someone."),
        remedy=Text("Add --yes to take them, or save them as MAP.toml, mend them, and add --map MAP.toml."),
    )


def _ask(session: Session, guess: Guess) -> ColumnMap | None:
    """The guess if the person says yes, ``None`` if not: the map to mend is printed then."""
    import click

    print(session.say(Text("These columns were guessed:")), file=sys.stderr)
    rows = [
        ("  " + name, "<-", source, session.say(Text("(not sure)")) if name in guess.unsure else "")
        for name, source in {**guess.map.columns, **guess.map.derive}.items()
    ]
    print(columns(rows), file=sys.stderr)
    if click.confirm(session.say(Text("Take them?")), default=not guess.unsure, err=True):
        return guess.map
    print(
        session.say(Text("Save these lines as MAP.toml, mend them, and add --map MAP.toml:")), file=sys.stderr
    )
    print("\n" + map_as_toml(guess.map), file=sys.stderr)
    return None
