"""What a contact calendar is made of: what goes to whom on which day, and how often segments hear of us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from holdfast.domain.texts import Text

EntryKind = Literal[
    "broadcast", "newsletter", "schedule", "date", "greeting", "birthday", "anniversary", "holiday", "own"
]
ENTRY_KINDS: Mapping[EntryKind, Text] = {
    "broadcast": Text("Broadcast"),
    "newsletter": Text("Newsletter"),
    "schedule": Text("By the schedule"),
    "date": Text("On a date"),
    "greeting": Text("Greeting"),
    "birthday": Text("Birthdays"),
    "anniversary": Text("Anniversaries of the first order"),
    "holiday": Text("Holiday"),
    "own": Text("A date of our own"),
}
"""What may be on a day."""

OwnKind = Literal["event", "education", "other"]
OWN_KINDS: Mapping[OwnKind, Text] = {
    "event": Text("Event"),
    "education": Text("Course or lesson"),
    "other": Text("Something else"),
}
OWN: tuple[OwnKind, ...] = get_args(OwnKind)

AHEAD_DAYS = 30
"""For so many days the gaps are looked for."""
LONGEST_DAYS = 92
"""A segment hears of us at least once in so many days, or its plan is none."""
BIRTHDAYS = ("birthday", "birth_date", "birthdate", "date_of_birth", "dob", "birthDate", "dateOfBirth")
"""Traits that name the day on which somebody was born."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day. ``key`` is that of the play, of a date of our own its number.

    ``customers`` is to how many it goes, ``None`` where that is not known; ``state`` is that of the play.
    ``pressing`` says that somebody has to do something before the day, ``note`` what.
    """

    day: date
    kind: EntryKind
    title: str
    key: str = ""
    channel: str = ""
    customers: int | None = None
    state: str = ""
    note: Text | None = None
    pressing: bool = False
    countries: tuple[str, ...] = ()
