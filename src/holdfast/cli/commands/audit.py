"""``holdfast audit``: whether the trail of who saw and changed what is whole, and the way out of it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.store.audit_anchor import Anchor
    from holdfast.store.audit_check import Verified
    from holdfast.store.audit_reading import Noted

ORDER = 56


def _run(session: Session, action: str, kept: tuple[str, ...], to: Path | None) -> None:
    if action == "verify":
        _verify(session, kept)
    elif action == "head":
        _head(session)
    else:
        _export(session, to)


def _verify(session: Session, kept: tuple[str, ...]) -> None:
    from holdfast.store.audit_check import verify

    found = verify(session.settings(), also=[_anchor(each) for each in kept])
    if not found.whole:
        raise _tampered(found)
    session.finish(
        {"notes": found.notes, "whole": True, "head": f"{found.head.position}:{found.head.hash}"},
        lambda: session.tell(
            Text(
                "The trail is whole: {n} note, as it was written.",
                "The trail is whole: {n} notes, each as it was written.",
                n=found.notes,
            )
        ),
    )


def _tampered(found: Verified) -> Refusal:
    first = found.found[0]
    return Refusal(
        "audit_not_whole",
        found=first.words(),
        expected=Text(
            "A trail that nobody touched; {n} thing is wrong with this one.",
            "A trail that nobody touched; {n} things are wrong with this one.",
            n=len(found.found),
        ),
        remedy=Text("Compare it with a backup, and find out who could write to the database."),
    )


def _anchor(written: str) -> Anchor:
    from holdfast.store.audit_anchor import Anchor

    position, colon, hash_ = written.partition(":")
    if not colon or not position.isascii() or not position.isdecimal():
        raise click.UsageError(f"{written!r}: NUMBER:HASH")
    return Anchor(int(position), hash_.strip())


def _head(session: Session) -> None:
    from holdfast.store.audit_check import head

    found = head(session.settings())
    written = f"{found.position}:{found.hash}"
    session.finish({"head": written}, lambda: session.tell(Text("{head}", head=written)))


def _export(session: Session, to: Path | None) -> None:
    from holdfast.store import audit
    from holdfast.store.audit_reading import Wanted, everything

    if to is None and session.json:
        raise click.UsageError(session.say(Text("Say which file to write: --to FILE.")))
    settings = session.settings()
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    audit.note(settings, who=None, did="audit.exported", about="audit", now_us=now_us, via=audit.by_command())
    notes = everything(settings, Wanted())
    if to is None:
        _write(sys.stdout, notes)
        return
    with to.open("w", encoding="utf-8", newline="") as file:
        count = _write(file, notes)
    session.finish(
        {"file": str(to), "notes": count},
        lambda: session.tell(
            Text("{n} note in {file}.", "{n} notes in {file}.", n=count, file=str(to)),
        ),
    )


def _write(file: IO[str], notes: Iterator[Noted]) -> int:
    from holdfast.store.audit_reading import HEAD, cells

    write = csv.writer(file)
    write.writerow(HEAD)
    count = 0
    for count, note in enumerate(notes, 1):  # noqa: B007  (told afterwards)
        write.writerow(cells(note))
    return count


COMMAND = Command(
    "audit",
    Text("Check that the trail of who saw and who changed what is whole, or write it out."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["verify", "export", "head"])),
        Option(
            "--kept",
            words=Text("An end of the trail that was kept elsewhere, as head printed it."),
            multiple=True,
            metavar="NUMBER:HASH",
        ),
        Option(
            "--to",
            words=Text("The CSV file to write; without it, the terminal."),
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
        ),
    ],
)
