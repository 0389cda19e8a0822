"""Exact decimals at the speed of floats.

Decimal arithmetic of the engine either overflows (18 digits) or is slow (38 digits). So a result
is worked out in doubles first, and taken only where their error cannot change the answer: where
it is small, and far from a tie. Elsewhere the same expression is worked out in 38 digits.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from holdfast.engines.embedded import quoted

_SAFE = "1e10"
"""Below this, an expression of a few operations in doubles is off by less than 1e-5 units."""

_FROM_TIE = "1e-4"


def with_type(sql: str, columns: Collection[str], kind: str) -> str:
    """``sql`` with each of the quoted ``columns`` cast to ``kind``."""
    if not columns:
        return sql
    names = "|".join(re.escape(quoted(name)) for name in sorted(columns, key=len, reverse=True))
    return re.sub(names, lambda found: f"CAST({found[0]} AS {kind})", sql)


def in_doubles(sql: str, columns: Collection[str]) -> str:
    """``sql`` over doubles: enough to compare with, and for ratios."""
    return with_type(sql, columns, "DOUBLE")


def minor_units(sql: str, columns: Collection[str], digits: int) -> str:
    """The amount ``sql`` in units of 10^-``digits``, halves to the even neighbour, as BIGINT.

    ``columns`` are the decimal columns it is made of. NULL where it does not fit into 64 bits.
    """
    scale = 10**digits
    quick = f"(({in_doubles(sql, columns)}) * {scale})"
    exact = f"TRY_CAST(ROUND_EVEN(TRY({_in_decimals(sql, columns)}), {digits}) * {scale} AS BIGINT)"
    return (
        f"CASE WHEN ABS({quick}) < {_SAFE} AND ABS({quick} - FLOOR({quick}) - 0.5) > {_FROM_TIE} "
        f"THEN CAST(ROUND({quick}) AS BIGINT) ELSE {exact} END"
    )


def six_places(sql: str, columns: Collection[str]) -> str:
    """The number ``sql`` as a decimal with six places; NULL where it has more than 32 before them."""
    quick = f"({in_doubles(sql, columns)})"
    exact = f"TRY_CAST(TRY({_in_decimals(sql, columns)}) AS DECIMAL(38,6))"
    return f"CASE WHEN ABS({quick}) < 1e8 THEN CAST({quick} AS DECIMAL(38,6)) ELSE {exact} END"


def _in_decimals(sql: str, columns: Collection[str]) -> str:
    """``sql`` over wide decimals; what holds a quotient becomes a decimal of nine places."""
    exact = f"({with_type(sql, columns, 'DECIMAL(38,6)')})"
    return f"CAST({exact} AS DECIMAL(38,9))" if " / " in sql else exact
