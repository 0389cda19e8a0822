"""The live path: risk, standing and segments follow an event, and say what a run would say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brought import subject
from holdfast import store
from holdfast.domain.period import day_number
from holdfast.services.collect.arrive import accept_calls
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.pulse.basis import is_missing, load
from holdfast.services.pulse.rescoring import Live, rescore
from holdfast.services.pulse.run import run
from holdfast.settings import Settings, read_settings, write_settings
from holdfast.store import basis, due, due_work, identity, live_sources, sql
from holdfast.store.customers import CustomerFilter, CustomerSort, list_customers
from services.measure.companies import NOW, take_rows, with_rule

TODAY = day_number(NOW.date())
US = 1_000_000


def us(at: datetime) -> int:
    return int(at.timestamp() * US)


def company_rows() -> list[tuple[object, ...]]:
    """Orders of 150 customers: every one buys about weekly, and in each month some go for good."""
    rows: list[tuple[object, ...]] = [("order_id", "customer", "at", "amount", "currency")]
    for n in range(150):
        day, last = date(2023, 1, 2) + timedelta(days=n % 28), date(2024, 7, 14)
        if n % 2:
            last = date(2023, 4, 1) + timedelta(days=3 * n)
        while day < min(last, date(2024, 7, 14)):
            rows.append((f"o{len(rows)}", f"c{n}", day.isoformat(), f"{5 + n % 40}.50", "EUR"))
            day += timedelta(days=5 + (n * 7 + len(rows)) % 6)
    return rows


@pytest.fixture(scope="module")
def _company(_blank_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that ran at night: 150 customers and a model."""
    from holdfast.learning.members import SplineLogit
    from holdfast.learning.risk import RiskClassifier

    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(_blank_workspace, folder / "workspace")
    settings = read_settings(folder / "workspace")
    store.connect(settings)
    people = [("customer", "name", "country", "plan")]
    people += [(f"c{n}", f"Customer {n}", "IE" if n % 3 else "RO", f"p{n % 4}") for n in range(150)]
    take_rows(settings, "customers", people, folder)
    take_rows(settings, "orders", company_rows(), folder)
    settings = with_rule(settings, rule="own_rhythm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("holdfast.services.foresee.training.REPLAYED", 1)
        patch.setattr(RiskClassifier, "_members", lambda _, categories: {"additive": SplineLogit(categories)})
        report = run(settings, now=NOW)
    assert report.foreseen is not None
    assert report.foreseen.version == 1, report.foreseen.reason
    return settings.folder


@pytest.fixture
def company(_company: Path, tmp_path: Path) -> Settings:
    shutil.copytree(_company, tmp_path / "company")
    settings = read_settings(tmp_path / "company")
    store.connect(settings)
    return settings


@pytest.fixture
def live() -> Iterator[Live]:
    with Live() as held:
        yield held


def arrive(settings: Settings, calls: Sequence[dict[str, Any]], at: datetime = NOW) -> None:
    """Calls of a server key, taken in."""
    source = live_sources.ensure(settings, "shop", "segment", now_us=us(at))
    accept_calls(settings, source, calls, received_us=us(at))
    taken = take_in_arrived(settings, now_us=us(at))
    assert taken.quarantined == 0
    assert taken.events + taken.repeats > 0


def order(key: str, number: int = 1, amount: str = "20.00", at: datetime = NOW) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Order Completed",
        "userId": key,
        "messageId": f"{key}-{number}-{at.timestamp()}",
        "timestamp": at.isoformat(),
        "properties": {"order_id": f"live-{key}-{number}", "total": amount, "currency": "EUR"},
    }


def viewed(key: str, number: int = 1, at: datetime = NOW) -> dict[str, Any]:
    call = order(key, number, at=at)
    return {**call, "event": "Product Viewed", "messageId": f"v{call['messageId']}", "properties": {}}


def catch_up(settings: Settings, live: Live, now: datetime = NOW) -> int:
    """Look until nobody is due; how many looks it took."""
    looks = 0
    while due_work.due(settings, us(now), 1):
        rescore(settings, live, now)
        looks += 1
        assert looks < 200
    return looks


STANDING = "name, state, first_day, last_day, left_day, orders, amount_minor, yearly_minor, country"
RISK = (
    "risk, value_minor, value_at_risk_minor, likely_from_day, likely_to_day, drivers, cause, state, as_of_day"
)


