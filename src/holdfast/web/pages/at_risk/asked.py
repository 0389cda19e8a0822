"""What the address of the list asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from holdfast.services.foresee.reading import Sort
from holdfast.web.pages.at_risk.causes import CAUSES

Facet = Literal["least", "cause", "country", "state", "segment"]

SORTS: tuple[Sort, ...] = get_args(Sort)
FACETS: tuple[Facet, ...] = get_args(Facet)
LONGEST = 200
"""Characters of a search; a place in the list (``after``) may have four times as many."""


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the list does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filter, sort and place of one address; "" asks for all. ``least`` is a whole per cent,
    ``segment`` a key.
    """

    search: str = ""
    least: str = ""
    cause: str = ""
    country: str = ""
    state: str = ""
    segment: str = ""
    sort: Sort = "value_at_risk"
    after: str = ""

    @property
    def least_risk(self) -> float:
        """The least risk that is listed, 0..1."""
        return int(self.least or 0) / 100

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.search or any(getattr(self, facet) for facet in FACETS))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps."""
        return [*((str(facet), getattr(self, facet)) for facet in FACETS), ("sort", self.sort)]

    def query(self) -> str:
        """The address of this very stretch of the list."""
        given = {"q": self.search} | {str(facet): getattr(self, facet) for facet in FACETS}
        given["sort"] = "" if self.sort == SORTS[0] else self.sort
        given["after"] = self.after
        given = {name: value for name, value in given.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def with_facet(self, facet: Facet, value: str) -> Asked:
        """The same list with one facet set or, with "", opened; from its beginning."""
        return replace(self, after="", **{str(facet): value})  # type: ignore[arg-type]

    def sorted_by(self, sort: Sort) -> Asked:
        """The same list in another order; from its beginning."""
        return replace(self, after="", sort=sort)

    def following(self, after: str) -> Asked:
        """The stretch that begins after a place; "" is the beginning."""
        return replace(self, after=after)


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    sort = next((each for each in SORTS if each == given.get("sort", SORTS[0])), None)
    if sort is None:
        raise NotUnderstood(f"sort={given['sort']}")
    least, cause = given.get("least", ""), given.get("cause", "")
    if least and not (least.isascii() and least.isdecimal() and len(least) < 4 and int(least) <= 100):
        raise NotUnderstood(f"least={least}")
    if cause and cause not in CAUSES:
        raise NotUnderstood(f"cause={cause}")
    return Asked(
        search=given.get("q", "")[:LONGEST].replace("\0", ""),
        least=least,
        cause=cause,
        country=given.get("country", "")[:LONGEST],
        state=given.get("state", "")[:LONGEST],
        segment=given.get("segment", "")[:LONGEST].replace("\0", ""),
        sort=sort,
        after=given.get("after", "")[: 4 * LONGEST],
    )
