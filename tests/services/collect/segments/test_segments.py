"""A7: segments follow what happens; live and nightly say the same; what cannot be is refused."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brought import bring, subject
from holdfast import store
from holdfast.analytics.feature import Feature, Over
from holdfast.analytics.snapshot import FeatureTable
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.arrive import accept_calls
from holdfast.services.collect.segments import define, kept_traits, ready_made
from holdfast.services.collect.segments.leaves import asked
from holdfast.services.collect.segments.live import refresh_put_off, refresh_units
from holdfast.services.collect.segments.preview import preview
from holdfast.services.collect.segments.refresh import LEASE, refresh_all, refresh_due
from holdfast.services.collect.segments.rules import rules_of
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.foresee import kept_features
from holdfast.settings import Settings, read_settings
from holdfast.store import leases, live_sources, segments, sql, standings
from services.measure.companies import NOW, take_rows

NOW_US = int(NOW.timestamp() * 1_000_000)
DAY_US = 86_400_000_000
HEAD = ("order_id", "customer", "at", "amount", "currency", "product_id")
EVER = {"event": "Order Completed"}
ORDERED = {"event": "Order Completed", "days": 30}


def orders(seed: int = 1, customers: int = 30) -> list[tuple[object, ...]]:
    """Some orders each, over 300 days before now."""
    chance = random.Random(seed)
    found: list[tuple[object, ...]] = []
    for number in range(customers):
        for each in range(chance.randrange(0, 6)):
            day = NOW.date() - timedelta(days=chance.randrange(1, 300))
            amount = f"{chance.randrange(5, 90)}.50"
            found.append((f"o{number}-{each}", f"c{number}", day.isoformat(), amount, "EUR", f"P{each % 3}"))
    return found


def listed(settings: Settings, rows: Sequence[Sequence[object]], customers: int = 30) -> list[int]:
    """Bring the customer list to what the orders say, as the loop would."""
    units = [subject(settings, f"c{number}") for number in range(customers)]
    own = [[row for row in rows if row[1] == f"c{number}"] for number in range(customers)]
    days = [[day_number(date.fromisoformat(str(row[2]))) for row in each] for each in own]
    standings.save_standings(
        settings,
        standings.Standings(
            unit_id=units,
            state=["active" if each else "" for each in own],
            first_day=[min(each) if each else None for each in days],
            last_day=[max(each) if each else None for each in days],
            left_day=[None] * customers,
            orders=[len(each) for each in own],
            amount_minor=[round(sum(100 * float(str(row[3])) for row in each)) for each in own],
            yearly_minor=[0] * customers,
        ),
    )
    return units


def shop(settings: Settings, folder: Path, rows: Sequence[Sequence[object]]) -> list[int]:
    """A shop of 30 customers with plans, its orders and its list."""
    people = [f"c{number}" for number in range(30)]
    plans = [(f"c{n}", "plan", ("gold", "basic", "")[n % 3], 1_000) for n in range(30) if n % 5]
    bring(settings, people, traits=plans)
    take_rows(settings, "orders", [HEAD, *rows], folder)
    return listed(settings, rows)


@pytest.fixture(scope="module")
def _shop(_blank_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, made once."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(_blank_workspace, folder / "workspace")
    settings = read_settings(folder / "workspace")
    store.connect(settings)
    shop(settings, folder, orders())
    return settings.folder


@pytest.fixture
def company(_shop: Path, tmp_path: Path) -> Settings:
    shutil.copytree(_shop, tmp_path / "shop")
    settings = read_settings(tmp_path / "shop")
    store.connect(settings)
    return settings


@pytest.fixture
def on_each(base: Settings, tmp_path: Path) -> Settings:
    """The shop on each of the two databases."""
    shop(base, tmp_path, orders())
    return base


def met(settings: Settings, rule: dict[str, Any], now_us: int = NOW_US) -> set[int]:
    with asked(settings, now_us, rules_of(settings)) as customers:
        return set(customers.units[customers.meets(parse(rule))].tolist())


def make(settings: Settings, title: str, rule: dict[str, Any], now_us: int = NOW_US) -> str:
    return define.create(settings, title, parse(rule), now_us=now_us).key


def inside(settings: Settings, key: str) -> set[int]:
    return set(segments.member_ids(settings, define.find(settings, key).id).tolist())


def arrive(settings: Settings, calls: Sequence[dict[str, Any]], at: datetime = NOW) -> None:
    at_us = int(at.timestamp() * 1_000_000)
    source = live_sources.ensure(settings, "shop", "segment", now_us=at_us)
    accept_calls(settings, source, calls, received_us=at_us)
    assert take_in_arrived(settings, now_us=at_us).quarantined == 0


def call(key: str, event: str, number: int, at: datetime = NOW, **properties: object) -> dict[str, Any]:
    return {
        "type": "track", "event": event, "userId": key, "messageId": f"{key}-{event}-{number}",
        "timestamp": at.isoformat(), "properties": properties,
    }  # fmt: skip


def identify(key: str, number: int, **traits: object) -> dict[str, Any]:
    return {"type": "identify", "userId": key, "messageId": f"i{key}-{number}", "traits": traits}


def test_a7_each_kind_of_condition_is_answered_where_it_lives(on_each: Settings) -> None:
    rows = orders()
    count = {n: sum(row[1] == f"c{n}" for row in rows) for n in range(30)}
    unit = {n: subject(on_each, f"c{n}") for n in range(30)}
    spent = {n: sum(float(str(row[3])) for row in rows if row[1] == f"c{n}") for n in range(30)}
    recent = (NOW.date() - timedelta(days=30)).isoformat()
    last = {n: max((str(row[2]) for row in rows if row[1] == f"c{n}"), default="") for n in range(30)}
    yesterday = (NOW.date() - timedelta(days=1)).isoformat()
    cases: list[tuple[dict[str, Any], set[int]]] = [
        ({"event": "Order Completed", "at_least": 3}, {n for n in range(30) if count[n] >= 3}),
        ({"event": "Order Completed", "is": 0}, {n for n in range(30) if count[n] == 0}),
        ({**EVER, "measure": "orders", "at_least": 2}, {n for n in count if count[n] >= 2}),
        ({**EVER, "measure": "amount", "at_least": 100}, {n for n in spent if spent[n] >= 100}),
        (ORDERED, {n for n in last if last[n] >= recent}),
        ({**EVER, "measure": "last", "above": 30}, {n for n in last if last[n] and last[n] < recent}),
        ({"event": "Order Completed", "product": "P2"}, {n for n in count if count[n] >= 3}),
        ({"event": "Order Completed", "measure": "days", "missing": True}, set()),
        ({"fact": "orders", "between": [1, 2]}, {n for n in count if 1 <= count[n] <= 2}),
        ({"fact": "spent", "at_most": 50.5}, {n for n in spent if spent[n] <= 50.5}),
        ({"fact": "last_order", "at_most": 30}, {n for n in last if last[n] >= recent}),
        ({"fact": "last_order", "none_of": [1]}, {n for n in last if last[n] and last[n] != yesterday}),
        ({"fact": "first_order", "missing": True}, {n for n in count if not count[n]}),
        ({"fact": "state", "is": "Active"}, {n for n in count if count[n]}),
        ({"fact": "state", "missing": True}, {n for n in count if not count[n]}),
        ({"trait": "plan", "is": "gold"}, {n for n in range(30) if n % 5 and n % 3 == 0}),
        ({"trait": "plan", "is_not": "gold"}, {n for n in range(30) if n % 5 and n % 3 == 1}),
        ({"trait": "plan", "missing": True}, {n for n in range(30) if not n % 5 or n % 3 == 2}),
        ({"not": {"trait": "plan", "is": "gold"}}, {n for n in range(30) if not (n % 5 and n % 3 == 0)}),
        ({"score": "risk", "at_least": 0.1}, set()),
        ({"score": "risk", "missing": True}, set(range(30))),
    ]  # fmt: skip
    for rule, wanted in cases:
        assert met(on_each, rule) == {unit[n] for n in wanted}, rule


def test_a7_who_enters_and_leaves_is_logged_with_moments(on_each: Settings) -> None:
    key = make(on_each, "Bought lately", ORDERED)
    assert refresh_all(on_each, NOW_US)
    before = inside(on_each, key)
    silent = next(n for n in range(30) if subject(on_each, f"c{n}") not in before)
    unit = subject(on_each, f"c{silent}")
    arrive(on_each, [call(f"c{silent}", "Order Completed", 1, order_id="n1", total=20, currency="EUR")])
    assert refresh_units(on_each, [unit], NOW_US) == 1
    assert inside(on_each, key) == before | {unit}
    assert refresh_units(on_each, [unit], NOW_US) == 0
    month_on = NOW_US + 31 * DAY_US
    assert refresh_due(on_each, month_on)
    assert unit not in inside(on_each, key)
    segment = define.find(on_each, key)
    assert segments.stays_of(on_each, segment.id, unit) == [(NOW_US, month_on)]
    log = [(each.unit_id, each.entered) for each in segments.moves(on_each, segment.id, limit=100)]
    assert log[-1] == (unit, True)
    assert (unit, False) in log
    days = segments.counts(on_each, segment.id, since_day=0)
    assert [each.size for each in days] == [len(before) + 1, len(inside(on_each, key))]
    assert days[0].entered == 1
    assert days[1].left == len(before) + 1 - len(inside(on_each, key))


def test_a7_time_alone_moves_people_at_midnight_and_no_sooner(company: Settings) -> None:
    key = make(company, "Silent for 30 days", {"event": "Order Completed", "measure": "last", "above": 30})
    assert refresh_due(company, NOW_US)
    assert not refresh_due(company, NOW_US + DAY_US // 3)
    before = inside(company, key)
    assert refresh_due(company, NOW_US + DAY_US)
    assert before <= inside(company, key)
    assert met(company, {"segment": key}, NOW_US + DAY_US) == inside(company, key)


def test_a7_an_old_export_is_asked_at_its_end_until_events_arrive(company: Settings) -> None:
    year_on = NOW + timedelta(days=365)
    later_us = int(year_on.timestamp() * 1_000_000)
    assert met(company, ORDERED, later_us) & met(company, ORDERED)  # a year of silence says nothing
    arrive(
        company, [call("c1", "Order Completed", 1, year_on, order_id="y", total=9, currency="EUR")], year_on
    )
    assert met(company, ORDERED, later_us) == {subject(company, "c1")}


RULES: dict[str, dict[str, Any]] = {
    "lately": ORDERED,
    "viewed twice": {"event": "Product Viewed", "days": 7, "at_least": 2},
    "gold": {"trait": "plan", "is": "gold"},
    "unhappy": {"answer": "nps", "at_most": 6, "days": 90},
    "spent": {"event": "Order Completed", "measure": "amount", "days": 60, "at_least": 40},
    "listed": {"fact": "orders", "at_least": 2},
    "no plan": {"all": [{"trait": "plan", "missing": True}, {"not": {"segment": "gold"}}]},
    "either": {"any": [{"segment": "unhappy"}, {"segment": "viewed-twice"}]},
    "featured": {"feature": "spark", "at_least": 5},
}
SPARK = Feature("spark", Text("Spark"), Text("A number."), "count", "use", {"n": Over("count")})


def sparks(units: Sequence[int], value: float) -> FeatureTable:
    at = np.full(len(units), day_number(NOW.date()), np.int32)
    ids = np.array(sorted(units), np.int64)
    return FeatureTable(ids, at, {"spark": np.full(len(ids), value)}, (SPARK,))


@pytest.fixture
def any_feature(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A feature that no installation has."""
    module = "holdfast.services.collect.segments.offered.feature_titles"
    monkeypatch.setattr(module, lambda settings: {"spark": SPARK.title})
    yield


