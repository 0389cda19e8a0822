"""``holdfast suppression``: addresses to which nothing may go, listed, added, imported, taken off."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.suppression import Entry

ORDER = 55


def _run(session: Session, action: str, wanted: tuple[str, ...], note: str, before: int, most: int) -> None:
    settings = session.settings()
    if action == "list":
        _list(session, settings, " ".join(wanted), before, most)
    elif len(wanted) != 1:
        raise click.UsageError(session.say(Text("Say which address, or which file.")))
    elif action == "add":
        _add(session, settings, wanted[0], note)
    elif action == "import":
        _import(session, settings, Path(wanted[0]))
    else:
        _remove(session, settings, wanted[0], note)


def _list(session: Session, settings: Settings, address: str, before: int, most: int) -> None:
    from holdfast.store import suppression

    found = suppression.listed(settings, limit=most, before=before or None, address=address)
    reader = session.reader(settings)
    rows = [
        (
            str(each.id),
            each.shown,
            _reason(session, each),
            reader.moment(_moment(each.at_us)),
            "" if each.lifted_us is None else session.say(Text("taken off")),
        )
        for each in found
    ]
    answer = {"counts": suppression.counts(settings), "addresses": [_told(each) for each in found]}
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({0}))))


def _add(session: Session, settings: Settings, address: str, note: str) -> None:
    from holdfast.services.act import suppressing

    new = suppressing.add(settings, address, note=note, by=who(), now_us=actual_us())
    said = Text("The address is on the list.") if new else Text("The address was on the list already.")
    session.finish({"added": int(new)}, lambda: session.tell(said))


def _import(session: Session, settings: Settings, file: Path) -> None:
    from holdfast.services.act import suppressing

    if not file.is_file():
        raise Refusal(
            "no_file",
            found=Text("{file} is no file.", file=str(file)),
            expected=Text("A CSV file with one address a line."),
            remedy=Text("Check the name; nothing was changed."),
        )
    found = suppressing.add_file(settings, file.read_bytes(), name=file.name, by=who(), now_us=actual_us())
    answer = {"added": found.added, "already": found.already, "wrong": found.wrong, "lines": found.lines}
    session.finish(
        answer,
        lambda: session.tell(
            Text(
                "{added} put on the list; {already} on it before, {wrong} without an address.",
                added=Text("{n} address was", "{n} addresses were", n=found.added),
                already=Text("{n} was", "{n} were", n=found.already),
                wrong=Text("{n} line", "{n} lines", n=found.wrong),
            )
        ),
    )


def _remove(session: Session, settings: Settings, wanted: str, note: str) -> None:
    from holdfast.services.act import suppressing
    from holdfast.store import suppression

    holding = [each for each in suppression.listed(settings, limit=100, address=wanted) if not each.lifted_us]
    number = holding[0].id if holding else int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    suppressing.lift(settings, number, note=note, by=who(), now_us=actual_us())
    session.finish(
        {"removed": 1}, lambda: session.tell(Text("The address is off the list. Its history stays."))
    )


def _reason(session: Session, each: Entry) -> str:
    from holdfast.store.suppression import REASON_WORDS

    words = REASON_WORDS.get(each.reason)  # type: ignore[call-overload]
    return session.say(words) if words is not None else each.reason


def _told(each: Entry) -> dict[str, object]:
    return {
        "id": each.id,
        "channel": each.channel,
        "shown": each.shown,
        "reason": each.reason,
        "note": each.note,
        "source": each.source,
        "since": _moment(each.at_us),
        "by": each.made_by,
        "removed_at": None if each.lifted_us is None else _moment(each.lifted_us),
        "removed_by": each.lifted_by,
        "removed_because": each.lifted_note,
    }


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command(
    "suppression",
    Text("List addresses to which nothing may go; add one, import a file of them, take one off."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["list", "add", "import", "remove"])),
        click.Argument(["wanted"], nargs=-1, metavar="[ADDRESS|FILE|NUMBER]"),
        Option("--note", words=Text("Why; to take one off it must be said."), default="", metavar="WORDS"),
        Option(
            "--before",
            words=Text("Only those with a smaller number: the next page."),
            type=click.IntRange(0),
            default=0,
            metavar="NUMBER",
        ),
        Option(
            "--most",
            words=Text("At most so many."),
            type=click.IntRange(1, 10_000),
            default=50,
            show_default=True,
        ),
    ],
)
