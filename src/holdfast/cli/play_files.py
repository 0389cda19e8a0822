"""Plays in files for the command line: each is read to its end before anything of any is kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text


def read_all(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The plays of some files. Refuses ("bad_file", "bad_play") where one of them holds none."""
    return [_read(each) for each in files]


def _read(file: Path) -> dict[str, Any]:
    from holdfast.services.act.plays.written import read, written_as

    try:
        return written_as(read(file.read_text(encoding="utf-8-sig")).play)
    except UnicodeDecodeError as error:
        found = Text("There is no play in {file}: it is not written in UTF-8.", file=str(file))
        raise _bad_file(found) from error
    except Refusal as refusal:
        if refusal.code != "bad_play":
            raise
        raise _bad_file(Text("{file}: {words}", file=str(file), words=refusal.found), refusal) from refusal


def _bad_file(found: Text, refusal: Refusal | None = None) -> Refusal:
    return Refusal(
        "bad_file" if refusal is None else refusal.code,
        found=found,
        expected=Text("A play as the documentation of plays describes it."),
        remedy=Text("Mend what stands there and try again; nothing was changed."),
    )
