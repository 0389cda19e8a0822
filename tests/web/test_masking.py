"""N2: personal data is shown to a role as it may see it, on every page."""

from __future__ import annotations

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
