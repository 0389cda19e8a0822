"""Ready plays on the command line: which there are, and one of them taken over as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.cli.session import Session
    from holdfast.settings import Settings


def tell(session: Session) -> None:
    """List the ready plays: whom each meets, and what it is called."""
    from holdfast.services.act.plays import library

    language = session.language

    def show() -> None:
        head = tuple(session.say(each) for each in (Text("Key"), Text("For"), Text("Title")))
        rows = [
            (each.key, each.signal or ", ".join(each.meets), each.title(language)) for each in library.every()
        ]
        session.write(columns([head, *rows]))

    plays = [
        {
            "key": each.key,
            "meets": list(each.meets),
            "signal": each.signal,
            "title": each.title(language),
            "description": each.description(language),
            "languages": list(each.languages),
        }
        for each in library.every()
    ]
    session.finish({"plays": plays}, show)


def take(session: Session, settings: Settings, key: str) -> None:
    """Keep a ready play as a draft."""
    from holdfast.services.act.plays.adopting import take_over

    kept = take_over(settings, key, session.language, session.say, by=who(), now=session.now())
    answer = {"key": kept.key, "title": kept.title, "number": kept.number}
    session.finish(answer, lambda: session.tell(Text("{key}: a new draft.", key=kept.key)))
