"""N2: codes as RFC 4226 and RFC 6238 compute them."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    [(0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"), (9, "520489")],
)
def test_n2_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert totp.code_of(SECRET, counter) == code


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
        (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_n2_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    assert totp.code_of(SECRET, totp.step_at(second * 1_000_000), digits=8) == code


@given(st.binary(min_size=20, max_size=20), st.integers(10, 10**9), st.integers(-3, 3))
def test_n2_a_code_fits_one_step_before_and_after_and_no_further(secret: bytes, step: int, off: int) -> None:
    now_us = step * totp.STEP_SECONDS * 1_000_000
    near = {totp.code_of(secret, step + each) for each in (-1, 0, 1)}
    code = totp.code_of(secret, step + off)
    found = totp.matching_step(secret, code, now_us=now_us, after=0)
    assert (found is not None) == (code in near)
    assert totp.matching_step(secret, code, now_us=now_us, after=step + 1) is None


@pytest.mark.parametrize("given", ["", "12345", "1234567", "۱۲۳۴۵۶", "abcdef"])
def test_n2_what_is_no_code_fits_nothing(given: str) -> None:
    assert totp.matching_step(SECRET, given, now_us=10**15, after=0) is None


def test_n2_an_app_reads_the_secret_from_the_picture() -> None:
    parts = urlsplit(totp.address(SECRET, account="niamh@example.com", issuer="Kelp: Shop & Söhne"))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Kelp  Shop & Söhne:niamh@example.com"
    assert asked["secret"] == [totp.written(SECRET).replace(" ", "")] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert (asked["issuer"], asked["digits"], asked["period"]) == (["Kelp  Shop & Söhne"], ["6"], ["30"])
