"""Causes of leaving in the reader's words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store import own_words
from holdfast.web.workspace import served_workspace

HOW: Mapping[str, Text] = {
    "contract": Text("ended a contract"),
    "deleted": Text("closed the account"),
    "silent": Text("fell silent"),
}
"""How a customer left, in words that go on after who."""


FRESH_SECONDS = 5.0
"""Names that our own people gave are read again after so long."""

_Names = Mapping[str, Mapping[str, str]]
_known: dict[Path, tuple[float, _Names]] = {}


def cause_name(cause: str, reader: Reader) -> str:
    """The name of a cause as this workspace calls it; "not known" for none, and what we do not know stays as
    it is.
    """
    if not cause:
        return reader.gettext("not known")
    names = _names(served_workspace()).get(cause, {})
    return names.get(reader.code) or names.get("en") or cause.replace("_", " ")


def forget_names() -> None:
    """Read names again: somebody has just changed one."""
    _known.clear()


def _names(workspace: Settings) -> _Names:
    until, names = _known.get(workspace.folder, (0.0, {}))
    if time.monotonic() >= until:
        names = {cause: each.names for cause, each in own_words.causes(workspace).items()}
        _known[workspace.folder] = time.monotonic() + FRESH_SECONDS, names
    return names
