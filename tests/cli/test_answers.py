import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.cli.answers import as_json, columns
from holdfast.domain.texts import Text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_json_can_say_comes_back_as_it_was(answer: dict[str, object]) -> None:
    written = as_json(answer)
    assert json.loads(written) == answer
    assert "\n" not in written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_amounts_keep_all_their_digits(amount: Decimal) -> None:
    assert json.loads(as_json({"amount": amount}), parse_float=Decimal, parse_int=Decimal)["amount"] == amount


def test_dates_paths_and_sentences() -> None:
    answer = {
        "on": date(2026, 6, 1),
        "at": datetime(2026, 6, 1, 12, tzinfo=UTC),
        "file": Path("a/b.csv"),
        "words": Text("{n} row", "{n} rows", n=2),
    }
    assert json.loads(as_json(answer)) == {
        "on": "2026-06-01",
        "at": "2026-06-01T12:00:00+00:00",
        "file": "a/b.csv",
        "words": "2 rows",
    }


def test_a_number_that_is_none_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"value": float("nan")})


def test_columns_line_up_in_every_script() -> None:
    assert columns([("a", "1"), ("bbb", "20")], numbers=frozenset({1})) == "a     1\nbbb  20"
    assert columns([("流失", "x"), ("lost", "y")]) == "流失  x\nlost  y"
    assert columns([]) == ""
