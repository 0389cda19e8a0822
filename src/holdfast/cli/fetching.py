"""What the commands about pulls and written scores share: their actions, and how they answer."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ACTIONS = ("list", "add", "run", "on", "off", "remove")


def check_named(session: Session, command: str, action: str, named: str | None) -> None:
    """Refuse an action about one thing that is not named."""
    if action not in ("list", "run") and not named:
        said = Text("Say which: holdfast {command} {action} NAME.", command=command, action=action)
        raise click.UsageError(session.say(said))


def finish_change(session: Session, name: str, action: str) -> None:
    """Say what became of something that was switched or removed."""
    said = {
        "on": Text("{name} is switched on.", name=name),
        "off": Text("{name} is switched off.", name=name),
        "remove": Text("{name} is removed; what it brought stays.", name=name),
    }[action]
    session.finish({"name": name, "action": action}, lambda: session.tell(said))


def moment(at_us: int | None) -> datetime | None:
    """Microseconds as a moment."""
    return None if at_us is None else datetime.fromtimestamp(at_us / 1_000_000, UTC)
