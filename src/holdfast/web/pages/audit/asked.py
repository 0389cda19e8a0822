"""What the address of the audit trail asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from django.urls import reverse

from holdfast.domain.audit import SORTS
from holdfast.domain.written_numbers import latin_digits
from holdfast.store.audit_reading import Wanted

FIELDS = ("who", "sort", "customer", "from", "to")


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the page does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed; "" asks for all. Days are ISO days of the company's clock, both ends belong to it."""

    who: str = ""
    sort: str = ""
    customer: str = ""
    from_day: str = ""
    to_day: str = ""
    before: str = ""

    def wanted(self, zone: tzinfo) -> Wanted:
        """The notes that it asks for."""
        return Wanted(
            who=int(self.who) if self.who else None,
            sort=self.sort,
            customer=int(self.customer) if self.customer else None,
            from_us=_moment(self.from_day, zone),
            to_us=_moment(self.to_day, zone, after=1),
        )

    def address(self, route: str = "audit", before: int | None = None) -> str:
        """Where this list is found, or the stretch of it before a note."""
        values = (self.who, self.sort, self.customer, self.from_day, self.to_day)
        given = {name: value for name, value in zip(FIELDS, values, strict=True) if value}
        given |= {} if before is None else {"before": str(before)}
        return reverse(route) + (f"?{urlencode(given)}" if given else "")


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    asked = Asked(
        _number(given, "who"),
        given.get("sort", ""),
        _number(given, "customer"),
        _day(given, "from"),
        _day(given, "to"),
        _number(given, "before"),
    )
    if asked.sort not in ("", *SORTS):
        raise NotUnderstood(f"sort={asked.sort}")
    return asked


def _number(given: Mapping[str, str], name: str) -> str:
    written = latin_digits(given.get(name, "")).strip()
    if written and not (written.isascii() and written.isdecimal() and len(written) < 19):
        raise NotUnderstood(f"{name}={written}")
    return written


def _day(given: Mapping[str, str], name: str) -> str:
    written = given.get(name, "").strip()
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError as error:
        raise NotUnderstood(f"{name}={written}") from error
    if day is not None and not 1970 <= day.year <= 2200:
        raise NotUnderstood(f"{name}={written}")
    return "" if day is None else day.isoformat()


def _moment(day: str, zone: tzinfo, *, after: int = 0) -> int | None:
    if not day:
        return None
    on = date.fromisoformat(day) + timedelta(days=after)
    return int(datetime(on.year, on.month, on.day, tzinfo=zone).timestamp() * 1_000_000)