@pytest.mark.usefixtures("any_feature")
@pytest.mark.parametrize("seed", [1, 2])
def test_a7_live_says_what_looking_at_everybody_says(company: Settings, seed: int) -> None:
    chance = random.Random(seed)
    arrive(company, [call("c0", "Product Viewed", 0), call("c0", "Survey Answered", 0, code="nps", score=9)])
    units = listed(company, orders())
    kept_features.keep(company, sparks(units, 1.0), now_us=NOW_US - 1)
    for title, rule in RULES.items():
        make(company, title, rule)
    assert refresh_all(company, NOW_US)
    for turn in range(3):
        touched = chance.sample(range(30), 8)
        calls = []
        for number, n in enumerate(touched):
            place = 10 * turn + number
            calls += [
                call(f"c{n}", "Order Completed", place, order_id=f"x{place}-{n}", total=30, currency="EUR"),
                call(f"c{n}", "Product Viewed", 2 * place),
                call(f"c{n}", "Product Viewed", 2 * place + 1),
                call(f"c{n}", "Survey Answered", place, code="nps", score=chance.randrange(11)),
                identify(f"c{n}", place, plan=chance.choice(["gold", "basic"])),
            ]
        chance.shuffle(calls)
        arrive(company, calls)
        own = [subject(company, f"c{n}") for n in touched]
        refresh_units(company, own, NOW_US, features=sparks(own, chance.randrange(3, 8)))
        for key, rule in rules_of(company).items():
            with asked(company, NOW_US, rules_of(company)) as everybody:
                wanted = set(everybody.units[everybody.meets(rule)].tolist())
            assert inside(company, key) == wanted, key


