"""A1: without a map the columns are guessed, shown, and asked for."""

import tomllib
from pathlib import Path

import pytest

from holdfast.cli.choosing import chooser, map_as_toml
from holdfast.cli.progress import Lines
from holdfast.cli.session import Session
from holdfast.domain.imports import ColumnMap, Guess, MapOptions
from holdfast.domain.refusals import Refusal

MAP = ColumnMap(
    {"customer": "Customer No", "at": 'the "day"'},
    {"amount": "Qty * Price"},
    ("country",),
    MapOptions(decimal=",", header=False, lag_us=7_200_000_000),
)
GUESS = Guess(MAP, 0.9, unsure=("at",))


def test_yes_takes_the_guess() -> None:
    assert chooser(Session(Path()), Lines(str), agreed=True)(GUESS) is MAP


def test_where_nobody_can_answer_the_map_to_save_is_printed() -> None:
    with pytest.raises(Refusal) as refused:
        chooser(Session(Path(), json=True), Lines(str), agreed=False)(GUESS)
    assert refused.value.code == "columns_not_confirmed"
    assert map_as_toml(MAP) in str(refused.value.found)
    assert "--yes" in str(refused.value.remedy)


def test_the_printed_map_can_be_read_back() -> None:
    assert tomllib.loads(map_as_toml(MAP)) == {
        "columns": {"customer": "Customer No", "at": 'the "day"'},
        "derive": {"amount": "Qty * Price"},
        "immutable": {"traits": ["country"]},
        "options": {"decimal": ",", "header": False, "lag": "7200 seconds"},
    }


def test_a_map_without_anything_is_empty() -> None:
    assert tomllib.loads(map_as_toml(ColumnMap())) == {}


@pytest.mark.parametrize(("said", "taken"), [(True, MAP), (False, None)])
def test_a_person_at_a_terminal_is_asked(
    said: bool, taken: ColumnMap | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: said)
    assert chooser(Session(Path()), Lines(str), agreed=False)(GUESS) is taken
    out, err = capsys.readouterr()
    assert out == ""
    assert "Customer No" in err
    assert "(not sure)" in err
    assert ("[columns]" in err) is not said
