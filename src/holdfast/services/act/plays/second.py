"""A launch that waits for a second person: who may decide is told, and who asked hears what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.language.letters import Line, Way
from holdfast.services.act import staff_mail
from holdfast.services.act.staff_mail import StaffMail
from holdfast.settings import Settings
from holdfast.store import mail_choices, plays, staff
from holdfast.store.plays import KeptPlay, KeptVersion

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.store.staff import Colleague

ASKED = "play_asked"
"""The sort of the mails to who may decide, under which a person can switch them off."""

DECIDED = "play_decided"
"""The sort of the mails to who asked."""

MAY_DECIDE = frozenset({"admin", "manager"})
"""The roles that launch plays."""

_WHY_ASKED = Text("You get this because you may launch plays in Holdfast.")
_WHY_DECIDED = Text("You get this because you wanted a play launched in Holdfast.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A play whose launch waits, for whom of ours, and since when."""

    play: KeptPlay
    asked_by: str
    asked_us: int


def waiting_for(settings: Settings, me: str) -> list[Waiting]:
    """The launches that wait for somebody other than who asked, the longest first."""
    return [
        Waiting(play, version.asked_by, version.asked_us or 0)
        for play, version in plays.waiting(settings)
        if version.asked_by != me
    ]


def tell_who_decides(
    settings: Settings, play: KeptPlay, version: KeptVersion, customers: int, *, by: str
) -> int:
    """Ask for a mail to everybody who may launch it too, in the caller's transaction; how many."""
    unwilling = {person for person, wanted in mail_choices.who_wants(settings, ASKED).items() if not wanted}
    told = 0
    for person in staff.colleagues(settings):
        if person.role not in MAY_DECIDE or person.email == by or person.id in unwilling:
            continue
        lines = [
            Text("{person} wants it launched. It runs as soon as you launch it too.", person=by or "–"),
            Text("It is about {n} customer.", "It is about {n} customers.", n=customers),
        ]
        head = Text("A play waits for you: {play}", play=play.title)
        _write(settings, person, play, version, _Said(ASKED, head, lines, _WHY_ASKED, "launch"), by)
        told += 1
    return told


def tell_who_asked(
    settings: Settings, play: KeptPlay, version: KeptVersion, *, launched: bool, by: str
) -> bool:
    """Ask for a mail to who wanted it launched, in the caller's transaction; whether one was asked for.

    None to who decided it themselves, to who does not want such mails or may not sign in.
    """
    asker = next(
        (each for each in staff.colleagues(settings) if each.email == version.asked_by and each.email != by),
        None,
    )
    if asker is None or not mail_choices.wants(settings, asker.id, DECIDED, otherwise=True):
        return False
    head, line = (
        (
            Text("It runs: {play}", play=play.title),
            Text("{person} launched it too: it runs.", person=by or "–"),
        )
        if launched
        else (
            Text("It is not launched: {play}", play=play.title),
            Text("{person} turned it down. Talk it over, then ask again.", person=by or "–"),
        )
    )
    _write(settings, asker, play, version, _Said(DECIDED, head, [line], _WHY_DECIDED, ""), by)
    return True


@dataclass(frozen=True, slots=True)
class _Said:
    """What a mail says; ``page`` is the page of the play that it leads to, "" for the play itself."""

    sort: str
    head: Text
    lines: list[Text]
    why: Text
    page: str


def _write(
    settings: Settings, person: Colleague, play: KeptPlay, version: KeptVersion, said: _Said, by: str
) -> None:
    def parts(reader: Reader, base: str) -> list[Line | Way]:
        page = f"{base}/act/plays/of/{play.key}" + (f"/{said.page}" if said.page else "")
        return [
            *(Line(reader.say(each)) for each in said.lines),
            Way(reader.gettext("Open it"), page if base else ""),
        ]

    # Asked for again after it was turned down is another mail: each wish has a moment of its own.
    key = f"{said.sort} {version.id} at {version.asked_us} to {person.id}"
    mail = StaffMail(key, said.sort, lambda reader: reader.say(said.head), parts, said.why)
    staff_mail.ask(settings, person, mail, by=by)