def test_a7_the_order_of_rows_and_other_customers_change_nobody(workspace: Settings, tmp_path: Path) -> None:
    rows = orders()
    shuffled = list(rows)
    random.Random(5).shuffle(shuffled)
    shop(workspace, tmp_path, shuffled)
    rules = [ORDERED, {"event": "Order Completed", "measure": "amount", "days": 90, "at_least": 50}]
    found = [met(workspace, rule) for rule in rules]
    own = {subject(workspace, f"c{n}") for n in range(30)}
    wanted = [
        {row[1] for row in rows if str(row[2]) >= (NOW.date() - timedelta(days=30)).isoformat()},
    ]
    assert found[0] == {subject(workspace, str(key)) for key in wanted[0]}
    arrive(workspace, [call("stranger", "Order Completed", 1, order_id="s", total=900, currency="EUR")])
    bring(workspace, ["somebody"], traits=[("somebody", "plan", "gold", 5)])
    assert [met(workspace, rule) & own for rule in rules] == found


def test_a7_live_and_everybody_agree_on_both_databases(on_each: Settings) -> None:
    for title in ("lately", "gold", "spent"):
        make(on_each, title, RULES[title])
    refresh_all(on_each, NOW_US)
    arrive(
        on_each,
        [
            call("c4", "Order Completed", 1, order_id="b", total=70, currency="EUR"),
            identify("c4", 1, plan="gold"),
        ],
    )
    assert refresh_units(on_each, [subject(on_each, "c4")], NOW_US) > 0
    for key, rule in rules_of(on_each).items():
        with asked(on_each, NOW_US, {}) as everybody:
            assert inside(on_each, key) == set(everybody.units[everybody.meets(rule)].tolist())


