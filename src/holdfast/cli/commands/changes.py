"""``holdfast changes``: changes of ours entered from files, their customers found, their plays made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 49
ACTIONS = ("list", "show", "enter", "correct", "find", "play", "tell-later", "remove")


def _run(session: Session, action: str, key: str, file: Path | None) -> None:
    _ACTIONS[action](session, session.settings(), key, file)


def _list(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import progress, written

    found = progress.standings(settings, session.now())

    def show() -> None:
        head = tuple(
            session.say(each)
            for each in (Text("Key"), Text("Title"), Text("State"), Text("Concerned"), Text("Told"))
        )
        rows = [
            (
                each.change.key,
                each.change.title,
                session.say(progress.STAGES[each.stage]),
                str(each.concerned.customers),
                str(each.concerned.told),
            )
            for each in found
        ]
        session.write(columns([head, *rows], numbers=frozenset({3, 4})))

    session.finish({"changes": [written.answer(each, settings.currency) for each in found]}, show)


def _show(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    _tell(session, settings, key)


def _enter(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import concerned, entering, written

    said, now = written.read(_text(file)), session.now()
    kept = entering.enter(settings, said, by=who(), now=now)
    concerned.draw_up(settings, kept, now)
    _tell(session, settings, kept.key)


def _correct(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import concerned, entering, written

    kept, now = entering.find(settings, key), session.now()
    said = written.read(_text(file))
    entering.correct(settings, kept, said, read_us=kept.changed_us, now=now)
    concerned.draw_up(settings, entering.find(settings, key), now)
    _tell(session, settings, key)


def _find(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import concerned, entering

    concerned.draw_up(settings, entering.find(settings, key), session.now())
    _tell(session, settings, key)


def _play(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import entering, playing

    kept = entering.find(settings, key)
    made = playing.make_play(settings, kept, session.language, session.say, by=who(), now=session.now())
    said = Text("{key}: a draft. Launch it with `holdfast play launch {key}`.", key=made.key)
    session.finish({"key": kept.key, "play": made.key, "number": made.number}, lambda: session.tell(said))


def _tell_later(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import entering, later

    done = later.tell_later(settings, entering.find(settings, key), by=who(), now=session.now())
    entered = done.treated + done.held_out
    said = Text("{n} customer entered the play.", "{n} customers entered the play.", n=entered)
    answer = {"key": key, "entered": entered, "held_out": done.held_out}
    session.finish(answer, lambda: session.tell(said))


def _remove(session: Session, settings: Settings, key: str, file: Path | None) -> None:
    from holdfast.services.act.changes import entering

    entering.delete(settings, entering.find(settings, key))
    session.finish({"key": key, "deleted": True}, lambda: session.tell(Text("It is forgotten.")))


def _tell(session: Session, settings: Settings, key: str) -> None:
    """One change with what came of it."""
    from holdfast.services.act.changes import entering, progress, written

    found = progress.standing(settings, entering.find(settings, key), session.now())
    came = progress.progress(settings, found)

    def show() -> None:
        session.tell(
            Text(
                "{key}: {stage}; it concerns {n} customer, {told} told.",
                "{key}: {stage}; it concerns {n} customers, {told} told.",
                key=found.change.key,
                stage=progress.STAGES[found.stage],
                n=found.concerned.customers,
                told=found.concerned.told,
            )
        )

    session.finish(written.answer(found, settings.currency, came), show)


def _text(file: Path | None) -> str:
    try:
        if file is not None:
            return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        pass
    raise Refusal(
        "bad_file",
        found=Text("There is no change in {file}.", file=str(file or '""')),
        expected=Text("A file with a change as JSON, named with --file."),
        remedy=Text("See docs/how-to/announce-a-change.md; nothing was changed."),
    )


_ACTIONS: dict[str, Callable[[Session, Settings, str, Path | None], None]] = {
    "list": _list,
    "show": _show,
    "enter": _enter,
    "correct": _correct,
    "find": _find,
    "play": _play,
    "tell-later": _tell_later,
    "remove": _remove,
}

COMMAND = Command(
    "changes",
    Text("Enter changes of ours, find whom they concern, make the plays that tell them, see what came."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["key"], required=False, default="", metavar="KEY"),
        Option(
            "--file",
            words=Text("A file with the change as JSON."),
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
        ),
    ],
)
