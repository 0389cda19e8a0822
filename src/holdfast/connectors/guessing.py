"""Guesses a map: by the names of the columns in six languages, and by what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from holdfast.domain.imports import Column, ColumnMap, Guess, ImportKind, MapOptions, TabularSource
from holdfast.domain.maps import missing_groups
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_dates import read_moment
from holdfast.domain.written_numbers import MISSING, read_currency, read_flag, read_number
from holdfast.registry import parts

EXACT, SYNONYM, WITHIN, BY_VALUES = 1.0, 0.9, 0.55, 0.4
"""How sure a column is: our own name, a known synonym, a synonym within its name, its values alone."""

_FITTING = 0.6
"""Share of values that must be readable as the column's type, where only part of the name fits."""

_FITTING_SYNONYM = 0.2
"""The same where the whole name is a known one; our own name is believed whatever the values are."""

FAR_BETTER = 1.4
"""How many times better another kind has to fit before the one asked for is refused."""

_LOWEST = 0.35
_ENOUGH = 20
"""Values from which on it can be told whether they repeat."""
_ARABIC_TO_PERSIAN = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " "})


def guess_map(kind: ImportKind, source: TabularSource, options: MapOptions | None = None) -> Guess:
    """The map that fits ``source`` best.

    ``source`` has its columns and a sample of rows (:func:`holdfast.engines.staging.look` fills
    them in for Parquet files and queries). Every column of the file is used once at most. The
    guess may lack required columns: ``missing`` then names them and ``confidence`` is 0. Raises
    ``Refusal`` (``wrong_kind``) when the file has all columns of another kind and far more of them.
    """
    own, best = _fitted(kind, source, options or MapOptions())
    if best and not own.missing and best.score > FAR_BETTER * own.score:
        raise _wrong_kind(kind, best.kind, source)
    return _guess(own, best)


def guess_columns(kind: ImportKind, source: TabularSource, options: MapOptions | None = None) -> Guess:
    """:func:`guess_map` for somebody who sees that another kind would fit better, and may insist."""
    return _guess(*_fitted(kind, source, options or MapOptions()))


def _fitted(kind: ImportKind, source: TabularSource, options: MapOptions) -> tuple[_Fit, _Fit | None]:
    """How the kind fits, and the one that fits best of those that lack nothing."""
    fits = {fit.kind.name: fit for fit in _fits_of(source, options)}
    own = fits.get(kind.name) or _fit(kind, _cells(source), options)
    best = max((fit for fit in fits.values() if not fit.missing), key=lambda fit: fit.score, default=None)
    return own, best


def _guess(own: _Fit, best: _Fit | None) -> Guess:
    return Guess(
        map=own.map,
        confidence=0.0 if own.missing else own.confidence,
        missing=own.missing,
        unsure=own.unsure,
        looks_like=best.kind.name if best else "",
        sure=own.sure,
    )


def looks_like(source: TabularSource) -> str:
    """The kind whose columns the file has most surely, "" when it has those that any kind requires."""
    found = [fit for fit in _fits_of(source, MapOptions()) if not fit.missing]
    return max(found, key=lambda fit: fit.score).kind.name if found else ""


