"""Whether a map fits a kind of import and the columns that a file has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from holdfast.domain.formulas import ColumnOf, columns_of, parse_formula
from holdfast.domain.imports import ColumnMap, ImportKind
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text


def check_map(column_map: ColumnMap, kind: ImportKind, columns: Sequence[str]) -> ColumnMap:
    """``column_map`` in plain form, or a ``Refusal`` that names the first thing wrong with it.

    In plain form a formula that is a single column stands among ``columns``. Refuses unknown
    canonical columns, source columns that do not exist, formulas that are none, columns mapped
    twice, and maps that leave a required column out.
    """
    for canonical in (*column_map.columns, *column_map.derive):
        if kind.column(canonical) is None:
            raise _unknown_canonical(canonical, kind)
    for canonical, source in column_map.columns.items():
        _check_source(source, columns, canonical)
    simple: dict[str, str] = {}
    derive: dict[str, str] = {}
    for canonical, written in column_map.derive.items():
        _check_once(canonical, column_map)
        formula = parse_formula(written)
        for source in columns_of(formula):
            _check_source(source, columns, canonical)
        if isinstance(formula, ColumnOf):
            simple[canonical] = formula.name
        else:
            _check_derivable(canonical, kind)
            derive[canonical] = written
    checked = ColumnMap({**column_map.columns, **simple}, derive, column_map.immutable, column_map.options)
    missing = missing_groups(kind, checked)
    if missing:
        raise missing_columns(kind, missing, columns)
    return checked


def missing_groups(kind: ImportKind, column_map: ColumnMap) -> tuple[tuple[str, ...], ...]:
    """The groups of required columns of which ``column_map`` has none."""
    return tuple(
        group for group in kind.required if not any(_given(name, kind, column_map) for name in group)
    )


def missing_columns(
    kind: ImportKind,
    missing: Sequence[Collection[str]],
    columns: Sequence[str],
    looks_like: str = "",
) -> Refusal:
    """The refusal for a file that lacks required columns; ``looks_like`` names a kind that fits better."""
    wanted = "; ".join(" or ".join(group) for group in missing)
    remedy = Text(
        'Name the columns in a map: [columns] {example} = "the column\'s name".',
        example=next(iter(next(iter(missing)))),
    )
    option = next((kind.stand_ins[name] for group in missing for name in group if name in kind.stand_ins), "")
    if option:
        remedy = Text(
            'Name the column in a map, or say it for all rows: [options] {option} = "...".', option=option
        )
    if looks_like and looks_like != kind.name:
        remedy = Text(
            "The file looks like {kind}: try --as {kind}; or name the columns in a map.", kind=looks_like
        )
    return Refusal(
        "missing_columns",
        found=Text("The file has the columns {columns}.", columns=_listed(columns)),
        expected=Text("{kind} need {wanted}.", kind=kind.title, wanted=wanted),
        remedy=remedy,
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """The entry of ``known`` most like ``name``, or "" when none is."""
    by_folded = {entry.casefold(): entry for entry in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.5)
    return by_folded[close[0]] if close else ""


def unknown_name(code: str, what: Text, name: str, known: Sequence[str]) -> Refusal:
    """The refusal for a name that is not among ``known``, with the nearest that is."""
    close = nearest(name, known)
    return Refusal(
        code,
        found=Text("{what} {name} is not known.", what=what, name=repr(name)),
        expected=Text("There are: {known}.", known=_listed(known)),
        remedy=Text("Did you mean {name}? Mend the map; nothing was imported.", name=repr(close))
        if close
        else Text("Mend the map; nothing was imported."),
    )


def _given(canonical: str, kind: ImportKind, column_map: ColumnMap) -> bool:
    option = kind.stand_ins.get(canonical, "")
    return (
        canonical in column_map.columns
        or canonical in column_map.derive
        or bool(option and getattr(column_map.options, option))
    )


def _check_once(canonical: str, column_map: ColumnMap) -> None:
    if canonical in column_map.columns:
        raise Refusal(
            "mapped_twice",
            found=Text("{name} stands in [columns] and in [derive].", name=canonical),
            expected=Text("A column is taken from one place."),
            remedy=Text("Take one of the two out of the map; nothing was imported."),
        )


def _check_derivable(canonical: str, kind: ImportKind) -> None:
    column = kind.column(canonical)
    if column is None or column.type not in ("amount", "number"):
        raise Refusal(
            "bad_formula",
            found=Text("{name} is to be computed, but is no number.", name=canonical),
            expected=Text("Arithmetic gives amounts and numbers."),
            remedy=Text("Name a column for it in [columns]; nothing was imported."),
        )


def _check_source(source: str, columns: Sequence[str], canonical: str) -> None:
    if source not in columns:
        raise unknown_name(
            "unknown_source_column", Text("For {name}, the column", name=canonical), source, columns
        )


def _unknown_canonical(canonical: str, kind: ImportKind) -> Refusal:
    return unknown_name(
        "unknown_column",
        Text("In {kind}, the column", kind=kind.name),
        canonical,
        [column.name for column in kind.columns],
    )


def _listed(names: Sequence[str], most: int = 40) -> str:
    shown = ", ".join(names[:most])
    return shown + (", ..." if len(names) > most else "")
