"""E2: a theme shows different texts, not one that many wrote."""

from __future__ import annotations

from holdfast.services.understand.themes import MOST_QUOTED, _unlike


def test_e2_the_same_words_are_quoted_once() -> None:
    said = [((n, 100 - n), text) for n, text in enumerate(("Meh.", "meh. ", "So so", "MEH.", "Fine", "Else"))]
    assert _unlike(said) == ((0, 100), (2, 98), (4, 96))
    assert len(_unlike(said)) == MOST_QUOTED
    assert _unlike([]) == ()
