"""What the address of a customer's page asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from holdfast.domain.happenings import EVENTS_OF_KIND, KINDS, Kind

if TYPE_CHECKING:
    from holdfast.engines.timeline import Place


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the page does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which stretch of whose timeline.

    ``kind`` narrows it, ``None`` shows all; ``before`` is the place to go on from. ``done`` says what was
    just done, with the number of what it was done to.
    """

    unit_id: int
    kind: Kind | None = None
    before: Place | None = None
    done: str = ""
    number: int = 0

    @property
    def names(self) -> tuple[str, ...] | None:
        """The events that are shown, ``None`` for all."""
        return None if self.kind is None else EVENTS_OF_KIND[self.kind]

    @property
    def shows_ours(self) -> bool:
        """Whether what our own people wrote and changed is shown."""
        return self.kind in (None, "ours")

    def address(self) -> str:
        """The address of this very stretch."""
        given: dict[str, str] = {"kind": self.kind or ""}
        if self.before is not None:
            given["before"] = f"{self.before[0]}-{self.before[1].hex()}"
        written = urlencode({name: value for name, value in given.items() if value})
        return reverse("customer", args=[self.unit_id]) + (f"?{written}" if written else "")

    def of_kind(self, kind: Kind | None) -> Asked:
        """The timeline narrowed to one kind, from its beginning; ``None`` opens it."""
        return Asked(self.unit_id, kind)

    def going_on(self, before: Place | None) -> Asked:
        """The stretch before a place."""
        return replace(self, before=before, done="", number=0)


def read_asked(unit_id: int, given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    written = given.get("kind", "")
    kind = next((each for each in KINDS if each == written), None)
    if written and kind is None:
        raise NotUnderstood(f"kind={written}")
    number = given.get("number", "")
    return Asked(
        unit_id,
        kind,
        _place(given.get("before", "")),
        given.get("done", "")[:40],
        int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0,
    )


def _place(written: str) -> Place | None:
    """The place that is named: a moment in microseconds and the key of an event."""
    if not written:
        return None
    moment, _, key = written.partition("-")
    try:
        place = int(moment), bytes.fromhex(key)
    except ValueError as error:
        raise NotUnderstood(f"before={written}") from error
    if not 0 <= place[0] < 2**62:
        raise NotUnderstood(f"before={written}")
    return place