def test_a7_merged_customers_are_one(company: Settings) -> None:
    one, other = subject(company, "c0"), subject(company, "c5")
    from holdfast.store.identity import merge

    arrive(company, [call("c5", "Order Completed", 9, order_id="m", total=500, currency="EUR")])
    merge(company, [one, other], by="x@example.com", now_us=NOW_US)
    rule = {"event": "Order Completed", "measure": "amount", "at_least": 500}
    everybody = met(company, rule)
    with asked(company, NOW_US, {}, [one, other]) as some:
        found = set(some.units[some.meets(parse(rule))].tolist())
    assert found == everybody & {one, other}
    assert len(found) == 1


def test_a7_who_is_touched_while_everybody_is_looked_at_comes_after(company: Settings) -> None:
    key = make(company, "Viewed", {"event": "Product Viewed"})
    refresh_all(company, NOW_US)
    unit = subject(company, "c3")
    real_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    assert leases.take(company, LEASE, "another", now_us=real_us, seconds=60)
    arrive(company, [call("c3", "Product Viewed", 1)])
    assert refresh_units(company, [unit], NOW_US) == 0
    assert not refresh_all(company, NOW_US)
    assert inside(company, key) == set()
    leases.give_back(company, LEASE, "another")
    assert refresh_put_off(company, NOW_US) == 1
    assert inside(company, key) == {unit}
    assert segments.take_due(company, 10) == []


def test_a7_a_segment_that_refers_to_itself_is_refused_with_its_way(company: Settings) -> None:
    first = make(company, "First", ORDERED)
    second = make(company, "Second", {"not": {"segment": first}})
    make(company, "Third", {"all": [{"segment": second}, ORDERED]})
    with pytest.raises(Refusal, match="First → Third → Second → First") as refused:
        define.change(company, first, "First", parse({"segment": "third"}), now_us=NOW_US)
    assert refused.value.code == "circle_of_segments"
    with pytest.raises(Refusal) as used:
        define.delete(company, second, now_us=NOW_US)
    assert used.value.code == "segment_in_use"
    assert "Third" in str(used.value)
    define.delete(company, "third", now_us=NOW_US)
    define.delete(company, second, now_us=NOW_US)
    assert [each.key for each in segments.listed(company)] == [first]


