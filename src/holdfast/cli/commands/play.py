"""``holdfast play``: plays as files, launched, rehearsed, tried dry."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli import play_files, plays_tried, proofs, ready_plays
from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.domain.play_checks import Problem
    from holdfast.settings import Settings
    from holdfast.store.plays import KeptPlay

ORDER = 48
ACTIONS = (
    *("list", "show", "export", "import", "launch", "pause", "resume", "end", "dry-run", "rehearse"),
    *("enrol", "delete", "library", "take", "withdraw", "proof"),
)


def _run(
    session: Session,
    action: str,
    key: str,
    files: tuple[Path, ...],
    out: Path | None,
    customers: tuple[int, ...],
    days: int,
    stop: bool,
    twice: bool,
    number: int | None,
) -> None:
    given = _Given(key, files, out, customers, days, stop, twice, number)
    _ACTIONS[action](session, session.settings(), given)


@dataclass(frozen=True, slots=True)
class _Given:
    """What stands on the command line after the action."""

    named: str
    files: tuple[Path, ...]
    out: Path | None
    customers: tuple[int, ...]
    days: int
    stop: bool
    twice: bool
    number: int | None

    @property
    def key(self) -> str:
        """The key that is named; refuses where none is."""
        if not self.named:
            raise _missing(Text("KEY"))
        return self.named

    def play(self, settings: Settings) -> KeptPlay:
        """The play that is named; refuses where none is."""
        from holdfast.services.act.plays.define import find

        return find(settings, self.key)


def _missing(what: Text) -> Refusal:
    return Refusal(
        "missing_argument",
        found=Text("{what} is missing.", what=what),
        expected=Text("For example {example}.", example="`holdfast play show rescue_failed_payment`"),
        remedy=Text("Give it and try again; nothing was changed."),
    )


def _list(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.domain.plays import STATES
    from holdfast.store import plays, plays_reading

    counted = plays_reading.counts(settings)
    found = plays.listed(settings)
    none = plays_reading.Counts()

    def show() -> None:
        if not found:
            session.tell(Text("There are no plays yet."))
            return
        head = [
            session.say(each)
            for each in (Text("Key"), Text("Title"), Text("State"), Text("Under way"), Text("Goals"))
        ]
        rows = [
            (
                each.key,
                each.title,
                session.say(STATES[each.state]),
                str(counted.get(each.id, none).under_way),
                str(counted.get(each.id, none).goals),
            )
            for each in found
        ]
        session.write(columns([tuple(head), *rows], numbers=frozenset({3, 4})))

    session.finish({"plays": [_told(each, counted.get(each.id, none)) for each in found]}, show)


def _show(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import checks, define
    from holdfast.store import plays_reading

    play = given.play(settings)
    version = define.version_of(settings, play)
    found = checks.problems(settings, define.ready_of(version), session.now())
    counted = plays_reading.counts(settings).get(play.id, plays_reading.Counts())

    def show() -> None:
        session.write(json.dumps(version.content, ensure_ascii=False, indent=2))
        _tell_problems(session, found)

    answer = _told(play, counted) | {"content": version.content, "problems": [_problem(e) for e in found]}
    session.finish(answer, show)


def _export(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import define

    play = given.play(settings)
    written = json.dumps(define.version_of(settings, play).content, ensure_ascii=False, indent=2) + "\n"
    if given.out is None:
        session.finish({"content": json.loads(written)}, lambda: session.write(written.rstrip()))
        return
    given.out.write_text(written, encoding="utf-8")
    words = Text("Written to {file}.", file=str(given.out))
    session.finish({"file": str(given.out)}, lambda: session.tell(words))


def _import(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays.define import take

    if not given.files:
        raise _missing(Text("--file"))
    read = play_files.read_all(given.files)
    taken = [take(settings, each, by=who(), now=session.now(), number=given.number) for each in read]

    def show() -> None:
        for play, new in taken:
            number = str(play.number)
            if new:
                session.tell(Text("{key}: a new draft.", key=play.key))
            else:
                session.tell(Text("{key}: version {number}, not launched yet.", key=play.key, number=number))

    session.finish(
        {"plays": [{"key": play.key, "new": new, "number": play.number} for play, new in taken]}, show
    )


def _launch(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays.launch import launch

    play = given.play(settings)
    done = launch(settings, play, number=play.number, by=who(), now=session.now(), although_twice=given.twice)

    def show() -> None:
        _tell_problems(session, done.problems)
        if done.outcome == "waits":
            session.tell(
                Text(
                    "It is about {n} customer: a second person has to launch it too.",
                    "It is about {n} customers: a second person has to launch it too.",
                    n=done.customers,
                )
            )
        else:
            session.tell(Text("The play runs."))

    answer = {"outcome": done.outcome, "customers": done.customers}
    session.finish(answer | {"problems": [_problem(each) for each in done.problems]}, show)


def _withdraw(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import launch

    play = given.play(settings)
    launch.withdraw(settings, play, number=play.number, by=who())
    words = Text("It is not launched; whoever wants it asks again.")
    session.finish({"state": play.state}, lambda: session.tell(words))


def _pause(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import launch

    launch.pause(settings, given.play(settings), now=session.now())
    session.finish({"state": "paused"}, lambda: session.tell(Text("The play is paused.")))


def _resume(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import launch

    launch.resume(settings, given.play(settings), now=session.now())
    session.finish({"state": "running"}, lambda: session.tell(Text("The play runs.")))


def _end(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import launch

    stopped = launch.end(settings, given.play(settings), stop=given.stop, now=session.now())
    words = Text("The play is ended.")
    session.finish({"state": "ended", "stopped": stopped}, lambda: session.tell(words))


def _enrol(session: Session, settings: Settings, given: _Given) -> None:
    import numpy as np

    from holdfast.services.act.plays.by_hand import enrol_by_hand

    if not given.customers:
        raise _missing(Text("--customer"))
    units = np.array(given.customers, np.int64)
    done = enrol_by_hand(settings, given.play(settings), units, by=who(), now=session.now())
    words = Text(
        "{n} customer entered, {held} held out.",
        "{n} customers entered, {held} held out.",
        n=done.treated,
        held=done.held_out,
    )
    session.finish({"treated": done.treated, "held_out": done.held_out}, lambda: session.tell(words))


def _delete(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.act.plays import define

    play = given.play(settings)
    define.delete(settings, play, number=play.number)
    session.finish({"deleted": play.key}, lambda: session.tell(Text("{key} is deleted.", key=play.key)))


def _told(play: KeptPlay, counted: Any) -> dict[str, Any]:
    return {
        "key": play.key,
        "title": play.title,
        "state": play.state,
        "purpose": play.purpose,
        "priority": play.priority,
        "number": play.number,
        "running": play.running,
        "launched_at": _at(play.launched_us),
        "under_way": counted.under_way,
        "held_out": counted.held_out,
        "goals": counted.goals,
    }


def _at(moment_us: int | None) -> datetime | None:
    return None if moment_us is None else datetime.fromtimestamp(moment_us / 1_000_000, UTC)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "words": str(problem.words),
        "step": problem.step,
        "stops": problem.stops,
    }


def _tell_problems(session: Session, found: Any) -> None:
    for each in found:
        place = f"{each.step}: " if each.step else ""
        session.write(f"{'!' if each.stops else '–'} {place}{session.say(each.words)}")


_ACTIONS: dict[str, Callable[[Session, Settings, _Given], None]] = {
    "list": _list,
    "show": _show,
    "export": _export,
    "import": _import,
    "launch": _launch,
    "pause": _pause,
    "resume": _resume,
    "end": _end,
    "dry-run": lambda session, settings, given: plays_tried.dry_run(session, settings, given.play(settings)),
    "rehearse": lambda session, settings, given: plays_tried.rehearse(
        session, settings, given.play(settings), given.days
    ),
    "enrol": _enrol,
    "delete": _delete,
    "proof": lambda session, settings, given: proofs.tell(session, settings, given.play(settings)),
    "library": lambda session, settings, given: ready_plays.tell(session),
    "withdraw": _withdraw,
    "take": lambda session, settings, given: ready_plays.take(session, settings, given.key),
}

COMMAND = Command(
    "play",
    Text("List plays, bring them as files, try them dry, rehearse them on the past, launch and end them."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["key"], required=False, default="", metavar="KEY"),
        Option(
            "--file",
            "files",
            words=Text("A file with a play, to be kept as a draft; may be given several times."),
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            multiple=True,
            metavar="FILE",
        ),
        Option(
            "--out",
            words=Text("Where the play is written to; without, it is printed."),
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
        ),
        Option(
            "--customer",
            "customers",
            words=Text("The number of a customer to be enrolled; may be given several times."),
            type=click.IntRange(min=1),
            multiple=True,
            metavar="ID",
        ),
        Option(
            "--days",
            words=Text("On how many past days it is rehearsed."),
            type=click.IntRange(min=1, max=364),
            default=364,
            show_default=True,
        ),
        Option("--stop", words=Text("Stop those who are under way too."), is_flag=True),
        Option(
            "--although-twice",
            "twice",
            words=Text("Launch it though another play tells customers of the same change of ours."),
            is_flag=True,
        ),
        Option(
            "--number",
            words=Text("The version that the file was made of: what was changed since is not written over."),
            type=click.IntRange(min=1),
            metavar="N",
        ),
    ],
)
