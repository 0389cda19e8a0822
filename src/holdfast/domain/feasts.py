"""Feasts for which greetings can go out, each year on its day."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.domain.texts import Text

FEASTS: Mapping[str, Text] = {
    "nowruz": Text("Nowruz"),
    "chinese_new_year": Text("Chinese New Year"),
    "christmas": Text("Christmas"),
}
"""Every feast that a play can name."""
