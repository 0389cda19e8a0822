"""Read a query on from where it was read to: by a column that only rises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from holdfast.connectors.sql import first_row
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_Kind = Literal["number", "text", "moment"]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a query was read: the greatest value of its cursor column, as its database compares it."""

    kind: _Kind
    value: str

    def as_json(self) -> dict[str, str]:
        """As it is kept."""
        return {"kind": self.kind, "value": self.value}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any] | None) -> Place | None:
        """As it was kept."""
        return None if not kept else cls(kept["kind"], kept["value"])

    def earlier(self, minutes: int) -> Place:
        """A while before, for moments: a transaction that ends late has an earlier moment than its end."""
        try:
            moment = datetime.fromisoformat(self.value)
        except ValueError:
            return self
        if self.kind == "number" or len(self.value) < len("2026-01-01 00:00"):
            return self
        parts = "microseconds" if "." in self.value else "seconds"
        written = (moment - timedelta(minutes=minutes)).isoformat(self.value[10], parts)
        return Place(self.kind, written.replace("+00:00", "Z") if self.value.endswith("Z") else written)

    @property
    def literal(self) -> str:
        """As SQL of both databases writes it."""
        return self.value if self.kind == "number" else "'" + self.value.replace("'", "''") + "'"


def reached(url: str, query: str, column: str) -> Place | None:
    """How far ``query`` reaches now by ``column``; ``None`` where it has no rows.

    Refuses what :func:`holdfast.connectors.sql.fetch` refuses, and ("bad_cursor") values that do not rise.
    """
    row = first_row(url, f"SELECT MAX(q.{_quoted(column)}) FROM (\n{_plain(query)}\n) AS q")
    value = row[0] if row else None
    match value:
        case None:
            return None
        case bool() | bytes():
            raise _bad_cursor(column, type(value).__name__)
        case int() | float() | Decimal():
            return Place("number", format(value, "f") if isinstance(value, Decimal) else repr(value))
        case datetime():
            return Place("moment", value.isoformat(sep=" "))
        case date():
            return Place("moment", value.isoformat())
        case str() if "\\" not in value and "\0" not in value:
            return Place("text", value)
    raise _bad_cursor(column, repr(value)[:60])


def between(query: str, column: str, after: Place | None, until: Place) -> str:
    """The rows of ``query`` from ``after`` to ``until``, both of them too: equal ones may have come later."""
    name = f"q.{_quoted(column)}"
    conditions = [f"{name} <= {until.literal}"]
    if after is not None:
        conditions.append(f"{name} >= {after.literal}")
    return f"SELECT * FROM (\n{_plain(query)}\n) AS q WHERE {' AND '.join(conditions)}"


def _plain(query: str) -> str:
    return query.strip().rstrip(";")


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _bad_cursor(column: str, found: str) -> Refusal:
    return Refusal(
        "bad_cursor",
        found=Text("The column {column} holds {found}.", column=column, found=found),
        expected=Text("Numbers, moments or texts that only rise, like updated_at or id."),
        remedy=Text("Name another column, or none: then everything is read each time."),
    )
