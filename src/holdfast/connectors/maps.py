"""Reads a map: which column of a file is which column of ours, and how values are written.

.. code-block:: toml

    [columns]
    customer = "Customer ID"
    at = "InvoiceDate"

    [derive]
    amount = 'Quantity * "Unit Price"'

    [immutable]
    traits = ["birth_date"]

    [options]
    timezone = "Europe/London"
    currency = "GBP"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from holdfast.connectors.encodings import named_encoding
from holdfast.domain.formulas import parse_formula
from holdfast.domain.imports import ColumnMap, MapOptions
from holdfast.domain.maps import unknown_name
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_numbers import CURRENCIES

SECTIONS = ("columns", "derive", "immutable", "options")

_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_DATE_FORMATS = ("iso", "day-first", "month-first", "persian", "epoch")
MOST_ABOVE = 100
"""The last row at which a table may begin."""

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": "whitespace"}


def read_map(path: Path) -> ColumnMap:
    """The map in ``path``.

    Whether it fits a kind and a file is for :func:`holdfast.domain.maps.check_map`. Raises
    ``Refusal``: ``no_file``, ``bad_map`` (no TOML, wrong types, values that mean nothing),
    ``unknown_section``, ``unknown_option``, ``bad_formula``.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refusal(
            "no_file",
            found=Text("There is no map {file}.", file=str(path)),
            expected=Text("A TOML file with [columns]."),
            remedy=Text("Check the name and the folder."),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise bad_map(path.name, str(error), Text("TOML 1.0 in UTF-8")) from error
    return map_of(written, path.name)


def map_of(written: Mapping[str, Any], name: str) -> ColumnMap:
    """The map that ``written`` (TOML as read) describes; ``name`` is said in refusals."""
    for section, content in written.items():
        if section not in SECTIONS:
            raise unknown_name("unknown_section", Text("In {map}, the section", map=name), section, SECTIONS)
        if not isinstance(content, dict) and section != "immutable":
            raise bad_map(name, f"{section} = {content!r}", Text("a section [{name}]", name=section))
    derive = _texts(written.get("derive", {}), "derive", name)
    for formula in derive.values():
        parse_formula(formula)
    return ColumnMap(
        _texts(written.get("columns", {}), "columns", name),
        derive,
        _immutable(written.get("immutable", ()), name),
        _options(written.get("options", {}), name),
    )


def bad_map(name: str, found: str, expected: Text) -> Refusal:
    """The refusal for a map that says something without meaning."""
    return Refusal(
        "bad_map",
        found=Text("{map}: {found}.", map=name, found=found),
        expected=Text("Expected {what}.", what=expected),
        remedy=Text("Mend the map; nothing was imported."),
    )


def _texts(section: Mapping[str, Any], heading: str, name: str) -> dict[str, str]:
    """Entries whose values are texts; positions of columns may be written as numbers."""
    for key, value in section.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise bad_map(name, f"[{heading}] {key} = {value!r}", Text("a column's name in quotes"))
    return {key: str(value) for key, value in section.items()}


def _immutable(section: object, name: str) -> tuple[str, ...]:
    """Names of traits: ``traits = [...]``, a bare list, or ``name = true`` for each."""
    listed: object = section
    if isinstance(section, dict):
        listed = section.get("traits", [key for key, value in section.items() if value is True])
    if not isinstance(listed, list | tuple) or not all(isinstance(entry, str) for entry in listed):
        raise bad_map(name, f"[immutable] {section!r}", Text('traits = ["birth_date", ...]'))
    return tuple(listed)


def _options(section: Mapping[str, Any], name: str) -> MapOptions:
    known = [field.name for field in fields(MapOptions) if field.name != "lag_us"]
    values: dict[str, Any] = {}
    for option, value in section.items():
        if option == "lag":
            values["lag_us"] = _lag(value, name)
        elif option not in known:
            raise unknown_name(
                "unknown_option", Text("In {map}, the option", map=name), option, [*known, "lag"]
            )
        else:
            values[option] = _option(option, value, name)
    return MapOptions(**values)


def _option(option: str, value: object, name: str) -> object:
    if option == "header":
        if not isinstance(value, bool):
            raise bad_map(name, f"header = {value!r}", Text("true or false"))
        return value
    if option == "first_row":
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_ABOVE:
            raise bad_map(
                name, f"first_row = {value!r}", Text("the number of a row, 1 to {most}", most=MOST_ABOVE)
            )
        return value
    if not isinstance(value, str):
        raise bad_map(name, f"{option} = {value!r}", Text("a text in quotes"))
    expected, fits = _CHECKS.get(option, (Text("a text"), lambda text: True))
    if not fits(value):
        raise bad_map(name, f"{option} = {value!r}", expected)
    if option == "encoding":
        return named_encoding(value)
    return _DELIMITERS.get(value, value) if option == "delimiter" else value


_CHECKS: dict[str, tuple[Text, Callable[[str], bool]]] = {
    "timezone": (
        Text("a name like Europe/Dublin or Asia/Tehran"),
        lambda text: text in available_timezones(),
    ),
    "date_format": (
        Text("one of iso, day-first, month-first, persian, epoch, or a pattern like %d.%m.%Y"),
        lambda text: text in _DATE_FORMATS or "%" in text,
    ),
    "decimal": (Text('"." or ","'), lambda text: text in (".", ",")),
    "currency": (Text("three capital letters like EUR"), CURRENCIES.__contains__),
    "country": (Text("two capital letters like RO"), lambda text: bool(re.fullmatch("[A-Z]{2}", text))),
    "quote": (Text("one character"), lambda text: len(text) == 1),
    "delimiter": (
        Text('one character, "tab" or "whitespace"'),
        lambda text: len(text) == 1 or text in _DELIMITERS or text == "whitespace",
    ),
}


def _lag(value: object, name: str) -> int:
    """A length of time in microseconds: a number of days, or "12 hours"."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value * 86_400_000_000
    found = (
        re.fullmatch(r"(\d+)\s*([a-z]+?)s?", str(value).strip().lower()) if isinstance(value, str) else None
    )
    if found is None or found[2] not in _UNITS:
        raise bad_map(name, f"lag = {value!r}", Text('a number of days, or a text like "12 hours"'))
    return int(found[1]) * _UNITS[found[2]] * 1_000_000