def rows_of(settings: Settings, table: str, columns: str, units: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    store.connect(settings)
    marks = ", ".join(["%s"] * len(units))
    found = sql.read(f"SELECT unit_id, {columns} FROM {table} WHERE unit_id IN ({marks})", list(units))
    return {unit: tuple(rest) for unit, *rest in found}


def the_same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= 1e-9
    if isinstance(left, str) and left.startswith("[["):
        return all(
            the_same(a, b)
            for one, other in zip(json.loads(left), json.loads(right), strict=True)
            for a, b in zip(one, other, strict=True)
        )
    return bool(left == right)


def test_an_event_moves_standing_risk_and_search_at_once(company: Settings, live: Live) -> None:
    unit = subject(company, "c3")
    before = rows_of(company, "standing", STANDING, [unit])[unit]
    assert before[1] == "lapsed"
    assert not rows_of(company, "risk_score", RISK, [unit])
    arrive(company, [order("c3")])
    done = rescore(company, live, NOW)
    assert (done.customers, done.scored, done.put_off) == (1, 1, 0)
    after = rows_of(company, "standing", STANDING, [unit])[unit]
    assert after[1] == "won_back"
    assert (after[3], after[5]) == (TODAY, before[5] + 1)
    assert after[6] == before[6] + 2_000
    risk = rows_of(company, "risk_score", RISK, [unit])[unit]
    assert risk[-2:] == ("won_back", TODAY + 1)
    assert rescore(company, live, NOW).customers == 0


def test_live_and_a_run_of_the_same_day_say_the_same(company: Settings, live: Live) -> None:
    """The same SQL on a slice and on everything: standing, risk and drivers agree to 1e-9."""
    buyers, lookers = [f"c{n}" for n in range(0, 60, 5)], [f"c{n}" for n in range(2, 60, 10)]
    calls = [order(key, n, f"{10 + n}.10") for n, key in enumerate(buyers)]
    arrive(company, [*calls, *(viewed(key) for key in lookers)])
    due.touch(company, [subject(company, "c4"), subject(company, "c44")], us(NOW))
    catch_up(company, live)
    units = [subject(company, key) for key in (*buyers, *lookers)]
    standing = rows_of(company, "standing", STANDING, units)
    risks = rows_of(company, "risk_score", RISK, units)
    counts = sorted(sql.read("SELECT * FROM standing_count"))
    assert len(risks) > 10
    run(company, date(2024, 7, 16), now=NOW + timedelta(minutes=5))
    again = rows_of(company, "standing", STANDING, units)
    assert again == standing
    assert sorted(sql.read("SELECT * FROM standing_count")) == counts
    for unit, row in rows_of(company, "risk_score", RISK, units).items():
        assert all(the_same(a, b) for a, b in zip(risks[unit], row, strict=True)), (risks[unit], row)


def test_who_is_silent_is_asked_of_as_by_night(company: Settings, live: Live) -> None:
    """Without anything that happened today nothing changes by looking again."""
    tomorrow = NOW + timedelta(days=1)
    run(company, now=tomorrow)
    units = [subject(company, f"c{n}") for n in range(40)]
    before = rows_of(company, "standing", STANDING, units), rows_of(company, "risk_score", RISK, units)
    due.touch(company, units, us(tomorrow))
    catch_up(company, live, tomorrow)
    assert rows_of(company, "standing", STANDING, units) == before[0]
    after = rows_of(company, "risk_score", RISK, units)
    assert after.keys() == before[1].keys()
    assert all(the_same(a, b) for unit in after for a, b in zip(after[unit], before[1][unit], strict=True))


def test_a_run_by_day_takes_nothing_back(company: Settings, live: Live) -> None:
    """A run at noon asks of everybody as of this morning, but of whom the worker has spoken, as it did."""
    arrive(company, [order("c10")])
    rescore(company, live, NOW)
    unit = subject(company, "c10")
    said = rows_of(company, "risk_score", RISK, [unit])[unit]
    run(company, now=NOW + timedelta(minutes=1))
    after = rows_of(company, "risk_score", RISK, [unit])[unit]
    assert after[-1] == TODAY + 1
    assert all(the_same(a, b) for a, b in zip(said, after, strict=True))


def test_a_run_does_not_overwrite_what_was_read_later(company: Settings, live: Live) -> None:
    """An event that arrives while a run computes: its older answer does not win, and he is due again."""
    arrive(company, [order("c10")], NOW + timedelta(minutes=2))
    rescore(company, live, NOW + timedelta(minutes=2))
    unit = subject(company, "c10")
    assert rows_of(company, "standing", "orders, read_us", [unit])[unit][1] == us(NOW + timedelta(minutes=2))
    sql.write("UPDATE standing SET orders = 77 WHERE unit_id = %s", (unit,))
    sql.write("UPDATE risk_score SET risk = 0.77 WHERE unit_id = %s", (unit,))
    run(company, now=NOW + timedelta(minutes=1))  # as if it had begun before
    assert rows_of(company, "standing", "orders", [unit])[unit] == (77,)
    assert rows_of(company, "risk_score", "risk", [unit])[unit] == (0.77,)
    assert [each for each, _ in due_work.due(company, us(NOW + timedelta(minutes=3)), 10)] == [unit]


def test_what_was_begun_by_an_older_basis_is_not_written(
    company: Settings, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.pulse.slice import Slice

    arrive(company, [order("c10")])
    unit = subject(company, "c10")
    before = rows_of(company, "standing", STANDING, [unit])
    foresee = Slice.foreseen

    def a_run_ends_meanwhile(self: Slice, held: Any) -> Any:
        kept = basis.current(company)
        assert kept is not None
        basis.announce(company, kept.content, read_us=us(NOW), now_us=us(NOW))
        return foresee(self, held)

    with monkeypatch.context() as patch:
        patch.setattr(Slice, "foreseen", a_run_ends_meanwhile)
        assert rescore(company, live, NOW).customers == 0
    assert rows_of(company, "standing", STANDING, [unit]) == before
    assert rescore(company, live, NOW).customers == 1
    assert rows_of(company, "standing", STANDING, [unit]) != before


def test_the_worker_knows_what_the_companys_days_counted_up_to_the_run(company: Settings) -> None:
    days = load(company).company
    assert days is not None
    weights = days.weights("purchases", TODAY + 1, 100)
    assert np.isnan(weights[-1]), "today is not over"
    assert np.isfinite(weights[:-1]).all()
    assert 0.5 < weights[:-1].mean() < 1.5


def test_a_new_customer_is_in_the_list_and_found_at_once(company: Settings, live: Live) -> None:
    who = {"type": "identify", "userId": "n1", "traits": {"name": "Zoë Newcomer", "email": "zoe@x.org"}}
    arrive(company, [who, order("n1")])
    catch_up(company, live)
    for word in ("newcomer", "zoe@x"):
        page = list_customers(company, CustomerFilter(search=word), CustomerSort("name", descending=False))
        assert [(row.name, row.state, row.orders) for row in page.rows] == [("Zoë Newcomer", "new", 1)]
    assert rows_of(company, "risk_score", "risk", [page.rows[0].unit_id])
    in_all = sql.read("SELECT SUM(units) FROM standing_count")
    assert in_all == sql.read("SELECT COUNT(*) FROM standing")


def test_before_the_first_run_customers_are_listed_too(workspace: Settings, live: Live) -> None:
    who = {"type": "identify", "userId": "n1", "traits": {"name": "Ann"}}
    arrive(workspace, [who, order("n1")])
    catch_up(workspace, live)
    page = list_customers(workspace, CustomerFilter(), CustomerSort("name", descending=False))
    assert [(row.name, row.state, row.orders, row.amount_minor) for row in page.rows] == [
        ("Ann", "new", 1, 2_000)
    ]
    assert not sql.read("SELECT 1 FROM risk_score")


def test_without_a_basis_that_fits_who_is_due_waits_for_the_run(company: Settings, live: Live) -> None:
    """Of single customers nobody knows what is usual: after the loop ran once, that is not made up."""
    arrive(company, [order("c10")])
    other_zone = replace(company, timezone="Asia/Tehran")
    assert rescore(other_zone, live, NOW).customers == 0
    assert is_missing(other_zone)
    assert not is_missing(company)
    assert rescore(company, live, NOW).customers == 1


def test_a_merged_customer_leaves_the_list_and_comes_back(company: Settings, live: Live) -> None:
    kept, gone = sorted((subject(company, "c10"), subject(company, "c20")))
    orders = {unit: row[0] for unit, row in rows_of(company, "standing", "orders", [kept, gone]).items()}
    links = identity.merge(company, [kept, gone], by="eve@x.org", now_us=us(NOW))
    due.touch(company, [kept, gone], us(NOW))
    catch_up(company, live)
    assert rows_of(company, "standing", "orders", [kept, gone]) == {kept: (orders[kept] + orders[gone],)}
    assert set(rows_of(company, "risk_score", "risk", [kept, gone])) <= {kept}
    identity.separate(company, links, now_us=us(NOW) + 1)
    due.touch(company, [kept, gone], us(NOW))
    catch_up(company, live)
    assert rows_of(company, "standing", "orders", [kept, gone]) == {
        unit: (number,) for unit, number in orders.items()
    }
    assert sql.read("SELECT SUM(units) FROM standing_count") == sql.read("SELECT COUNT(*) FROM standing")


@pytest.mark.parametrize("many", [2_500, pytest.param(10_000, marks=pytest.mark.long)])
def test_overload_merges_work_per_customer_and_catches_up(company: Settings, live: Live, many: int) -> None:
    """Thousands of customers at once, each touched several times: every one is looked at, few times."""
    calls = [order(f"m{n}", number) for n in range(many) for number in range(2)]
    source = live_sources.ensure(company, "shop", "segment", now_us=us(NOW))
    for first in range(0, len(calls), 2_000):
        accept_calls(company, source, calls[first : first + 2_000], received_us=us(NOW))
    while take_in_arrived(company, now_us=us(NOW)).events:
        pass
    waiting, since = due_work.waiting(company, us(NOW))
    assert (waiting, since) == (many, us(NOW))
    assert catch_up(company, live) == -(-many // 1_000)
    assert sql.read("SELECT COUNT(*) FROM standing WHERE orders = 2 AND state = 'new'") == [(many,)]
    assert due_work.waiting(company, us(NOW)) == (0, None)


KILLED = """
import signal, sys
from datetime import datetime
from pathlib import Path
from holdfast import store
from holdfast.services.pulse.basis import is_missing
from holdfast.services.pulse.rescoring import Live, rescore
from holdfast.settings import read_settings
from holdfast.store import rescored

settings = read_settings(Path(sys.argv[1]))
store.connect(settings)
write, written = rescored._save_some, []

def write_once(*arguments):
    if written:
        print("half of them", flush=True)
        signal.pause()
    written.append(True)
    return write(*arguments)

rescored._save_some = write_once
with Live() as live:
    rescore(settings, live, datetime.fromisoformat(sys.argv[2]))
"""


def test_killed_amid_a_look_a_worker_loses_nobody(company: Settings, live: Live) -> None:
    """Killed (-9) when half of a look is written: everybody is still due, and the next look ends it."""
    arrive(company, [order(f"k{n}") for n in range(300)])
    command = [sys.executable, "-c", KILLED, str(company.folder), NOW.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half of them\n"
        process.kill()
    assert sql.read("SELECT COUNT(*) FROM standing WHERE orders = 1 AND state = 'new'") == [(200,)]
    assert due_work.waiting(company, us(NOW)) == (300, us(NOW))
    catch_up(company, live)
    assert sql.read("SELECT COUNT(*) FROM standing WHERE orders = 1 AND state = 'new'") == [(300,)]
    assert due_work.waiting(company, us(NOW)) == (0, None)
    assert sql.read("SELECT SUM(units) FROM standing_count") == sql.read("SELECT COUNT(*) FROM standing")


def test_silence_is_looked_at_on_the_day_it_tells(company: Settings, live: Live) -> None:
    arrive(company, [order("n1")])
    catch_up(company, live)
    unit = subject(company, "n1")
    seen, now = [], NOW
    for _ in range(400):
        rows = sql.read("SELECT due_us FROM due_unit WHERE unit_id = %s", (unit,))
        if not rows:
            break
        ((due_us,),) = rows
        assert due_us > us(now)
        now = datetime.fromtimestamp(due_us / US, UTC)
        rescore(company, live, now)
        ((state,),) = sql.read("SELECT state FROM standing WHERE unit_id = %s", (unit,))
        if not seen or seen[-1] != state:
            seen.append(state)
        if state == "lapsed":
            break
    assert seen[-1] == "lapsed"
    assert not rows_of(company, "risk_score", "risk", [unit])
    ((left,),) = sql.read("SELECT left_day FROM standing WHERE unit_id = %s", (unit,))
    assert left == day_number(now.date())


def test_a_touch_during_a_look_is_not_lost(company: Settings, live: Live) -> None:
    arrive(company, [order("c10")])
    ((unit, mark),) = due_work.due(company, us(NOW), 10)
    due.touch(company, [unit], us(NOW))
    due_work.settle(company, [(unit, mark, None)])
    assert due_work.due(company, us(NOW), 10) == [(unit, mark + 1)]
    due_work.settle(company, [(unit, mark + 1, us(NOW) + 5)])
    assert due_work.due(company, us(NOW) + 4, 10) == []
    assert due_work.due(company, us(NOW) + 5, 10) == [(unit, mark + 1)]


def test_one_who_cannot_be_looked_at_holds_nobody_up(
    company: Settings, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.pulse import rescoring

    arrive(company, [order(f"c{n}") for n in range(10, 20)])
    bad, cut = subject(company, "c13"), rescoring.cut

    def fails_for_one(settings: Settings, engine: Any, whose: Any, *rest: Any) -> Any:
        if bad in whose.unit_of:
            raise ValueError("a customer like no other")
        return cut(settings, engine, whose, *rest)

    monkeypatch.setattr(rescoring, "cut", fails_for_one)
    done = rescore(company, live, NOW)
    assert (done.customers, done.put_off) == (9, 1)
    assert due_work.due(company, us(NOW), 100) == []
    assert [unit for unit, _ in due_work.due(company, us(NOW) + 601 * US, 100)] == [bad]


def test_a_day_that_does_not_pass_plans_no_look(company: Settings, live: Live) -> None:
    company = replace(company, clock=NOW.date())
    write_settings(company)
    later = NOW + timedelta(days=300)
    arrive(company, [order("c10", at=later)], later)
    catch_up(company, live, later)
    unit = subject(company, "c10")
    assert rows_of(company, "standing", "last_day", [unit])[unit] == (TODAY,)
    assert not sql.read("SELECT 1 FROM due_unit WHERE unit_id = %s", (unit,))


def test_a_run_plans_the_days_on_which_silence_tells(company: Settings) -> None:
    """Nobody was touched since: whose state changes within days is looked at on that day, without a run."""
    planned = dict(sql.read("SELECT unit_id, due_us FROM due_unit"))
    assert planned
    assert all(us(NOW) < at <= us(NOW + timedelta(days=9)) for at in planned.values())
    due.touch(company, [subject(company, "c10")], us(NOW))
    due_work.plan_checks(company, [(1, us(NOW) + 3_600 * US)], now_us=us(NOW))
    assert dict(sql.read("SELECT unit_id, due_us FROM due_unit")) == {
        subject(company, "c10"): us(NOW),
        1: us(NOW) + 3_600 * US,
    }


def test_a_run_takes_over_whom_an_import_touched(company: Settings, live: Live, tmp_path: Path) -> None:
    """An import touches its customers; whoever looks first, the worker or a run, says the same of them."""
    sql.write("DELETE FROM due_unit")
    rows = [("order_id", "customer", "at", "amount", "currency")]
    rows += [(f"i{n}", f"c{n}", "2024-07-15T09:00:00Z", "7.00", "EUR") for n in (10, 12, 14)]
    take_rows(company, "orders", rows, tmp_path)
    units = [subject(company, f"c{n}") for n in (10, 12, 14)]
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert [unit for unit, _ in due_work.due(company, us(later))] == sorted(units)
    sql.write("UPDATE due_unit SET due_us = %s", (us(NOW),))
    rescore(company, live, NOW)
    looked = rows_of(company, "risk_score", RISK, units)
    due.touch(company, units, us(NOW))
    run(company, now=NOW + timedelta(minutes=1))
    assert not {unit for unit, _ in due_work.due(company, us(NOW + timedelta(minutes=1)))} & set(units)
    for unit, row in rows_of(company, "risk_score", RISK, units).items():
        assert all(the_same(a, b) for a, b in zip(looked[unit], row, strict=True))


def test_what_people_say_of_a_customer_counts_at_once(company: Settings, live: Live) -> None:
    """Traits are features: one told today is not left for tomorrow."""
    arrive(company, [{"type": "identify", "userId": "c10", "traits": {"plan": "p3"}}])
    catch_up(company, live)
    unit = subject(company, "c10")
    assert rows_of(company, "risk_score", "as_of_day", [unit])[unit] == (TODAY + 1,)
