"""Writing in the log of outside events: noted, looked at again, taken away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.store import outside_notes

if TYPE_CHECKING:
    from holdfast.settings import Settings

LONGEST_TITLE = 200
LONGEST_REVIEW = 2_000


def note_event(
    settings: Settings,
    title: str,
    start: date,
    until: date | None = None,
    country: str = "",
    *,
    by: str,
    now_us: int,
) -> int:
    """Note what happened around us; its number. Refuses (``bad_outside_event``) what cannot be one."""
    title, country = title.strip(), country.strip().upper()
    if not title or len(title) > LONGEST_TITLE:
        raise _bad(
            Text("The event has no name, or one that is too long."),
            Text("Write in at most {n} letters what happened.", n=LONGEST_TITLE),
        )
    if until is not None and until < start:
        raise _bad(Text("It ends before it begins."), Text("Give an end on or after the first day, or none."))
    if country and (len(country) != 2 or not country.isascii() or not country.isalpha()):
        raise _bad(
            Text("{name} is no country.", name=country),
            Text("Write the two letters of a country, as RO, or nothing for everywhere."),
        )
    return outside_notes.add(settings, title, start, until, country, by=by, now_us=now_us)


def review(settings: Settings, number: int, words: str, *, by: str, now_us: int) -> None:
    """Keep what was decided when the strategy was looked at because of an event."""
    words = words.strip()
    if not words or len(words) > LONGEST_REVIEW:
        raise _bad(
            Text("Nothing was written, or too much."),
            Text(
                "Write in at most {n} letters what you decided, also that nothing changes.", n=LONGEST_REVIEW
            ),
        )
    if not outside_notes.review(settings, number, words, by=by, now_us=now_us):
        raise _gone()


def remove(settings: Settings, number: int) -> None:
    """Take an event out of the log."""
    if not outside_notes.remove(settings, number):
        raise _gone()


def _gone() -> Refusal:
    return Refusal(
        "no_such_outside_event",
        found=Text("There is no such event in the log."),
        expected=Text("An event that is in the log."),
        remedy=Text("Open the log again: somebody may have taken it away."),
    )


def _bad(found: Text, remedy: Text) -> Refusal:
    expected = Text("A name, a first day, and maybe a last day and a country.")
    return Refusal("bad_outside_event", found=found, expected=expected, remedy=remedy)
