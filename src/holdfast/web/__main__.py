"""``python -m holdfast.web FOLDER HOST PORT LANGUAGE``: how the command line starts the pages.

It is a process of its own, so that whoever parses commands never imports a page.
"""

from __future__ import annotations

import sys
from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import say
from holdfast.settings import read_settings
from holdfast.web.serving import serve


def main(folder: str, host: str, port: str, language: str) -> int:
    """Serve until told to stop; 1 if that was refused."""

    def tell(text: Text) -> None:
        print(say(text, language), file=sys.stderr, flush=True)

    try:
        serve(read_settings(Path(folder)), host, int(port), tell=tell)
    except Refusal as refusal:
        for sentence in (refusal.found, refusal.expected, refusal.remedy):
            tell(sentence)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
