"""Causes of leaving in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from holdfast.domain.texts import Text
from holdfast.language import Reader

HOW: Mapping[str, Text] = {
    "contract": Text("ended a contract"),
    "deleted": Text("closed the account"),
    "silent": Text("fell silent"),
}
"""How a customer left, in words that go on after who."""


def cause_name(cause: str, reader: Reader) -> str:
    """The name of a cause; "not known" for none, and what we do not know stays as it is."""
    if not cause:
        return reader.gettext("not known")
    names = _names().get(cause, {})
    return names.get(reader.code) or names.get("en") or cause.replace("_", " ")


@cache
def _names() -> dict[str, Mapping[str, str]]:
    from holdfast.text import causes

    return {cause.id: cause.names for cause in causes()}
