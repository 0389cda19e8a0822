"""N2: passwords are long enough, nobody's first thought, and kept as Argon2id of enough work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import passwords, users


def test_n2_a_kept_password_costs_at_least_what_owasp_asks(workspace: Settings) -> None:
    from argon2 import Type, extract_parameters

    kept = users.hashed("cafe\u0301 au lait et deux sucres")
    asked = extract_parameters(kept.removeprefix("argon2"))
    assert asked.type is Type.ID
    assert asked.memory_cost >= 19_456
    assert asked.time_cost >= 2
    assert (asked.salt_len, asked.hash_len) >= (16, 32)


def test_n2_a_sign_in_does_not_wait_for_more_work_than_that(workspace: Settings) -> None:
    """More passes or memory than one of OWASP's settings made signing in slower than a page may be."""
    from argon2 import extract_parameters

    asked = extract_parameters(users.hashed("tea-with-no-sugar-please").removeprefix("argon2"))
    assert (asked.memory_cost, asked.time_cost, asked.parallelism) == (19_456, 2, 1)


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "passwordpassword",
        "aaaaaaaaaaaaaaaaaaaa",
        "qwertyuiop123",
        "Ada Byron 1815",
        "ada.byron@example.com",
        "holdfast-2026",
        "Kelp & Sons 99",
        "x" * 257,
        "",
    ],
)
def test_n2_what_somebody_would_think_of_is_refused(workspace: Settings, password: str) -> None:
    shop = replace(workspace, name="Kelp & Sons")
    with pytest.raises(Refusal) as refused:
        passwords.check(shop, password, email="ada.byron@example.com", name="Ada Byron")
    assert refused.value.code == "weak_password"
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "ada likes four green herrings",
        "چهار کلمه از خودم",
        "我自己的四个词语很长很长的",
        "žluťoučký kůň" * 19,
        "!?!?!?!?!?!;",
        " ".join(str(number) for number in range(80)),
    ],
)
def test_n2_whatever_else_somebody_types_is_taken_whole(workspace: Settings, password: str) -> None:
    passwords.check(workspace, password, email="ada@example.com", name="Ada")


def test_n2_two_spellings_of_a_letter_are_one_password() -> None:
    assert passwords.normal("cafe\u0301") == passwords.normal("caf\u00e9")
