"""A map of columns as the file that ``--map`` reads."""

from __future__ import annotations

import json

from holdfast.domain.imports import ColumnMap, MapOptions


def map_as_toml(chosen: ColumnMap) -> str:
    """The map as TOML; options at their defaults are left out."""
    lines: list[str] = []
    for heading, entries in (("columns", chosen.columns), ("derive", chosen.derive)):
        if entries:
            lines += [f"[{heading}]", *(f"{name} = {_quoted(value)}" for name, value in entries.items()), ""]
    if chosen.immutable:
        lines += ["[immutable]", f"traits = {_quoted(list(chosen.immutable))}", ""]
    options = _options(chosen.options)
    if options:
        lines += ["[options]", *(f"{name} = {_quoted(value)}" for name, value in options.items()), ""]
    return "\n".join(lines).rstrip() + "\n"


def _options(options: MapOptions) -> dict[str, object]:
    plain = MapOptions()
    names = [name for name in MapOptions.__slots__ if name != "lag_us"]
    chosen = {
        name: getattr(options, name) for name in names if getattr(options, name) != getattr(plain, name)
    }
    if options.lag_us:
        chosen["lag"] = f"{options.lag_us // 1_000_000} seconds"
    return chosen


def _quoted(value: object) -> str:
    """A TOML value: JSON writes strings, lists and booleans in the same way."""
    return json.dumps(value, ensure_ascii=False)
