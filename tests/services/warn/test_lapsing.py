"""A warning of whom nothing is left to judge by does not stay open for ever: it ends and says why (C5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from holdfast.services.pulse.rescoring import Live
from holdfast.services.warn import reading
from holdfast.services.warn.reading import Raised
from holdfast.settings import Settings
from holdfast.store import sql
from services.measure.companies import take_rows, with_rule
from services.warn.companies import arrive, day, happened
from services.warn.test_live import look, run_at_night

SINCE, SILENT = 150, 126
"""The users come since so many days ago, one is silent since so many: no habit is left of theirs."""


@pytest.fixture
def users(workspace: Settings, tmp_path: Path) -> Settings:
    """Forty users of a product, three days in four; one stopped, was warned of, and never came again."""
    draw = np.random.default_rng(5)
    rows: list[tuple[object, ...]] = [("customer", "at", "name")]
    for user in range(40):
        for ago in range(SINCE + 100, 0, -1):
            if draw.random() < 0.75 and (user != 7 or ago > SILENT):
                at = day(0, 9) - timedelta(days=ago)
                rows.append((f"k{user}", at.isoformat(), "Feature Used"))
    take_rows(workspace, "events", rows, tmp_path)
    settings = with_rule(workspace, rule="fixed", after_days=330, activity=("Feature Used",))
    run_at_night(settings, day(-SILENT + 30, 3))
    return settings


def of_k7(settings: Settings, offset: int) -> Raised:
    row = sql.one("SELECT id FROM subject WHERE key = 'k7'")
    assert row is not None
    found = reading.episodes_of(settings, row[0], now=day(offset, 9))
    (episode,) = [each for each in found if each.signal_key == "use_falling"]
    return episode


def test_c5_who_has_no_habit_left_is_warned_of_no_longer(users: Settings) -> None:
    assert of_k7(users, -90).state == "open"
    run_at_night(users, day(-40, 3))
    assert of_k7(users, -40).state == "open", "there is a habit still, and nothing came"
    run_at_night(users, day(0, 3))
    over = of_k7(users, 0)
    assert (over.state, over.ended_why, over.ended_by) == ("over", "lapsed", "")
    assert over.ended is not None
    assert -14 <= (over.ended - day(0).date()).days < 0


def test_c5_a_look_in_the_day_says_the_same(users: Settings) -> None:
    run_at_night(users, day(-SILENT + 100, 3))
    assert of_k7(users, -26).state == "open"
    with Live() as live:
        for offset in range(-SILENT + 100, 0):
            arrive(users, [happened("k7", "Message Received", day(offset, 8))], day(offset, 9))
            look(users, live, day(offset, 9))
    over = of_k7(users, 0)
    assert (over.state, over.ended_why) == ("over", "lapsed")
    run_at_night(users, day(0, 3))
    assert of_k7(users, 0) == over


def test_a_customer_who_left_and_a_signal_that_is_off_say_so(users: Settings) -> None:
    from holdfast.services.warn import setting

    setting.change(users, "use_falling", {}, False, by="ada", now=day(-80, 8))
    run_at_night(users, day(-80, 10))
    assert of_k7(users, -80).ended_why == "off"
    setting.change(users, "use_falling", {}, True, by="ada", now=day(-79, 8))
    sql.write("DELETE FROM episode")
    run_at_night(users, day(-78, 3))
    assert of_k7(users, -78).state == "open"
    run_at_night(with_rule(users, after_days=30), day(-77, 3))
    assert (of_k7(users, -77).state, of_k7(users, -77).ended_why) == ("over", "left")
