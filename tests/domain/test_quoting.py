"""Words of customers are quoted without what says who wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.domain.quoting import DOTS, LONGEST, quoted


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("Write to ann.lee@example.org please", (), f"Write to {DOTS} please"),
        ("Call +40 721 123 456 or 0721-123456", (), f"Call {DOTS} or {DOTS}"),
        ("See https://example.org/x?y=1 now", (), f"See {DOTS} now"),
        ("I, Ann-Marie LEE, waited 12 days", ("Ann-Marie Lee",), f"I, {DOTS} {DOTS}, waited 12 days"),
        ("مریم رستمی هستم و دیر رسید", ("مریم رستمی",), f"{DOTS} {DOTS} هستم و دیر رسید"),
        ("Leeds is late", ("Ann Lee",), "Leeds is late"),
        ("two\n\n lines", (), "two lines"),
        ("", (), ""),
        ("😀", ("Jo",), "😀"),
    ],
)
def test_who_wrote_it_does_not_show(text: str, names: tuple[str, ...], shown: str) -> None:
    assert quoted(text, names) == shown


@settings(deadline=None)
@given(st.text(max_size=2_000), st.lists(st.text(min_size=3, max_size=12), max_size=3))
def test_a_quote_is_one_short_line(text: str, names: list[str]) -> None:
    shown = quoted(text, names)
    assert len(shown) <= LONGEST
    assert "\n" not in shown


def test_a_megabyte_is_quoted_at_once() -> None:
    assert len(quoted("a@" * 500_000)) <= LONGEST
