"""One call of the command line: which workspace, whose language, and how the answer is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.cli.progress import Showing
    from holdfast.language import Reader
    from holdfast.settings import Settings

ENGLISH = "en"


@dataclass(slots=True)
class Session:
    """What all commands share.

    ``json``: the answer is one JSON object on standard output and everything else goes to standard
    error. ``debug``: an unexpected error shows where it happened. ``folder`` is the workspace.
    """

    folder: Path
    json: bool = False
    debug: bool = False
    language: str = ENGLISH

    @classmethod
    def of(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> Session:
        """The session that ``arguments`` ask for, known before they are parsed.

        A mistake in the arguments has to be told in the right language and form as well, so these
        three are looked for by hand; the parser checks them again.
        """
        return cls(
            folder=Path(environment.get("HOLDFAST_WORKSPACE") or "."),
            json="--json" in arguments,
            debug="--debug" in arguments,
            language=_language_of(arguments, environment),
        )

    def say(self, text: Text) -> str:
        """The sentence in the reader's language."""
        if self.language == ENGLISH and not text.values:
            return text.msgid  # the page of help needs no catalogue to be English
        from holdfast.language import say

        return say(text, self.language)

    def tell(self, text: Text) -> None:
        """Print one sentence for a person; with ``--json`` it goes to standard error."""
        self.write(self.say(text))

    def write(self, line: str = "") -> None:
        """Print a line that is already in words; with ``--json`` it goes to standard error."""
        print(line, file=sys.stderr if self.json else sys.stdout)

    def finish(self, answer: Mapping[str, object], show: Callable[[], None]) -> None:
        """Give the answer: as one JSON object, or as ``show`` shows it to a person."""
        if self.json:
            from holdfast.cli.answers import as_json

            print(as_json(answer), flush=True)
        else:
            show()

    def settings(self) -> Settings:
        """The settings of the workspace, its database connected; refuses a folder that is none."""
        from holdfast import store
        from holdfast.settings import read_settings

        settings = read_settings(self.folder)
        store.connect(settings)
        return settings

    def reader(self, settings: Settings | None = None) -> Reader:
        """Who reads the answer; of a workspace, in its time zone and calendar."""
        from holdfast.language import Reader

        if settings is None:
            return Reader(self.language)
        return Reader(self.language, settings.zone, settings.calendar)

    def now(self) -> datetime:
        """The actual present; a demo workspace has its own, which services look up."""
        return datetime.now(UTC)

    @contextmanager
    def progress(self) -> Iterator[Showing]:
        """Shows how far the work is: bars on a terminal, plain lines elsewhere, on standard error."""
        from holdfast.cli.progress import shown

        with shown(self.say, terminal=sys.stderr.isatty()) as progress:
            yield progress


def _language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The code after ``--language``, else that of the environment, else English."""
    for position, argument in enumerate(arguments):
        if argument == "--language" and position + 1 < len(arguments):
            return _known(arguments[position + 1])
        if argument.startswith("--language="):
            return _known(argument.partition("=")[2])
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return _known(value)
    return ENGLISH


def _known(code: str) -> str:
    """``fa_IR.UTF-8`` -> ``fa`` where there is a catalogue for it, else English."""
    short = code.replace("-", "_").split("_")[0].split(".")[0].lower()
    if short in ("", "c", "posix", ENGLISH):
        return ENGLISH
    from holdfast.language import languages

    return short if short in languages() else ENGLISH


def environment() -> Mapping[str, str]:
    """The variables of the process."""
    return os.environ
