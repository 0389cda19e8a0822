"""The command line: parse, call one service, print.

One file per command in :mod:`holdfast.cli.commands`. Nothing heavy is imported before a command
runs, so that ``holdfast --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``holdfast`` with ``arguments`` (those of the process by default) and end the process.

    Ends with 0 when the command did what it was asked, 1 when it could not, 2 when the words of
    the command line were not understood, 130 when a person stopped it.
    """
    from holdfast.cli.outcome import answer

    sys.exit(answer(sys.argv[1:] if arguments is None else list(arguments)))
