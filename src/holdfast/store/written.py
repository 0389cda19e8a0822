"""Figures and sentences as JSON in the database, and back without loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Days, Share, Text

KIND = "$"
"""The key that says what a JSON object stands for; mappings of our own have none that begins so."""


def as_json(value: object) -> Any:
    """``value`` in what JSON knows. Raises ``TypeError`` for what cannot be read back."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [as_json(each) for each in value]
    if hasattr(value, "tolist"):  # numpy's numbers and arrays
        return as_json(value.tolist())
    return _written(value)


def _written(value: object) -> dict[str, Any]:
    for kind, (wanted, write, _) in _KINDS.items():
        if isinstance(value, wanted):
            return {KIND: kind, "value": write(value)}
    raise TypeError(f"a {type(value).__name__} cannot be kept in the database")


def from_json(value: Any) -> Any:
    """What :func:`as_json` was given; sequences come back as tuples."""
    if isinstance(value, list):
        return tuple(from_json(each) for each in value)
    if not isinstance(value, dict):
        return value
    if KIND not in value:
        return {key: from_json(each) for key, each in value.items()}
    return _read(value[KIND], value["value"])


def _read(kind: str, value: Any) -> object:
    if kind not in _KINDS:
        raise ValueError(f"a {kind} was written by a newer Holdfast")
    _, _, read = _KINDS[kind]
    return read(value)


def _text(message: str, plural: str | None, values: Any) -> Text:
    return Text(message, plural, **from_json(values))


_KINDS: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], object]]] = {
    "float": (float, str, float),
    "decimal": (Decimal, str, Decimal),
    "date": (date, date.isoformat, date.fromisoformat),
    "period": (
        Period,
        lambda period: [period.start.isoformat(), period.end.isoformat(), period.kind],
        lambda value: Period(date.fromisoformat(value[0]), date.fromisoformat(value[1]), value[2]),
    ),
    "money": (Money, lambda money: [money.minor, money.currency], lambda value: Money(*value)),
    "share": (Share, lambda share: [share.value, share.digits], lambda value: Share(*value)),
    "days": (Days, lambda days: days.value, Days),
    "text": (
        Text,
        lambda text: [text.msgid, text.plural, as_json(text.values)],
        lambda value: _text(*value),
    ),
    "figure": (
        Figure,
        lambda figure: {each.name: as_json(getattr(figure, each.name)) for each in fields(Figure)},
        lambda value: Figure(**from_json(value)),
    ),
}
"""What stands behind each ``KIND``: the type, how it is written, how it is read."""
