"""Links that lead over us: nobody makes them lead elsewhere; machines are told apart by what they do (G2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import clicks

SECRET = b"s" * 32
SECOND = 1_000_000
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@given(st.integers(1, 2**62), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_token_is_read_back(touch_id: int, link: str) -> None:
    assert clicks.read(clicks.token(touch_id, link, SECRET), SECRET) == (touch_id, link)


@given(st.integers(0, 80), st.sampled_from("Aa0-_x"))
def test_a_changed_token_leads_nowhere(place: int, letter: str) -> None:
    written = clicks.token(7, "https://shop.example/a?b=1", SECRET)
    changed = written[:place] + letter + written[place + 1 :]
    if changed == written:
        return
    try:
        # Another spelling of the last bits may mean the same: then it leads where it led.
        assert clicks.read(changed, SECRET) == (7, "https://shop.example/a?b=1")
    except clicks.Forged:
        return
    assert place >= len(written) - 1


@pytest.mark.parametrize("written", ["", "x", "é", "AAAA", "a" * 4_000])
def test_what_is_no_token_is_refused(written: str) -> None:
    with pytest.raises(clicks.Forged):
        clicks.read(written, SECRET)
    with pytest.raises(clicks.Forged):
        clicks.read(clicks.token(1, "https://a.example", b"other"), SECRET)


@pytest.mark.parametrize(
    ("method", "agent", "after", "others", "sign"),
    [
        ("GET", PERSON, 60, (), ""),
        ("GET", PERSON, 60, (59, 30), ""),
        ("HEAD", PERSON, 60, (), "head"),
        ("GET", "", 60, (), "named"),
        ("GET", "Mozilla/5.0 (compatible; Googlebot/2.1)", 60, (), "named"),
        ("GET", "python-requests/2.32", 60, (), "named"),
        ("GET", "BarracudaCentral/1.0 (link check)", 60, (), "named"),
        ("GET", PERSON, 29, (), "early"),
        ("GET", PERSON, None, (), "early"),
        ("GET", PERSON, 60, (1, 2), "several"),
        ("GET", "Mozilla/5.0 Cubot_X19 Chrome/120 Mobile", 60, (), ""),
    ],
)
def test_machines_are_known_by_what_they_do(
    method: str, agent: str, after: int | None, others: tuple[int, ...], sign: str
) -> None:
    now_us = 1_000 * SECOND
    found = clicks.machine_by(
        method,
        agent,
        sent_us=None if after is None else now_us - after * SECOND,
        others_us=[now_us - each * SECOND for each in others],
        now_us=now_us,
    )
    assert found == sign
