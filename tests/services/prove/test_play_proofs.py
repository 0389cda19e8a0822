"""What a run counts for the proof of a play, and what the page, the API and the command read of it (G7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from holdfast.domain.moments import microseconds
from holdfast.language import Reader
from holdfast.services.act.plays import define
from holdfast.services.act.plays.enrolling import how_of
from holdfast.services.collect.demo import Planted
from holdfast.services.measure.measure import ready
from holdfast.services.measure.until import measured_until
from holdfast.services.prove import counted as passing
from holdfast.services.prove import counting
from holdfast.services.prove.play_words import facts, leaving, planted_words
from holdfast.services.prove.plays import proof
from holdfast.settings import Settings, write_settings
from holdfast.store import grants, plays, plays_enrolling, plays_proved, sql
from holdfast.store.grants import NewGrant
from holdfast.store.plays import KeptPlay
from playing import a_play, launched
from services.measure.companies import NOW, take_rows

BEGAN = datetime(2024, 2, 1, 9, tzinfo=UTC)
FOLLOW = 40
CUSTOMERS = 240
MARGIN = 0.5


@pytest.fixture(scope="module")
def rows() -> list[tuple[object, ...]]:
    """Two orders a month of everybody up to 1 February; then of those with an even number alone."""
    chance = Random(2)
    found: list[tuple[object, ...]] = [("order_id", "customer", "at", "amount", "currency")]
    for customer in range(CUSTOMERS):
        day = date(2023, 9, 1) + timedelta(days=chance.randrange(15))
        while day < (date(2024, 7, 10) if customer % 2 else date(2024, 1, 25)):
            found.append(
                (f"o{len(found)}", f"c{customer}", f"{day}T12:00:00Z", chance.randrange(5, 50), "EUR")
            )
            day += timedelta(days=15)
    return found


@pytest.fixture
def shop(workspace: Settings, tmp_path: Path, rows: list[tuple[object, ...]]) -> Settings:
    take_rows(workspace, "orders", rows, tmp_path)
    lost = replace(workspace.lost, rule="fixed", after_days=30)
    changed = replace(workspace, lost=lost, margin=MARGIN, currency="EUR", timezone="UTC")
    write_settings(changed)
    return changed


def play_with_everybody(settings: Settings) -> KeptPlay:
    told = a_play(purpose="marketing", hold_out=0.5, follow_days=FOLLOW)
    play, version = launched(settings, told, BEGAN)
    how = how_of(settings, play, version, define.ready_of(version), {"by_hand": ""}, BEGAN)
    units = sql.read("SELECT id FROM subject WHERE namespace = 'customer' ORDER BY id", ())
    plays_enrolling.enrol(settings, how, [(unit, 1) for (unit,) in units])
    return play


def counted(settings: Settings, now: datetime = NOW) -> int:
    settings.measured.mkdir(parents=True, exist_ok=True)
    folder = settings.measured / f"test-{now:%j}"
    folder.mkdir()
    with ready(settings, measured_until(settings, None, now), folder) as tables:
        return counting.note(settings, tables, now_us=microseconds(now))


def by_hand(settings: Settings, rows: list[tuple[object, ...]]) -> Iterator[tuple[str, bool, float]]:
    """(arm, whether it left, margin within the follow-up) of each customer, from the rows of the file."""
    arms = dict(sql.read("SELECT s.key, e.arm FROM enrolment e JOIN subject s ON s.id = e.unit_id", ()))
    first, last = BEGAN.date(), BEGAN.date() + timedelta(days=FOLLOW)
    for key, arm in arms.items():
        days = [
            (date.fromisoformat(str(at)[:10]), float(str(paid)))
            for _, who, at, paid, _ in rows[1:]
            if who == key
        ]
        until = max(day for day, _ in days) + timedelta(days=30)
        earned = sum(paid for day, paid in days if first < day <= last) * MARGIN
        yield arm, first < until <= last, earned


def test_g7_a_run_counts_who_left_and_what_was_earned_by_arm(
    shop: Settings, rows: list[tuple[object, ...]]
) -> None:
    play = play_with_everybody(shop)
    before = proof(shop, play, NOW)
    assert before is not None
    assert (before.as_of, before.money) == (None, False)
    enrolment = sql.read("SELECT id, unit_id FROM enrolment WHERE arm = 'treated' LIMIT 1", ())[0]
    for kind, amount in (("credit", 700), ("discount", 900)):
        new = NewGrant(kind, enrolment[1], enrolment[0], kind, amount, "money", "EUR", "sorry", "test")
        grants.add(shop, new, now_us=microseconds(NOW))
    plays_proved.set_costs(shop, {"email": 2.5, plays_proved.TASK: 300})
    sql.write(
        "INSERT INTO task (key, kind, title, priority, state, made_us, made_by, origin, origin_key, "
        "text, closed_by, outcome, reason, script) VALUES "
        f"('play:{enrolment[0]}:call', 'call', 'Call', 1, 'done', 1, '', 'play', '', '', '', '', '', '')",
        (),
    )
    assert counted(shop) == 1
    found = proof(shop, play, NOW)
    assert found is not None
    told = list(by_hand(shop, rows))
    assert found.as_of is not None and found.money and found.horizon_days == FOLLOW
    assert found.entered == len(told) == CUSTOMERS
    for arm in ("treated", "held_out"):
        some = [(left, earned) for which, left, earned in told if which == arm]
        assert found.followed[arm] == len(some)
        assert found.left[arm] == sum(left for left, _ in some) > 20
    kept = plays_proved.kept(shop, play.id)
    assert kept is not None and kept.cap_minor is not None
    lines = counting.lines_of(kept)
    for line in lines:
        capped = [min(round(earned * 100), kept.cap_minor) for arm, _, earned in told if arm == line.sums.arm]
        assert line.sums.margin is not None
        assert line.sums.margin.y == pytest.approx(sum(capped), abs=1)
    assert found.cost.minor == 700 + 300, "a discount is in the margin already"
    assert found.verdict.profit is not None
    assert found.verdict.balance.problem is None
    told_of = dict(facts(found, Reader("en")))
    assert told_of["Cost so far"] == "€10" and told_of["Counted up to"] == "15 July 2024"
    assert told_of["The two groups"].startswith("as a draw makes them: ")
    assert told_of["Difference at the planned end"] == "not clear yet"
    assert "(99% sure: between " in told_of["Difference at any time"]
    assert " of the treated, €" in told_of["Margin a customer, difference at any time"]
    assert told_of["Profit of the play"].endswith(" of cost")


def test_g7_the_truth_of_a_demo_stands_beside_the_interval(shop: Settings) -> None:
    play = play_with_everybody(shop)
    counted(shop)
    found = proof(shop, play, NOW)
    assert found is not None and found.planted is None and planted_words(found) == ()
    interval = leaving(found)
    assert interval is not None
    for difference, words in ((0.0, "The interval holds"), (-0.9, "The interval does not hold")):
        truth = Planted(1_000, 900 + round(difference * 1_000), 900, 12.5)
        assert truth.difference == difference
        told = [Reader("en").say(each) for each in planted_words(replace(found, planted=truth))]
        assert told[0].startswith("A demo knows the truth: of 1,000 who were treated")
        assert told[1].startswith(words), (interval, told)


def test_g7_what_the_first_count_decided_stays_and_what_is_over_is_counted_once(shop: Settings) -> None:
    play = play_with_everybody(shop)
    early = BEGAN + timedelta(days=FOLLOW)
    assert counted(shop, early) == 1
    found = proof(shop, play, early)
    assert found is not None and sum(found.followed.values()) == 0, "the last day is not over"
    first = plays_proved.kept(shop, play.id)
    assert counted(shop, early + timedelta(days=1)) == 1
    second = plays_proved.kept(shop, play.id)
    assert first is not None and second is not None
    decided = lambda kept: (kept.follow_days, kept.base_rate, kept.cap_minor)  # noqa: E731
    assert decided(first) == decided(second)
    assert second.as_of_day == first.as_of_day + 1
    plays.set_state(shop, play, "ended", why="test", now_us=microseconds(NOW))
    assert counted(shop, NOW) == 0, "everybody was followed, and nobody enters"


def test_g7_a_play_that_holds_nobody_out_is_not_counted(shop: Settings) -> None:
    launched(shop, a_play(), BEGAN)
    assert counted(shop) == 0


def test_where_everybody_is_is_counted_at_once_and_of_much_once_a_minute(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    play, version = launched(workspace, a_play(), BEGAN)
    how = how_of(workspace, play, version, define.ready_of(version), {"by_hand": ""}, BEGAN)
    for unit, seen in ((1, 1), (2, 2), (3, 2), (4, 4)):
        if unit == 2:  # of little nothing is remembered; from here on of everything
            monkeypatch.setattr(passing, "MUCH", 0)
        if unit == 4:
            monkeypatch.setattr(passing, "FRESH_SECONDS", 0.0)
            passing._kept.clear()
        plays_enrolling.enrol(workspace, how, [(unit, 1)])
        assert sum(passing.counted(workspace, play).here.values()) == seen
    passing._kept.clear()
