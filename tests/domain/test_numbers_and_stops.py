"""Numbers, parts of text messages, and words that end them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.phones import e164, without_numbers
from holdfast.domain.sms_parts import parts_of
from holdfast.domain.stop_words import wish


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" * 77, "GSM-7", 3),  # an escape is not torn from its letter
        ("س" * 70, "UCS-2", 1),
        ("س" * 71, "UCS-2", 2),
        ("a" * 69 + "ă", "UCS-2", 1),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 67, "UCS-2", 3),  # 33 in each: half a letter is none
        ("Grüße, señor ΔΦ", "GSM-7", 1),
    ],
)
def test_parts_are_counted_as_networks_do(text: str, encoding: str, count: int) -> None:
    found = parts_of(text)
    assert (found.encoding, found.count) == (encoding, count)


@given(st.text(max_size=700), st.text(max_size=5))
def test_more_text_is_never_fewer_parts(text: str, more: str) -> None:
    assert parts_of(text + more).count >= parts_of(text).count >= 1


@pytest.mark.parametrize(
    "text", ["STOP", " stop. ", "Stop!", "stop all", "لغو", "لغو۱۱", "СТОП", "退订", "«Отписаться»"]
)
def test_a_text_that_is_nothing_but_stop_ends_messages(text: str) -> None:
    assert wish(text) == "stop"


@pytest.mark.parametrize(
    "text", ["Please stop by tomorrow", "", "…", "Can I cancel my order?", "ok", "non-stop"]
)
def test_a_sentence_ends_nothing(text: str) -> None:
    assert wish(text) == ""


@pytest.mark.parametrize("text", ["START", "unstop", "شروع", "Старт"])
def test_they_can_be_asked_for_again(text: str) -> None:
    assert wish(text) == "start"


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert wish(text) in ("stop", "start", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [("+353851234567", "+353851234567"), (" 353851234567", "+353851234567"), ("0851234567", ""), ("+1", ""),
     ("+۳۵۳۸۵۱۲۳۴۵۶۷", "+353851234567"), ("x@y.example", ""), ("+35385123456789012", ""), ("", "")],
)  # fmt: skip
def test_a_number_has_one_spelling(written: str, read: str) -> None:
    assert e164(written) == read


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_no_number_is_left_in_what_a_server_said(number: str) -> None:
    said = without_numbers(f"The 'To' number {number} is not a valid phone number (21211).")
    assert number not in said and number[-5:] not in said and "21211" in said


def test_numbers_in_other_spellings_are_taken_out_too() -> None:
    assert without_numbers("to +1 (555) 123-4567 no") == "to … no"