def test_a7_a_circle_saved_at_one_moment_is_met_by_nobody(company: Settings) -> None:
    for key, other in (("a", "b"), ("b", "a")):
        segments.save(company, key, key, {"segment": other}, now_us=NOW_US)
    assert refresh_all(company, NOW_US)
    assert inside(company, "a") == set()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"trait": "plann", "is": "x"}, "No trait is called plann. There are: plan."),
        ({"event": "Order Complete"}, "Order Completed"),
        ({"segment": "nobody"}, "No segment is called nobody. There is none."),
        ({"fact": "mood", "is": 1}, "No fact is called mood."),
        ({"feature": "magic", "is": 1}, "No feature is called magic."),
        ({"event": "Order Completed", "category": "tea"}, "No category of products is called tea."),
    ],
)
def test_a7_what_there_is_not_is_refused_with_what_there_is(
    company: Settings, rule: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        preview(company, parse(rule), NOW_US)
    assert refused.value.code == "unknown_in_rule"
    assert said in str(refused.value)


@pytest.mark.parametrize("title", ["", "  ", "x" * 101, "a\0b", "a\x1bb"])
def test_a7_a_title_that_is_none_is_refused(company: Settings, title: str) -> None:
    with pytest.raises(Refusal) as refused:
        define.create(company, title, parse(ORDERED), now_us=NOW_US)
    assert refused.value.code == "bad_title"


def test_a7_titles_of_any_script_have_keys_of_their_own(company: Settings) -> None:
    keys = [
        make(company, title, ORDERED) for title in ("مشتریان خوب", "!!!", "???", "<script>alert(1)</script>")
    ]
    assert keys == ["مشتریان-خوب", "segment", "segment-2", "script-alert-1-script"]
    with pytest.raises(Refusal):
        make(company, "مشتریان خوب", ORDERED)


def test_a7_kept_traits_follow_new_rows_and_undone_imports(on_each: Settings) -> None:
    gold = {"trait": "plan", "is": "gold"}
    before = met(on_each, gold)
    unit = subject(on_each, "c1")
    added = bring(on_each, ["c1"], traits=[("c1", "plan", "gold", 9_000)])
    assert met(on_each, gold) == before | {unit}
    sql.write("UPDATE import SET state = 'undone' WHERE id = %s", (added,))
    assert met(on_each, gold) == before
    kept_traits.forget(on_each)
    assert met(on_each, gold) == before


def test_a7_another_rule_moves_nobody_in_the_log(company: Settings) -> None:
    key = make(company, "Mine", ORDERED)
    refresh_all(company, NOW_US)
    define.change(company, key, "Mine", parse({"not": ORDERED}), now_us=NOW_US + 1)
    assert refresh_due(company, NOW_US + 1)
    segment = define.find(company, key)
    assert inside(company, key) == met(company, {"not": ORDERED})
    assert segments.moves(company, segment.id) == []


def test_a7_ready_made_groups_are_ordinary_segments(company: Settings) -> None:
    made = ready_made.make(company, "rfm", str, now_us=NOW_US)
    made += ready_made.make(company, "abc", str, now_us=NOW_US)
    refresh_all(company, NOW_US)
    buyers = met(company, {"fact": "orders", "at_least": 1})
    groups = [
        inside(company, each.key) for each in made if each.key.startswith("rfm-") and "big" not in each.key
    ]
    assert set().union(*groups) == buyers
    assert sum(map(len, groups)) == len(buyers)
    assert set().union(*(inside(company, f"abc-{name}") for name in "abc")) == buyers
    assert ready_made.make(company, "rfm", str, now_us=NOW_US) == []
    products = ready_made.make(company, "products", str, now_us=NOW_US)
    assert {each.title for each in products} == {"Bought: P0", "Bought: P1", "Bought: P2"}
    with pytest.raises(Refusal, match="No ready-made set is called stars"):
        ready_made.make(company, "stars", str, now_us=NOW_US)
    with pytest.raises(Refusal) as nothing:
        ready_made.make(company, "prospects", str, now_us=NOW_US)
    assert nothing.value.code == "nothing_to_make"


def test_a7_members_are_paged_by_key(on_each: Settings) -> None:
    key = make(on_each, "Everybody", {"fact": "orders", "at_least": 0})
    refresh_all(on_each, NOW_US)
    segment, found, after = define.find(on_each, key), list[int](), None
    while page := segments.members(on_each, segment.id, after=after, limit=7):
        found += [each.unit_id for each in page]
        after = page[-1].unit_id
    assert found == sorted(inside(on_each, key))
    assert segments.segments_of(on_each, found[0])[0][:2] == (key, "Everybody")
