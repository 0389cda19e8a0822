from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.settings import RiskSettings, Settings, change_settings, read_settings, write_settings


def test_what_is_foreseen_is_kept_beside_the_rest(tmp_path: Path) -> None:
    write_settings(Settings(tmp_path, risk=RiskSettings(horizon_days=30)))
    assert read_settings(tmp_path).risk == RiskSettings(horizon_days=30, train_every_days=28)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("[risk]\nhorizon_days = 0", "risk.horizon_days = 0"),
        ("[risk]\ntrain_every_days = 'often'", "risk.train_every_days = 'often'"),
        ("[risk]\nhorizon = 30", "unknown setting 'risk.horizon'"),
        ("risk = 3", "unknown setting 'risk'"),
    ],
)
def test_what_means_nothing_is_refused_by_name(tmp_path: Path, written: str, named: str) -> None:
    (tmp_path / "holdfast.toml").write_text(f"version = 1\n{written}\n")
    with pytest.raises(Refusal) as refused:
        read_settings(tmp_path)
    assert named in str(refused.value.found)


def _change_many(folder: Path, name: str, times: int) -> None:
    for number in range(1, times + 1):
        change_settings(folder, **{name: f"{name} {number}"})


def test_two_who_change_settings_at_once_lose_nothing(tmp_path: Path) -> None:
    write_settings(Settings(tmp_path, currency="EUR"))
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=_change_many, args=(tmp_path, name, 40)) for name in ("name", "country")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    after = read_settings(tmp_path)
    assert (after.name, after.country, after.currency) == ("name 40", "country 40", "EUR")
    assert [path.name for path in tmp_path.iterdir()] == ["holdfast.toml"]


def test_a_change_that_means_nothing_changes_nothing(tmp_path: Path) -> None:
    write_settings(Settings(tmp_path, currency="EUR"))
    with pytest.raises(Refusal):
        change_settings(tmp_path, currency="euro")
    assert change_settings(tmp_path, name="Shop").currency == "EUR"
