from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.settings import RiskSettings, Settings, read_settings, write_settings


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
