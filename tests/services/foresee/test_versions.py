"""A kept model is read back only as it was written, and only by what can still ask it (D4)."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.services.foresee import versions
from holdfast.services.foresee.reading import ModelCard
from holdfast.settings import Settings

CARD = ModelCard(
    version=0,
    role="champion",
    trained_on=date(2024, 5, 1),
    moments=(date(2024, 1, 1),),
    rows=100,
    left=20,
    units=50,
    horizon_days=90,
    members={},
    grade={},
    graded_on=None,
    curve=(),
    drift=None,
    features=(),
    notes=(),
    seed=1,
)


def test_a_model_comes_back_as_it_was(workspace: Settings) -> None:
    card = versions.save(workspace, {"weights": [1, 2]}, CARD)
    assert versions.load(workspace, card.version) == {"weights": [1, 2]}
    assert versions.load(workspace, card.version + 1) is None


def test_a_changed_file_is_not_read(workspace: Settings) -> None:
    card = versions.save(workspace, {"weights": [1, 2]}, CARD)
    path = workspace.models / str(card.version) / "model.pickle"
    path.write_bytes(path.read_bytes() + b"\n")
    assert versions.load(workspace, card.version) is None


def test_a_model_of_another_release_is_trained_anew(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = versions.save(workspace, {"weights": [1, 2]}, CARD)
    monkeypatch.setattr(versions, "FORMAT", versions.FORMAT + 1)
    assert versions.load(workspace, card.version) is None


def test_old_versions_go_and_the_champion_stays(workspace: Settings) -> None:
    first = versions.save(workspace, "first", CARD)
    versions.make_champion(workspace, first.version)
    for number in range(versions.KEPT + 3):
        versions.save(workspace, number, CARD)
    versions.make_champion(workspace, versions.cards(workspace)[-1].version)
    kept = versions.cards(workspace)
    assert len(kept) <= versions.KEPT + 1
    assert all(versions.load(workspace, card.version) is not None for card in kept)
    assert sorted(int(path.name) for path in workspace.models.iterdir()) == sorted(
        card.version for card in kept
    )
