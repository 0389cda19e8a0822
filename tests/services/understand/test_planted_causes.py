"""E1 against a company whose truth is known: planted causes come out on top, with the right share."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from holdfast.analytics.loss_evidence import KIND_NAMES, Kind
from holdfast.analytics.loss_shares import shares, voices
from holdfast.domain.period import day_number
from holdfast.services.collect.demo import build_demo
from holdfast.services.measure.measure import ready
from holdfast.services.measure.until import Until
from holdfast.services.progress import Silent
from holdfast.services.understand import telling, voice
from holdfast.services.understand.between import read_texts
from holdfast.settings import Settings
from holdfast.store import sql

END = date(2026, 11, 1)


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> tuple[telling.Gone, np.ndarray]:
    """Everybody who left a demo of 6,000, and the true cause of each ("" for who never truly left)."""
    from holdfast import store

    settings = Settings(tmp_path_factory.mktemp("demo") / "workspace", buckets=8)
    store.connect(settings)
    settings = build_demo(settings, customers=6_000, days=730, seed=11, progress=Silent()).settings
    now_us = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) * 1_000_000
    read_texts(settings, now_us=now_us, progress=Silent())
    with ready(settings, Until(END, END), tmp_path_factory.mktemp("tables")) as tables:
        found = telling.gone_of(settings, tables)
    return found, truth_of(settings, found)


def truth_of(settings: Settings, found: telling.Gone) -> np.ndarray:
    """The true cause of each loss: of the last true one in its stretch."""
    folder = settings.folder / "demo"
    twice = {
        row["guest_id"]: row["customer"] for row in rows(folder / "truth-customers.csv") if row["guest_id"]
    }
    truly = defaultdict(list)
    for row in rows(folder / "truth-losses.csv"):
        truly[row["customer"]].append((day_number(date.fromisoformat(row["left_on"])), row["cause"]))
    keys = dict(sql.read("SELECT id, key FROM subject"))
    losses, told = found.losses, []
    for unit, began, left in zip(losses.unit, losses.began_day, losses.left_day, strict=True):
        customer = keys[int(unit)]
        inside = [each for each in truly[twice.get(customer, customer)] if began <= each[0] <= left + 1]
        told.append(max(inside)[1] if inside else "")
    return np.array(told, object)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.long
def test_e1_planted_causes_come_out_on_top_with_the_right_share(
    gone: tuple[telling.Gone, np.ndarray],
) -> None:
    found, truth = gone
    for chosen in (found.losses.signed, np.ones(len(found), bool)):
        places = np.flatnonzero(chosen & (truth != ""))
        told = voices(found.causes.evidence, len(found), len(found.ids), places)
        estimated = shares(told, voice.strata_of(found, places))
        real = np.array([(truth[places] == cause).mean() for cause in found.ids])
        inside = (estimated.low <= real) & (real <= estimated.high)
        print(
            [
                (found.ids[at], round(float(real[at]), 3), round(float(estimated.share[at]), 3))
                for at in np.argsort(-real)[:6]
            ]
        )
        print("inside", inside.mean())
        assert found.ids[int(estimated.share.argmax())] == found.ids[int(real.argmax())] == "price_too_high"
        assert inside[int(real.argmax())]
        assert inside.mean() >= 0.85


@pytest.mark.long
def test_e1_a_named_cause_is_as_often_right_as_it_is_said_to_be(
    gone: tuple[telling.Gone, np.ndarray],
) -> None:
    found, truth = gone
    named = np.flatnonzero((found.causes.cause >= 0) & (truth != ""))
    right = np.array([found.ids[found.causes.cause[at]] == truth[at] for at in named])
    sure, by = found.causes.confidence[named], found.causes.told_by[named]
    for kind in (Kind.WORDS, Kind.UNPAID, Kind.TICK):
        of_kind = by == kind
        print(KIND_NAMES[kind], of_kind.sum(), right[of_kind].mean(), sure[of_kind].mean())
        assert right[of_kind].mean() >= sure[of_kind].mean() - 0.07, KIND_NAMES[kind]
    assert right.mean() >= sure.mean() - 0.05
