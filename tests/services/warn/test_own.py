"""Signals of one's own: the rule of a segment, asked of any day; what contradicts itself is refused."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import parse
from holdfast.services.pulse.rescoring import Live
from holdfast.services.warn import catalogue, judging, own, reading, setting
from holdfast.settings import Settings
from holdfast.store import readers, signal_settings, sql
from services.warn.companies import Row, arrive, day, episodes, happened
from services.warn.test_live import FIRST, look, run_at_night

RULE = parse(
    {
        "all": [
            {"event": "Cart Viewed", "days": 3, "at_least": 2},
            {"event": "Order Completed", "days": 3, "at_most": 0},
        ]
    }
)


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    for key in ("ann", "bob"):
        told = [
            happened(key, "Order Completed", day(-n, 9), of=f"{key}{n}", total="20", currency="EUR")
            for n in (30, 9)
        ]
        arrive(workspace, [*told, happened(key, "Cart Viewed", day(-30, 9))], day(-2, 12))
    run_at_night(workspace, day(0, 3))
    return workspace


def mine(settings: Settings) -> list[Row]:
    return [row for row in episodes(settings) if row.signal.startswith("own-")]


def test_products_are_read_once_for_however_many_signals(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for of in ("tea", "coffee"):
        rule = {"event": "Order Completed", "category": [of], "days": 30, "at_least": 1}
        signal_settings.add_own(shop, f"own-{of}", of, rule, None, 14, by="ada", now_us=1)
    asked, products = [], readers.products

    def noted(settings: Settings) -> list[readers.Product]:
        asked.append(settings)
        return products(settings)

    monkeypatch.setattr(readers, "products", noted)
    assert [each.kept is not None for each in catalogue.listed(shop)].count(True) == 2
    assert len(asked) == 1


def test_it_raises_live_and_at_night_and_ends(shop: Settings) -> None:
    kept = own.create(shop, "  Looks and does not buy ", RULE, None, 2, by="ada", now=day(0, 8))
    assert (kept.key, kept.title) == ("own-looks-and-does-not-buy", "Looks and does not buy")
    arrive(shop, [happened("ann", "Cart Viewed", day(0, hour)) for hour in (9, 10)], day(0, 10))
    with Live() as live:
        look(shop, live, day(0, 10))
        assert mine(shop) == [], "not before everybody was asked by its rule"
        run_at_night(shop, day(1, 3))
        assert mine(shop) == [Row(kept.key, "ann", FIRST, None, False)]
        arrive(shop, [happened("bob", "Cart Viewed", day(1, hour)) for hour in (9, 10)], day(1, 10))
        look(shop, live, day(1, 10))
        assert mine(shop)[-1] == Row(kept.key, "bob", FIRST + 1, None, False)
    (raised,) = [
        each
        for each in reading.episodes_of(shop, unit(shop, "ann"), now=day(1, 11))
        if each.signal_key == kept.key
    ]
    assert str(raised.title) == "Looks and does not buy"
    assert any(str(line) == "Cart Viewed: how often: 2" for line in raised.evidence)
    run_at_night(shop, day(4, 3))
    assert [row.ended for row in mine(shop)] == [FIRST + 3, None]
    own.delete(shop, kept.key, by="ada", now=day(4, 9))
    assert [row.ended for row in mine(shop)] == [FIRST + 3, FIRST + 4]
    run_at_night(shop, day(5, 3))
    assert len(mine(shop)) == 2


def test_what_nobody_has_done_yet_is_asked_all_the_same(shop: Settings) -> None:
    rule = parse({"event": "Call Made", "days": 30, "at_most": 0})
    kept = own.create(shop, "Nobody called", rule, None, 2, by="ada", now=day(0, 8))
    run_at_night(shop, day(1, 3))
    assert {(row.signal, row.key) for row in mine(shop)} == {(kept.key, "ann"), (kept.key, "bob")}


def unit(settings: Settings, key: str) -> int:
    row = sql.one("SELECT id FROM subject WHERE key = %s", (key,))
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (
            {"all": [{"event": "Order Completed", "at_least": 5}, {"event": "Order Completed", "below": 5}]},
            "contradiction",
        ),
        ({"segment": "regulars"}, "not_of_the_past"),
        ({"fact": "orders", "at_least": 3}, "not_of_the_past"),
        ({"score": "risk", "at_least": 0.5}, "not_of_the_past"),
        ({"event": "Never Heard Of", "at_least": 1}, "unknown_in_rule"),
        ({"event": "Order Completed", "from": "2024-01-01", "at_least": 1}, "not_of_the_past"),
    ],
)
def test_rules_that_cannot_be_asked_are_refused(shop: Settings, rule: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        own.create(shop, "Mine", parse(rule), None, 14, by="ada", now=day(0, 8))
    assert refused.value.code == code
    assert signal_settings.own_signals(shop) == []


def test_an_end_that_can_never_come_is_refused(shop: Settings) -> None:
    rule = parse({"event": "Order Completed", "at_least": 1})
    with pytest.raises(Refusal) as refused:
        own.create(
            shop, "Mine", rule, parse({"event": "Order Completed", "at_least": 5}), 14, by="", now=day(0, 8)
        )
    assert refused.value.code == "contradiction"


@pytest.mark.parametrize("title", ["", "x" * 101, "two\x00lines", "mine"])
def test_a_title_is_needed_once(shop: Settings, title: str) -> None:
    own.create(shop, "Mine", RULE, None, 14, by="", now=day(0, 8))
    with pytest.raises(Refusal) as refused:
        own.create(shop, title, RULE, None, 14, by="", now=day(0, 8))
    assert refused.value.code == "bad_title"


def test_it_is_changed_and_its_pause_is_within_bounds(shop: Settings) -> None:
    kept = own.create(shop, "Mine", RULE, None, 14, by="", now=day(0, 8))
    changed = own.change(shop, kept.key, "Yours", RULE, None, 0, by="", now=day(0, 9))
    assert (changed.key, changed.title, changed.cooldown_days) == (kept.key, "Yours", 0)
    for pause in (-1, 366):
        with pytest.raises(Refusal):
            own.change(shop, kept.key, "Yours", RULE, None, pause, by="", now=day(0, 9))
    with pytest.raises(Refusal) as refused:
        own.change(shop, "own-none", "Yours", RULE, None, 1, by="", now=day(0, 9))
    assert refused.value.code == "no_such_signal"


def test_a_rule_whose_feature_is_gone_is_mute_and_says_so(shop: Settings) -> None:
    kept = own.create(shop, "Mine", RULE, None, 14, by="", now=day(0, 8))
    sql.write("UPDATE own_signal SET rule = %s", ('{"feature": "no_such_feature", "at_least": 1}',))
    run_at_night(shop, day(1, 3))
    row = reading.one_signal(shop, kept.key, now=day(1, 4))
    assert "no_such_feature" in str(row.signal.meaning)
    assert mine(shop) == []


def test_people_put_off_judge_and_end(shop: Settings) -> None:
    arrive(shop, [happened("ann", "Payment Failed", day(0, 9), of="i1")], day(0, 9))
    run_at_night(shop, day(1, 3))
    now = day(1, 9)
    (first,) = [
        each
        for each in reading.open_episodes(shop, None, now=now).rows
        if each.signal_key == "payment_failed"
    ]
    assert (first.state, first.judged) == ("open", None)
    judging.snooze(shop, first.episode_id, day(3).date(), by="ada", now=now)
    shown = reading.one_episode(shop, first.episode_id, now=now)
    assert shown is not None
    assert (shown.state, shown.snoozed_until) == ("snoozed", day(3).date())
    assert first.episode_id not in [
        each.episode_id for each in reading.open_episodes(shop, None, now=now).rows
    ]
    judging.judge(shop, first.episode_id, False, by="ada", now=now)
    judging.end(shop, first.episode_id, by="ada", now=now)
    shown = reading.one_episode(shop, first.episode_id, now=now)
    assert shown is not None
    assert (shown.state, shown.judged, shown.judged_by, shown.ended_by) == ("ended", False, "ada", "ada")
    for act, code in (
        (lambda: judging.end(shop, first.episode_id, by="ada", now=now), "episode_over"),
        (lambda: judging.snooze(shop, first.episode_id, None, by="ada", now=now), "episode_over"),
        (lambda: judging.judge(shop, 999, True, by="ada", now=now), "no_such_episode"),
        (lambda: judging.snooze(shop, first.episode_id, day(1).date(), by="ada", now=now), "bad_moment"),
        (lambda: judging.snooze(shop, first.episode_id, day(900).date(), by="ada", now=now), "bad_moment"),
    ):
        with pytest.raises(Refusal) as refused:
            act()  # type: ignore[no-untyped-call]
        assert refused.value.code == code


def test_only_those_a_reader_may_see_are_shown(shop: Settings) -> None:
    arrive(shop, [happened(key, "Payment Failed", day(0, 9), of=key) for key in ("ann", "bob")], day(0, 9))
    run_at_night(shop, day(1, 3))
    ann = unit(shop, "ann")
    rows = reading.open_episodes(shop, frozenset({ann}), now=day(1, 9)).rows
    assert {each.unit_id for each in rows} == {ann}
    assert reading.open_episodes(shop, frozenset(), now=day(1, 9)).rows == ()
    assert reading.open_episodes(shop, None, now=day(1, 9), owner=77).rows == ()
    first = reading.open_episodes(shop, None, now=day(1, 9), limit=1)
    second = reading.open_episodes(shop, None, now=day(1, 9), limit=1, after=first.next)
    assert first.rows[0].episode_id != second.rows[0].episode_id
    assert {each.unit_id for each in reading.walked(shop, None, now=day(1, 9), signal="payment_failed")} >= {
        ann
    }


def test_settings_that_contradict_each_other_are_refused(shop: Settings) -> None:
    with pytest.raises(Refusal):
        setting.change(shop, "payment_failed", {"declined": float("inf")}, True, by="", now=day(0))
