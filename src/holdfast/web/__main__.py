"""``python -m holdfast.web FOLDER HOST PORT LANGUAGE [WEB [WORKER]]``: what ``holdfast serve`` becomes."""

from __future__ import annotations

import sys
from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import say


def main(folder: str, host: str, port: str, language: str, web: str = "1", worker: str = "worker") -> int:
    """Serve until stopped; 1 when that was refused, with the reason on standard error.

    ``web`` is the number of web processes; ``worker`` is "worker", or anything else for none.
    """
    from holdfast.settings import read_settings
    from holdfast.web.serving import serve

    def tell(text: Text) -> None:
        print(say(text, language), file=sys.stderr, flush=True)

    try:
        settings = read_settings(Path(folder))
        with_worker = worker == "worker"
        return serve(settings, host, int(port), web_processes=int(web), worker=with_worker, tell=tell)
    except Refusal as refusal:
        for sentence in (refusal.found, refusal.expected, refusal.remedy):
            tell(sentence)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