def _wrong_kind(kind: ImportKind, other: ImportKind, source: TabularSource) -> Refusal:
    columns = ", ".join(source.columns[:40])
    return Refusal(
        "wrong_kind",
        found=Text("The columns {columns} are those of {other}.", columns=columns, other=other.title),
        expected=Text("Columns of {kind}.", kind=kind.title),
        remedy=Text(
            "Try --as {other}; if they are {kind}, name the columns in a map.",
            other=other.name,
            kind=kind.name,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a kind fits a file."""

    kind: ImportKind
    map: ColumnMap
    missing: tuple[tuple[str, ...], ...]
    unsure: tuple[str, ...]
    confidence: float
    score: float
    sure: Mapping[str, float]


def _fits_of(source: TabularSource, options: MapOptions) -> list[_Fit]:
    cells = _cells(source)
    return [_fit(cast("ImportKind", part.declared), cells, options) for part in parts("imports").values()]


def _fit(kind: ImportKind, cells: Mapping[str, Sequence[str]], options: MapOptions) -> _Fit:
    """The score is higher the more columns are found, and the surer the required ones are."""
    chosen = _assign(kind, cells)
    column_map = ColumnMap({name: pick.source for name, pick in chosen.items()}, options=options)
    confidence = _confidence(kind, chosen)
    return _Fit(
        kind,
        column_map,
        missing_groups(kind, column_map),
        tuple(name for name, pick in chosen.items() if pick.score < SYNONYM * _FITTING),
        confidence,
        confidence * sum(pick.score for pick in chosen.values()),
        {name: pick.score for name, pick in chosen.items()},
    )


@dataclass(frozen=True, slots=True)
class _Pick:
    """A source column for a canonical one, and how sure that is (0..1)."""

    source: str
    score: float


def fold(name: str) -> str:
    """A name without case, diacritics, punctuation and blanks: "Customer ID" as "customerid"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    decomposed = unicodedata.normalize("NFKD", spaced.translate(_ARABIC_TO_PERSIAN)).casefold()
    return "".join(character for character in decomposed if character.isalnum())


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return {fold(word) for word in re.split(r"[^\w]|_", spaced) if word}


@cache
def _synonyms(column: Column) -> dict[str, float]:
    """Folded names of a canonical column, with how sure each is: the first synonyms more than the last."""
    known = {fold(column.name): EXACT}
    for position, synonym in enumerate(column.synonyms):
        known.setdefault(fold(synonym), SYNONYM - 0.1 * position / max(1, len(column.synonyms)))
    return known


def _cells(source: TabularSource) -> dict[str, list[str]]:
    """What stands in each column of the sample, without what means nothing."""
    return {
        column: [
            cell
            for row in source.sample
            # A column of JSON Lines may first occur below the sample.
            if position < len(row) and (cell := row[position]) is not None and cell.strip() not in MISSING
        ]
        for position, column in enumerate(source.columns)
    }


def _assign(kind: ImportKind, cells: Mapping[str, Sequence[str]]) -> dict[str, _Pick]:
    """The best column for each canonical one, the surest pairs first; each source column once."""
    pairs = sorted(_pairs(kind, cells), key=lambda pair: -pair[0])
    chosen: dict[str, _Pick] = {}
    used: set[str] = set()
    for score, canonical, source in pairs:
        if canonical not in chosen and source not in used and score >= _LOWEST:
            chosen[canonical] = _Pick(source, score)
            used.add(source)
    _by_values(kind, cells, chosen, used)
    order = {column.name: position for position, column in enumerate(kind.columns)}
    return dict(sorted(chosen.items(), key=lambda entry: order[entry[0]]))


def _pairs(kind: ImportKind, cells: Mapping[str, Sequence[str]]) -> Iterator[tuple[float, str, str]]:
    for column in kind.columns:
        for source, values in cells.items():
            named = _name_score(column, source)
            if named:
                needed = 0.0 if named == EXACT else _FITTING if named <= WITHIN else _FITTING_SYNONYM
                yield named * _value_score(column, values, needed), column.name, source


def _name_score(column: Column, source: str) -> float:
    known = _synonyms(column)
    folded = fold(source)
    if folded in known:
        return known[folded]
    words = _words(source)
    inside = [
        name for name in known if len(name) >= 4 and (name in words or (len(name) >= 8 and name in folded))
    ]
    return WITHIN * max(known[name] for name in inside) if inside else 0.0


def _value_score(column: Column, values: Sequence[str], needed: float) -> float:
    """How many values are of the column's type, 0 when fewer than ``needed``; unsure for no values."""
    if not values:
        return 0.7
    fitting = sum(_fits(column, value) for value in values) / len(values)
    if needed and column.repeats and len(values) >= _ENOUGH and len(set(values)) * 2 > len(values):
        return 0.0
    return max(fitting, 0.4) if fitting >= needed else 0.0


def _fits(column: Column, value: str) -> bool:
    match column.type:
        case "moment" | "day":
            return read_moment(value) is not None or read_moment(value, day_first=False) is not None
        case "amount" | "number":
            return read_number(value) is not None
        case "flag":
            return read_flag(value) is not None
    if column.name == "email":
        return "@" in value
    if column.name == "phone":
        return sum(character.isdecimal() for character in value) >= 6
    if column.name in ("name", "customer_name"):
        return any(character.isalpha() for character in value)
    if column.name in ("currency", "from", "to"):
        return read_currency(value) is not None
    return True


def _by_values(
    kind: ImportKind, cells: Mapping[str, Sequence[str]], chosen: dict[str, _Pick], used: set[str]
) -> None:
    """Find what is required and has no name: the only date, the only address, the only amount."""
    wanted = {name for group in kind.required for name in group} - set(chosen)
    for name in sorted(wanted | ({"email"} & {column.name for column in kind.columns} - set(chosen))):
        column = kind.column(name)
        if (
            column is None
            or _group_found(kind, name, chosen)
            or (column.type in ("id", "text") and name != "email")
        ):
            continue
        fitting = [
            source for source, values in cells.items() if source not in used and _speaks_for(column, values)
        ]
        if len(fitting) == 1:
            chosen[name] = _Pick(fitting[0], BY_VALUES)
            used.add(fitting[0])


def _group_found(kind: ImportKind, name: str, chosen: Mapping[str, _Pick]) -> bool:
    return any(name in group and any(other in chosen for other in group) for group in kind.required)


def _speaks_for(column: Column, values: Sequence[str]) -> bool:
    """Whether values alone show the type: dates that are more than numbers, amounts with a fraction."""
    if not values or _value_score(column, values, _FITTING) < 0.9:
        return False
    if column.type in ("moment", "day"):
        return not all(value.isdecimal() and len(value) != 8 for value in values)
    if column.type == "amount":
        return any("." in value or "," in value for value in values)
    return True


def _confidence(kind: ImportKind, chosen: Mapping[str, _Pick]) -> float:
    """That of the weakest group of required columns, each as sure as its surest column."""
    groups = [[chosen[name].score for name in group if name in chosen] for group in kind.required]
    return min((max(scores) for scores in groups if scores), default=0.0)
