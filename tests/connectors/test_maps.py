"""Maps are read strictly, and what is wrong in one is said with what would be right (A1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.connectors.maps import read_map
from holdfast.domain.imports import ColumnMap, MapOptions
from holdfast.domain.refusals import Refusal
from stage_files import write

FULL = """
[columns]
customer = "Customer ID"
at = 3

[derive]
amount = 'Quantity * "Unit Price" / 100'

[immutable]
traits = ["birth_date"]

[options]
timezone = "Asia/Tehran"
date_format = "persian"
decimal = ","
currency = "IRR"
encoding = "windows-1256"
delimiter = "tab"
header = false
lag = "12 hours"
namespace = "shop"
source = "till"
country = "IR"
"""


def test_everything_a_map_can_say(tmp_path: Path) -> None:
    read = read_map(write(tmp_path, FULL, "MAP.toml"))
    assert read == ColumnMap(
        columns={"customer": "Customer ID", "at": "3"},
        derive={"amount": 'Quantity * "Unit Price" / 100'},
        immutable=("birth_date",),
        options=MapOptions(
            timezone="Asia/Tehran",
            date_format="persian",
            decimal=",",
            currency="IRR",
            encoding="cp1256",
            delimiter="\t",
            header=False,
            lag_us=12 * 3_600_000_000,
            namespace="shop",
            source="till",
            country="IR",
        ),
    )


def test_an_empty_map_says_nothing(tmp_path: Path) -> None:
    assert read_map(write(tmp_path, "", "MAP.toml")) == ColumnMap()


def test_traits_may_be_listed_in_three_ways(tmp_path: Path) -> None:
    for text in ('immutable = ["a"]', '[immutable]\ntraits = ["a"]', "[immutable]\na = true\nb = false"):
        assert read_map(write(tmp_path, text, "MAP.toml")).immutable == ("a",)


def test_a_lag_is_days_or_says_its_unit(tmp_path: Path) -> None:
    for said, days in (("2", 2), ('"2 days"', 2), ('"1 week"', 7), ("0", 0)):
        options = read_map(write(tmp_path, f"[options]\nlag = {said}", "MAP.toml")).options
        assert options.lag_us == days * 86_400_000_000


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("[colums]\na = 'b'", "unknown_section", "'columns'"),
        ("[options]\ntime_zone = 'UTC'", "unknown_option", "'timezone'"),
        ("[options]\nlag_us = 5", "unknown_option", "'lag'"),
        ("[options]\ntimezone = 'Tehran'", "bad_map", "Asia/Tehran"),
        ("[options]\ndate_format = 'dmy'", "bad_map", "day-first"),
        ("[options]\ndecimal = ';'", "bad_map", '","'),
        ("[options]\ncurrency = 'euro'", "bad_map", "EUR"),
        ("[options]\nheader = 'no'", "bad_map", "true or false"),
        ("[options]\nlag = 'soon'", "bad_map", "12 hours"),
        ("[options]\nlag = -1", "bad_map", "12 hours"),
        ("[options]\nsource = 5", "bad_map", "quotes"),
        ("[options]\nencoding = 'klingon'", "unknown_encoding", "cp1251"),
        ("[options]\ndelimiter = '::'", "bad_map", "whitespace"),
        ("[columns]\na = true", "bad_map", "quotes"),
        ("[columns]\na = ['b']", "bad_map", "quotes"),
        ("columns = 'a'", "bad_map", "[columns]"),
        ("[derive]\namount = 'a ** 2'", "bad_formula", "+ - * /"),
        ("[immutable]\ntraits = 'a'", "bad_map", "traits"),
        ("[columns", "bad_map", "TOML"),
        ("[columns]\na = 'b'\na = 'c'", "bad_map", "TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_map(write(tmp_path, text, "MAP.toml"))
    assert refusal.value.code == code
    assert said in f"{refusal.value.expected} {refusal.value.remedy}"


def test_a_map_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        read_map(tmp_path / "none.toml")
    assert refusal.value.code == "no_file"
    with pytest.raises(Refusal) as refusal:
        read_map(write(tmp_path, b"\xff\xfe\xff", "MAP.toml"))
    assert refusal.value.code == "bad_map"
