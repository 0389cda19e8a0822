"""What the address of the work list asks for, read strictly and written back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from django.urls import reverse

from holdfast.domain.refusals import Refusal
from holdfast.store import sealed
from holdfast.store.point_lists import WORK_STATES, Place, PointFilter
from holdfast.web.workspace import served_workspace

Facet = Literal["state", "standing", "country", "owner"]

FACETS: tuple[Facet, ...] = ("state", "standing", "country", "owner")
LONGEST = 200
_SEALED = "place in a list"


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the list does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filter and place of one address; "" asks for all. ``owner`` is "mine" or ""."""

    state: str = ""
    standing: str = ""
    country: str = ""
    owner: str = ""
    after: Place | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return any(getattr(self, facet) for facet in FACETS)

    def wanted(self, reader_id: int) -> PointFilter:
        """The filter, for somebody who reads."""
        return PointFilter(self.state, self.standing, self.country, reader_id if self.owner else None)

    def query(self) -> str:
        """The address's own part of this very stretch."""
        given = {str(facet): getattr(self, facet) for facet in FACETS}
        if self.after is not None:
            given["after"] = _packed(self.after)
        written = urlencode({name: value for name, value in given.items() if value})
        return f"?{written}" if written else ""

    def address(self, route: str = "contact_points") -> str:
        """Where this stretch is found."""
        return reverse(route) + self.query()

    def with_facet(self, facet: Facet, value: str) -> Asked:
        """The same list with one facet set or, with "", opened; from its beginning."""
        return replace(self, after=None, **{str(facet): value})

    def following(self, after: Place | None) -> Asked:
        """The stretch after a row; ``None`` is the beginning."""
        return replace(self, after=after)


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    state, owner = given.get("state", ""), given.get("owner", "")
    if state and state not in WORK_STATES:
        raise NotUnderstood(f"state={state}")
    if owner not in ("", "mine"):
        raise NotUnderstood(f"owner={owner}")
    return Asked(
        state,
        given.get("standing", "")[:LONGEST].replace("\0", ""),
        given.get("country", "")[:LONGEST].replace("\0", ""),
        owner,
        _unpacked(given.get("after", "")),
    )


def _packed(place: Place) -> str:
    """Unreadable in the address: the place is an address of somebody, which the reader may not see whole."""
    return sealed.encrypt(served_workspace(), _SEALED, {"place": json.dumps(place, ensure_ascii=False)})


def _unpacked(written: str) -> Place | None:
    if not written:
        return None
    try:
        place = sealed.decrypt(served_workspace(), _SEALED, written)["place"]
        worth, unit, kind, value = json.loads(place)
    except (Refusal, ValueError, TypeError, KeyError) as error:
        raise NotUnderstood(f"after={written}") from error
    if not (_small(worth) and _small(unit) and isinstance(kind, str) and isinstance(value, str)):
        raise NotUnderstood(f"after={written}")
    if "\0" in kind + value or any("\ud800" <= letter <= "\udfff" for letter in kind + value):
        raise NotUnderstood(f"after={written}")
    return worth, unit, kind, value


def _small(value: object) -> bool:
    """Whether it is an integer that a database can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
