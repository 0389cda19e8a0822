"""N2: personal data is shown to a role as it may see it, on every page."""

from __future__ import annotations

import time

import pytest

from holdfast.domain.masking import mask


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "ana.pop@example.com", "a•••@example.com"),
        ("email", "@example.com", "•••"),
        ("email", "no address", "•••"),
        ("email", " ", ""),
        ("phone", "+40 721 123 456", "•••56"),
        ("phone", "1234", "•••"),
        ("address", "12 Kelp Road", "•••"),
        ("name", "Ana Maria Pop", "A••• M••• P•••"),
        ("name", "王小明", "王•••"),
    ],
)
def test_n2_values_are_shown_in_part(kind: str, value: str, shown: str) -> None:
    assert mask(kind, value) == shown  # type: ignore[arg-type]


def test_n2_what_stands_in_a_page_is_covered_but_for_our_own(served: object) -> None:
    from holdfast.web.masking import covered

    page = (
        '<a href="mailto:Ana@Example.com">Ana@Example.com</a> +40721123456, niamh@ours.com, '
        "شماره +989121234567 user@host 12+34567890 ana@пример.рф"
    )
    assert covered(page, {"niamh@ours.com"}) == (
        '<a href="mailto:A•••@Example.com">A•••@Example.com</a> •••56, niamh@ours.com, '
        "شماره •••67 user@host 12+34567890 a•••@пример.рф"
    )


def test_n2_addresses_side_by_side_are_both_covered(served: object) -> None:
    from holdfast.web.masking import covered

    assert covered("ana@example.com_ioana@example.com\n+40721123456\r\nb@c.de") == (
        "a•••@example.com_•••@example.com\n•••56\r\nb•••@c.de"
    )


@pytest.mark.parametrize("word", ["a" * 100_000, "a@" + "b." * 50_000, "a" * 64 + "@" + "b" * 100_000])
def test_n2_a_long_word_in_a_mail_holds_no_page_up(served: object, word: str) -> None:
    """Looked through from each of its letters it took minutes."""
    from holdfast.web.masking import covered

    began = time.monotonic()
    assert covered(f"{word} @ ana@example.com") == f"{word} @ a•••@example.com"
    assert time.monotonic() - began < 10
