"""What is written into files that people open in a spreadsheet."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What begins a formula in a spreadsheet, or a cell that is read as one."""


def harmless(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula: an apostrophe goes before its sign.

    Plain numbers stay numbers, also negative ones. Source: OWASP, "CSV Injection".
    """
    if not cell.startswith(FORMULA_SIGNS) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdigit() and cell.isascii()
