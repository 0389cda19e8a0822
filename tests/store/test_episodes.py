"""Episodes as they are written and read, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from holdfast.settings import Settings
from holdfast.store import (
    episodes,
    episodes_judged,
    episodes_reading,
    ingest_log,
    signal_settings,
    sql,
    webhooks_out,
)
from holdfast.store.episodes import Begun, Changes

DAY = 20_000
NOW_US = int(datetime(2024, 10, 4, 12, tzinfo=UTC).timestamp()) * 1_000_000


def begun(*units: int, day: int = DAY, quiet: bool = False, storm: int | None = None) -> Changes:
    size = len(units)
    return Changes(
        Begun(
            np.array(units, np.int64),
            day,
            np.full(size, 0.5),
            {"days": np.arange(size, dtype=np.float64), "unknown": np.full(size, np.nan)},
            np.full(size, quiet),
            storm,
        )
    )


def nothing() -> Begun:
    return begun().begun


def write(settings: Settings, changes: Changes, key: str = "gone_quiet") -> list[int]:
    return episodes.apply(settings, key, changes, now_us=NOW_US, present_us=NOW_US)


def log(settings: Settings) -> list[tuple[Any, ...]]:
    return [(row[3], row[6], row[14]) for row in ingest_log.rows(settings)]


def test_an_episode_begins_once_with_its_event(base: Settings) -> None:
    first = write(base, begun(1, 2))
    assert len(first) == 2
    assert write(base, begun(1, 2, day=DAY + 1)) == [], "each is open already"
    assert log(base) == [(1, "Signal Raised", "gone_quiet"), (2, "Signal Raised", "gone_quiet")]
    shown = episodes_reading.of_units(base, [1, 2])
    assert [(each.unit_id, each.began_day, dict(each.evidence)) for each in shown] == [
        (2, DAY, {"days": 1.0}),
        (1, DAY, {"days": 0.0}),
    ], "what is not known is not kept"


def test_what_held_already_tells_nobody(base: Settings) -> None:
    webhooks_out.add(base, "CRM", "https://crm.example/hook", ("*",), by="", now_us=1)
    write(base, begun(1, quiet=True))
    assert log(base) == []
    write(base, begun(2, 3))
    ((body,),) = sql.read("SELECT body FROM webhook_message")
    told = json.loads(body)
    assert told["type"] == "signal.raised"
    assert [each["customer_id"] for each in told["data"]["episodes"]] == [2, 3]


def test_an_episode_ends_and_goes_on(base: Settings) -> None:
    (number,) = write(base, begun(1))
    write(base, Changes(nothing(), ended=[(number, DAY + 3, "lapsed")]))
    assert [each.ended_why for each in episodes_reading.of_units(base, [1])] == ["lapsed"]
    assert episodes.standing(base, "gone_quiet", since_day=DAY).ended.tolist() == [DAY + 3]
    assert len(episodes.standing(base, "gone_quiet", since_day=DAY + 4).id) == 0
    write(base, Changes(nothing(), opened=[number]))
    assert episodes.standing(base, "gone_quiet", since_day=DAY).ended.tolist() == [episodes.NEVER]
    assert [each.ended_why for each in episodes_reading.of_units(base, [1])] == [""]
    write(base, Changes(nothing(), earlier=[(number, DAY - 1)]))
    assert episodes.standing(base, "gone_quiet", since_day=0).began.tolist() == [DAY - 1]


def test_what_stands_of_a_few_customers_is_asked_of_all_signals_at_once(base: Settings) -> None:
    first, second = write(base, begun(1, 2)), write(base, begun(2, 3), "overdue")
    write(base, Changes(nothing(), ended=[(second[0], DAY + 3, "")]), "overdue")
    found = episodes.standing_among(base, ["gone_quiet", "overdue", "use_falling"], [2, 3], since_day=DAY + 3)
    assert {key: sorted(kept.id.tolist()) for key, kept in found.items()} == {
        "gone_quiet": first[1:],
        "overdue": second,
        "use_falling": [],
    }
    late = episodes.standing_among(base, ["overdue"], [2, 3], since_day=DAY + 4)
    assert (list(late), late["overdue"].id.tolist()) == (["overdue"], second[1:])


def test_what_a_person_ended_stays_over(base: Settings) -> None:
    (number,) = write(base, begun(1))
    assert episodes_judged.end(base, number, DAY, by="ada@kelp.example", now_us=NOW_US)
    assert not episodes_judged.end(base, number, DAY, by="ada@kelp.example", now_us=NOW_US)
    write(base, Changes(nothing(), opened=[number]))
    standing = episodes.standing(base, "gone_quiet", since_day=DAY)
    assert (standing.ended.tolist(), standing.by_person.tolist()) == ([DAY], [True])


@pytest.fixture
def ranked(base: Settings) -> Settings:
    write(base, begun(1, 2, 3, 4))
    write(base, begun(1), "payment_failed")
    for unit, value in ((1, 100), (2, 900), (3, 100)):
        sql.write(
            "INSERT INTO risk_score (unit_id, risk, value_minor, value_at_risk_minor, drivers, cause, state, "
            "country, as_of_day, model_version, dimensions) "
            "VALUES (%s, 0.5, 0, %s, '[]', '', '', '', 1, 1, '{}')",
            (unit, value),
        )
    return base


def test_the_highest_value_at_risk_comes_first_page_by_page(ranked: Settings) -> None:
    found: list[int] = []
    after: episodes_reading.Key | None = None
    for _ in range(5):
        (row,) = episodes_reading.open_ranked(ranked, today=DAY, among=None, after=after, limit=1)
        value = episodes_reading.UNKNOWN if row.value_at_risk_minor is None else row.value_at_risk_minor
        after = (value, row.unit_id, row.id)
        found.append(row.unit_id)
    assert found == [2, 3, 1, 1, 4]
    assert episodes_reading.open_ranked(ranked, today=DAY, among=None, after=after, limit=1) == []
    assert [row.unit_id for row in episodes_reading.open_ranked(ranked, today=DAY, among=None)] == found
    mine = episodes_reading.open_ranked(ranked, today=DAY, among=frozenset({1, 4}), keys=["gone_quiet"])
    assert [row.unit_id for row in mine] == [1, 4]


def test_what_is_put_off_comes_back_on_its_day(ranked: Settings) -> None:
    (first, *_) = episodes_reading.open_ranked(ranked, today=DAY, among=None)
    assert episodes_judged.snooze(ranked, first.id, DAY + 2, by="ada@kelp.example")
    for today, shown in ((DAY, False), (DAY + 1, False), (DAY + 2, True)):
        rows = episodes_reading.open_ranked(ranked, today=today, among=None)
        assert (first.id in [row.id for row in rows]) is shown
    assert episodes_judged.snooze(ranked, first.id, None, by="ada@kelp.example")
    assert first.id in [row.id for row in episodes_reading.open_ranked(ranked, today=DAY, among=None)]


def test_episodes_are_counted_and_judged(ranked: Settings) -> None:
    assert episodes_reading.counts(ranked, since_day=DAY) == {"gone_quiet": (4, 4), "payment_failed": (1, 1)}
    assert episodes_reading.counts(ranked, since_day=DAY + 1, among={2}) == {"gone_quiet": (1, 0)}
    (row, *_) = episodes_reading.walked(ranked, among=None, key="payment_failed")
    assert episodes_judged.judge(ranked, row.id, True, by="ada@kelp.example", now_us=NOW_US)
    judged = episodes_reading.one(ranked, row.id)
    assert judged is not None
    assert (judged.judged_right, judged.judged_by) == (True, "ada@kelp.example")
    assert episodes_judged.judge(ranked, row.id, None, by="ada@kelp.example", now_us=NOW_US)
    assert not episodes_judged.judge(ranked, 999, True, by="", now_us=NOW_US)


def test_the_first_act_is_noted_once(ranked: Settings) -> None:
    waiting = episodes_judged.unanswered(ranked, [1, 2, 9], since_us=0)
    (number, unit, raised) = waiting[0]
    assert (unit, raised) == (1, NOW_US)
    episodes_judged.note_acted(ranked, [(number, NOW_US + 5, "task"), (number, NOW_US + 9, "call")])
    assert len(episodes_judged.unanswered(ranked, [1, 2, 9], since_us=0)) == len(waiting) - 1
    assert episodes_judged.units_unanswered(ranked, since_us=0) == [1, 2, 3, 4]
    assert episodes_judged.units_unanswered(ranked, since_us=NOW_US + 1) == []
    assert episodes_judged.answers(ranked, since_us=0)["gone_quiet"] == (4, 3, [5])


def test_settings_and_records_are_kept(base: Settings) -> None:
    signal_settings.save(base, "gone_quiet", False, {"days": 30.0}, by="ada", now_us=5)
    assert signal_settings.listed(base)["gone_quiet"].numbers == {"days": 30.0}
    assert not signal_settings.listed(base)["gone_quiet"].enabled
    assert signal_settings.add_own(base, "own-a", "A", {"all": []}, None, 3, by="ada", now_us=5)
    assert not signal_settings.add_own(base, "own-a", "B", {"all": []}, None, 3, by="ada", now_us=5)
    signal_settings.change_own(base, "own-a", "C", {"any": []}, {"all": []}, 4, now_us=6)
    kept = signal_settings.own_by_key(base, "own-a")
    assert kept is not None
    assert (kept.title, kept.rule, kept.ends_rule, kept.cooldown_days) == ("C", {"any": []}, {"all": []}, 4)
    assert signal_settings.delete_own(base, "own-a", now_us=7)
    assert signal_settings.own_signals(base) == []
    assert signal_settings.own_keys(base) == {"own-a"}
    signal_settings.save_scorecard(base, "gone_quiet", "digest", {"episodes": 3}, made_day=DAY, now_us=5)
    signal_settings.save_scorecard(base, "old", "digest", {}, made_day=DAY, now_us=5)
    signal_settings.forget_scorecards(base, {"gone_quiet"})
    assert {key: each.content for key, each in signal_settings.scorecards(base).items()} == {
        "gone_quiet": {"episodes": 3}
    }


def test_everybody_was_looked_at_up_to_a_day(base: Settings) -> None:
    episodes.note_looked(base, {"gone_quiet": "one"}, DAY, now_us=NOW_US)
    episodes.note_looked(base, {"gone_quiet": "two"}, DAY + 1, now_us=NOW_US)
    assert episodes.looked(base) == {"gone_quiet": (DAY + 1, "two")}


def test_all_of_a_signal_end_with_it(base: Settings) -> None:
    write(base, begun(1, 2))
    assert episodes.end_all(base, "gone_quiet", DAY + 1, now_us=NOW_US) == 2
    assert episodes.end_all(base, "gone_quiet", DAY + 1, now_us=NOW_US) == 0
