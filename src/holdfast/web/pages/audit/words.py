"""The audit trail in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse

from holdfast.domain.audit import BY_COMMAND, BY_ITSELF, BY_KEY, CHANGED, SAW, SIGNED
from holdfast.domain.texts import Text
from holdfast.language import Reader, in_own_digits
from holdfast.settings import Settings
from holdfast.store.audit_check import Verified
from holdfast.store.audit_reading import Noted
from holdfast.store.merging import names_of
from holdfast.web.figures import readable
from holdfast.web.pages.audit.deeds import KINDS, words_of
from holdfast.web.pages.audit.details import details

SORTS: dict[str, Text] = {
    SAW: Text("saw"),
    CHANGED: Text("changed"),
    SIGNED: Text("signed in or out"),
}


@dataclass(frozen=True, slots=True)
class ShownNote:
    """One note: ``theirs`` is a name of the company's own beside what it is about."""

    number: str
    when: str
    person: str
    did: str
    about: str
    theirs: str
    url: str
    details: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``wrong`` is empty for a whole trail."""

    sentence: str
    wrong: tuple[str, ...]
    head: str


def sentence(notes: int, reader: Reader) -> str:
    """How many notes there are."""
    return reader.say(
        Text(
            "{n} note of who saw and who changed what.", "{n} notes of who saw and who changed what.", n=notes
        )
    )


def sorts(reader: Reader) -> list[tuple[str, str]]:
    """What can be chosen as the sort of a deed."""
    return [(sort, reader.say(words)) for sort, words in SORTS.items()]


def shown(notes: Sequence[Noted], workspace: Settings, reader: Reader) -> list[ShownNote]:
    """Notes in words, customers by the names they have now: one look for all of them."""
    names = names_of(workspace, {unit for note in notes if (unit := _unit(note)) is not None})
    return [_shown(note, names, workspace, reader) for note in notes]


def _shown(note: Noted, names: dict[int, str], workspace: Settings, reader: Reader) -> ShownNote:
    unit = _unit(note)
    kind, _, which = note.about.partition(":")
    called = reader.say(KINDS[kind]) if kind in KINDS else readable(kind)
    return ShownNote(
        number=reader.number(note.position),
        when=reader.moment(datetime.fromtimestamp(note.at_us / 1_000_000, UTC).astimezone(workspace.zone)),
        person=note.person or _nobody(note, reader),
        did=deed(note.did, reader),
        about=called,
        theirs=names.get(unit or 0, "") or _in_digits(which, reader),
        url="" if unit is None or unit not in names else reverse("customer", args=[unit]),
        details=_details(note, reader),
    )


def deed(did: str, reader: Reader) -> str:
    """A deed in words; one that we have no words for as it is called."""
    words = words_of(did)
    return readable(did.replace(".", " ")) if words is None else reader.say(words)


def _in_digits(which: str, reader: Reader) -> str:
    """A name, or a number in the reader's digits: no group of thousands, since it only names something."""
    return in_own_digits(which, reader.code) if which.isascii() and which.isdecimal() else which


def _nobody(note: Noted, reader: Reader) -> str:
    if note.via:
        return _way(note.via, reader)
    if note.who is not None:
        return reader.say(Text("somebody who is gone, number {id}", id=str(note.who)))
    return reader.gettext("Holdfast itself")


def _way(via: str, reader: Reader) -> str:
    """Who it was, where nobody was signed in: the account of the machine, or the key."""
    if via.startswith(BY_COMMAND):
        return reader.say(Text("{account} by a command", account=via.removeprefix(BY_COMMAND)))
    if via.startswith(BY_KEY):
        return reader.say(Text("the API key {number}", number=via.removeprefix(BY_KEY)))
    return reader.gettext("Holdfast itself") if via == BY_ITSELF else via


def _details(note: Noted, reader: Reader) -> str:
    if note.details is None:
        return reader.gettext("emptied: the customer was erased")
    return details(note.details, reader)


def _unit(note: Noted) -> int | None:
    kind, _, which = note.about.partition(":")
    return int(which) if kind == "customer" and which.isascii() and which.isdecimal() else None


def checked(verified: Verified, reader: Reader) -> Checked:
    """What a check found, and the end of the trail to be kept elsewhere."""
    end = f"{verified.head.position}:{verified.head.hash}" if verified.notes else ""
    if verified.whole:
        whole = Text(
            "The trail is whole: {n} note, as it was written.",
            "The trail is whole: {n} notes, each as it was written.",
            n=verified.notes,
        )
        return Checked(reader.say(whole), (), end)
    wrong = tuple(reader.say(each.words()) for each in verified.found)
    return Checked(reader.gettext("The trail was tampered with, or damaged."), wrong, end)
