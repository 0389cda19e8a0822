"""What the address of the list asks for, read strictly and written back."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import urlencode

from holdfast.store.customers import FACETS, CustomerFilter, CustomerSort, Facet, SortColumn

EVERYONE = CustomerFilter()
DEFAULT = CustomerSort("amount", descending=True)
COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)
LONGEST_SEARCH = 200


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the list does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filter and sort of one address; ``segment`` is a key, "" for everybody."""

    wanted: CustomerFilter = EVERYONE
    sort: CustomerSort = DEFAULT
    segment: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anybody is left out."""
        return bool(self.wanted.chosen() or self.wanted.search or self.segment)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps."""
        return [
            *((str(facet), value) for facet, value in self.wanted.chosen().items()),
            ("segment", self.segment),
        ]

    def query(self) -> str:
        """The address of this very stretch of the list."""
        given: dict[str, str] = {"q": self.wanted.search} if self.wanted.search else {}
        given |= {str(facet): value for facet, value in self.wanted.chosen().items()}
        given |= {"segment": self.segment} if self.segment else {}
        if (self.sort.column, self.sort.descending) != (DEFAULT.column, DEFAULT.descending):
            given["sort"] = f"{'-' if self.sort.descending else ''}{self.sort.column}"
        if self.sort.after is not None:
            given["after"] = _packed(self.sort.after)
        return f"?{urlencode(given)}" if given else ""

    def narrowed(self, facet: Facet, value: str | None) -> Asked:
        """The same list with one facet set or, with ``None``, opened; from its beginning."""
        values = {each: getattr(self.wanted, each) for each in FACETS} | {facet: value}
        wanted = CustomerFilter(self.wanted.search, **values)
        return replace(self, wanted=wanted, sort=self._from_the_first())

    def in_segment(self, key: str) -> Asked:
        """The same list with only who is in a segment, or, with "", with everybody; from its beginning."""
        return replace(self, segment=key, sort=self._from_the_first())

    def sorted_by(self, column: SortColumn) -> Asked:
        """The same list by another column, or the other way round; from its beginning."""
        if column == self.sort.column:
            return replace(self, sort=CustomerSort(column, not self.sort.descending))
        return replace(self, sort=CustomerSort(column, descending=column != "name"))

    def after(self, value: str | int, unit_id: int) -> Asked:
        """The stretch that follows a row."""
        return replace(self, sort=replace(self.sort, after=(value, unit_id)))

    def from_the_first(self) -> Asked:
        """The same list from its beginning."""
        return replace(self, sort=self._from_the_first())

    def _from_the_first(self) -> CustomerSort:
        return replace(self.sort, after=None)


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    search = given.get("q", "")[:LONGEST_SEARCH]
    asked: dict[str, Any] = {str(facet): given.get(facet) for facet in FACETS}
    wanted = CustomerFilter(search, **asked)
    segment = given.get("segment", "")[:LONGEST_SEARCH].replace("\0", "")
    return Asked(wanted, _sort(given.get("sort", ""), given.get("after", "")), segment)


def _sort(written: str, after: str) -> CustomerSort:
    chosen = DEFAULT
    if written:
        column = next((each for each in COLUMNS if each == written.removeprefix("-")), None)
        if column is None:
            raise NotUnderstood(f"sort={written}")
        chosen = CustomerSort(column, written.startswith("-"))
    return replace(chosen, after=_unpacked(after, chosen.column)) if after else chosen


def _packed(after: tuple[str | int, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(after, ensure_ascii=False).encode()).decode().rstrip("=")


def _unpacked(written: str, column: SortColumn) -> tuple[str | int, int]:
    try:
        value, unit_id = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    except (ValueError, TypeError) as error:
        raise NotUnderstood(f"after={written}") from error
    fits = isinstance(value, str if column == "name" else int) and not isinstance(value, bool)
    if not fits or not isinstance(unit_id, int) or not all(_small(each) for each in (value, unit_id)):
        raise NotUnderstood(f"after={written}")
    return value, unit_id


def _small(value: str | int) -> bool:
    """Whether a database can hold it."""
    return isinstance(value, str) or abs(value) < 2**63
