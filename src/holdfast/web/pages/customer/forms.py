"""The forms of a customer's page: what was typed where it could not be taken, and what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.web.pages.customer.asked import Asked
from holdfast.web.pages.customer.care import ShownCare


@dataclass(frozen=True, slots=True)
class Failed:
    """A form whose content was refused: its name, what was typed, and what is wrong."""

    form: str = ""
    words: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    def value(self, form: str, name: str) -> str:
        """What was typed into a field of this form."""
        return self.typed.get(name, "") if form == self.form else ""


ALWAYS_THERE = (
    "note",
    "contact",
    "document",
    "owner",
    "trait-new",
    "trait-preferred_channel",
    "point-new",
    "consent",
    "pause",
)
"""Forms that every customer's page has."""


def forms_of(care: ShownCare) -> set[str]:
    """The forms on a page: what is refused in another one has no place of its own to be said."""
    return {
        *ALWAYS_THERE,
        *(f"trait-{each.code}" for each in (*care.needs, *care.gaps, *care.traits)),
        *(f"point-{point.kind}-{point.value}" for point in care.points),
    }


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done, with the address that undoes it ("" where that is not offered)."""

    words: str
    undo_url: str


_DONE: dict[str, tuple[Text, str, str]] = {
    "note_written": (Text("The note is written."), "", ""),
    "note_changed": (Text("The note is changed."), "", ""),
    "note_deleted": (Text("The note is taken away."), "note", "restore"),
    "note_restored": (Text("The note is back."), "", ""),
    "document_added": (Text("The document is here."), "", ""),
    "document_deleted": (Text("The document is taken away."), "document_do", "restore"),
    "document_restored": (Text("The document is back."), "", ""),
    "owner_set": (Text("It is noted who looks after them."), "", ""),
    "said": (Text("It is noted; what was known before stays below it."), "", ""),
    "nothing_changed": (Text("That was known already; nothing was changed."), "", ""),
    "contact_logged": (Text("It is written down and stands on the timeline in a moment."), "", ""),
    "consent_recorded": (Text("It is recorded, with its proof."), "", ""),
    "paused": (Text("Offers and news pause."), "", ""),
    "pause_ended": (Text("Offers and news go again."), "", ""),
    "point_kept": (Text("The contact point is noted."), "", ""),
}
"""Code in the address to what it says, and what undoes it."""


def done_words(asked: Asked, reader: Reader) -> Done | None:
    """What was just done, for a message at the head of the page; ``None`` for nothing that we know."""
    if asked.done not in _DONE:
        return None
    words, route, undo = _DONE[asked.done]
    url = reverse(route, args=[asked.unit_id, asked.number, undo]) if route and asked.number else ""
    return Done(reader.say(words), url)
