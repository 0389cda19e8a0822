"""The files are in our own kinds, the same for the same seed, and the truth comes back from them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast import registry
from holdfast.simulate.files import FILES, TRUTH_TEXTS, Files, Written, simulate, write_files
from holdfast.simulate.scenario import usual_scenario
from holdfast.simulate.shopping import CALLED_OFF_FOR
from holdfast.simulate.world import World

DAYS = 360


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return simulate(tmp_path_factory.mktemp("company"), customers=6_000, days=DAYS, seed=5)


@pytest.fixture(scope="module")
def truth(written: Written) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((written.folder / "truth.json").read_text(encoding="utf-8"))
    return found


def rows(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def rare_events(folder: Path) -> list[dict[str, Any]]:
    with (folder / "events.jsonl").open(encoding="utf-8") as opened:
        return [json.loads(line) for line in opened]


def events(folder: Path) -> list[dict[str, Any]]:
    return [*rows(folder, "habits.csv"), *rare_events(folder)]


def day_of(at: str) -> date:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).date()


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    def digests(folder: Path) -> dict[str, str]:
        simulate(folder, customers=150, days=60, seed=9)
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}

    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_every_kind_has_its_file_and_its_canonical_columns(written: Written) -> None:
    for file, kind in FILES.items():
        declared: Any = registry.parts("imports")[kind].declared
        canonical = {column.name for column in declared.columns}
        if file.endswith(".jsonl"):
            columns = {name for event in rare_events(written.folder) for name in event}
        else:
            columns = set(rows(written.folder, file)[0])
        unknown = columns - canonical
        assert unknown <= {"agent", "marketing_consent", "preferred_channel", "referred_by"}, kind
        for group in declared.required:
            assert columns & set(group) or any("/" in name for name in group), kind


def test_the_rows_told_are_the_rows_written(written: Written) -> None:
    for file, count in written.files.items():
        lines = (written.folder / file).read_bytes().count(b"\n")
        found = lines if file.endswith("jsonl") else len(rows(written.folder, file))
        assert found == count, file


def test_everything_happens_within_the_company_s_days(written: Written, truth: dict[str, Any]) -> None:
    first, last = date.fromisoformat(truth["first_day"]), date.fromisoformat(truth["last_day"])
    assert (last - first).days + 1 == DAYS
    happened = [day_of(event["at"]) for event in events(written.folder)]
    happened += [day_of(order["at"]) for order in rows(written.folder, "orders.csv")]
    assert min(happened) >= first
    assert max(happened) <= last


def test_ids_are_given_once_and_refer_to_people_who_are_there(written: Written) -> None:
    customers = rows(written.folder, "customers.csv")
    known = {row["customer"] for row in customers}
    assert len(known) == len(customers)
    people = [row["email"] for row in customers if row["customer"].startswith("C")]
    assert len(set(people)) == len(people) == written.customers
    phones = [row["phone"] for row in customers if row["phone"]]
    assert len(set(phones)) == len(phones)
    for kind in ("orders", "subscriptions", "payments", "tickets", "messages", "surveys"):
        assert {row["customer"] for row in rows(written.folder, f"{kind}.csv")} <= known, kind
    assert {event["customer"] for event in events(written.folder)} <= known


def test_the_same_person_under_two_ids_shares_the_address(written: Written, truth: dict[str, Any]) -> None:
    """A1: duplicates that only e-mail can tell."""
    customers = {row["customer"]: row for row in rows(written.folder, "customers.csv")}
    guests = [row for customer, row in customers.items() if customer.startswith("G")]
    assert len(guests) == truth["known_twice"] > 5
    for guest in guests:
        assert customers["C" + guest["customer"][1:]]["email"] == guest["email"]


def test_phone_numbers_are_valid_in_their_country(written: Written) -> None:
    import phonenumbers

    for row in rows(written.folder, "customers.csv")[:2000]:
        if row["phone"]:
            number = phonenumbers.parse(row["phone"])
            assert phonenumbers.is_valid_number(number), row["phone"]
            assert phonenumbers.region_code_for_number(number) == row["country"], row["phone"]


def test_tickets_and_subscriptions_stand_once_with_all_that_is_known(written: Written) -> None:
    tickets = rows(written.folder, "tickets.csv")
    assert len({row["ticket_id"] for row in tickets}) == len(tickets)
    for row in tickets:
        moments = [row["opened_at"], row["answered_at"], row["closed_at"]]
        known = [moment for moment in moments if moment]
        assert known == sorted(known)
    subscriptions = rows(written.folder, "subscriptions.csv")
    begun = [row["subscription_id"] for row in subscriptions if not row["changed_at"]]
    assert len(set(begun)) == len(begun)
    for row in subscriptions:
        assert not row["ended_at"] or row["ended_at"] > row["started_at"]
        assert bool(row["trial"]) == (row["monthly_amount"] == "0.00")


def test_true_churn_by_month_comes_back_by_counting_subscriptions(
    written: Written, truth: dict[str, Any]
) -> None:
    """B1: cancellations of paid subscriptions counted in the file = losses and card failures counted in
    the truth among those who subscribe.
    """
    kinds = {row["customer"]: row["kind"] for row in rows(written.folder, "truth-customers.csv")}
    lost: Counter[str] = Counter(
        row["left_on"][:7]
        for row in rows(written.folder, "truth-losses.csv")
        if kinds[row["customer"]] == "subscriber"
    )
    ended: Counter[str] = Counter(
        row["ended_at"][:7]
        for row in rows(written.folder, "subscriptions.csv")
        if row["ended_at"] and not row["trial"]
    )
    assert ended == lost


def test_the_ledger_of_the_truth_ties_out(truth: dict[str, Any]) -> None:
    present = 0
    for month in truth["months"]:
        assert month["at_start"] == present
        present += month["new"] + month["won_back"] - month["lost"]
        assert month["at_end"] == present
        assert sum(month["lost_by_cause"].values()) == month["lost"]
    assert present == truth["present"]
    assert sum(month["lost"] for month in truth["months"]) == truth["lost"]
    assert sum(cause["lost"] for cause in truth["causes"]) == truth["lost"]


def test_the_outage_fills_the_help_desk(written: Written, truth: dict[str, Any]) -> None:
    on = next(entry["on"] for entry in truth["planted"] if entry["what"] == "outage")
    opened = Counter(row["opened_at"][:10] for row in rows(written.folder, "tickets.csv"))
    usual = sum(opened.values()) / DAYS
    assert opened[on] > 5 * usual
    used = Counter(day_of(e["at"]) for e in events(written.folder) if e["name"] == "Feature Used")
    assert used[date.fromisoformat(on)] == 0


def test_the_price_change_raises_leaving_for_the_price(truth: dict[str, Any]) -> None:
    change = next(entry for entry in truth["planted"] if entry["what"] == "price_change")
    assert change["after"] > 2 * change["before"]


def test_the_price_change_is_in_the_amounts(written: Written, truth: dict[str, Any]) -> None:
    on = next(entry["on"] for entry in truth["planted"] if entry["what"] == "price_change")
    changed = [r for r in rows(written.folder, "subscriptions.csv") if r["changed_at"][:10] == on]
    before = {
        r["subscription_id"]: float(r["monthly_amount"])
        for r in rows(written.folder, "subscriptions.csv")
        if not r["changed_at"]
    }
    raised = [float(r["monthly_amount"]) / before[r["subscription_id"]] for r in changed]
    assert len(raised) > 200
    assert sorted(raised)[len(raised) // 2] == pytest.approx(1.12, abs=0.01)


def test_late_parcels_come_back_by_counting(written: Written, truth: dict[str, Any]) -> None:
    """C18: the courier's country is late for a quarter, the others for six in a hundred."""
    courier = truth["parameters"]["courier"]
    start = date.fromisoformat(truth["first_day"]) + timedelta(days=courier["day"] + 10)
    country = {row["customer"]: row["country"] for row in rows(written.folder, "customers.csv")}
    late: dict[bool, list[bool]] = {True: [], False: []}
    for event in events(written.folder):
        if event["name"] == "Order Delivered" and day_of(event["at"]) >= start:
            there = country["C" + event["customer"][1:]] == courier["country"]
            late[there].append(event["at"] > event["promised_at"])
    assert sum(late[True]) / len(late[True]) == pytest.approx(courier["late"], abs=0.05)
    assert sum(late[False]) / len(late[False]) == pytest.approx(truth["parameters"]["late_share"], abs=0.02)


def test_e7_some_orders_are_called_off_before_they_leave_and_paid_back(written: Written) -> None:
    lines = rows(written.folder, "orders.csv")
    ordered = {row["order_id"] for row in lines if float(row["amount"]) > 0}
    off = [event for event in events(written.folder) if event["name"] == "Order Cancelled"]
    assert 0.005 < len(off) / len(ordered) < 0.04
    assert {event["code"] for event in off} <= set(CALLED_OFF_FOR)
    parcels = {
        event["object_id"]
        for event in events(written.folder)
        if event["name"] in ("Order Delivered", "Delivery Promised")
    }
    for event in off:
        own = [row for row in lines if row["order_id"] == event["object_id"]]
        assert {row["customer"] for row in own} == {event["customer"]}
        assert abs(sum(float(row["amount"]) for row in own)) < 0.005
        assert {row["at"] for row in own if float(row["amount"]) < 0} == {event["at"]}
        assert not event["object_id"].endswith("-1"), "a first order"
        assert event["object_id"] not in parcels


def test_declined_cards_come_back_by_counting(written: Written, truth: dict[str, Any]) -> None:
    outage = next(entry["on"] for entry in truth["planted"] if entry["what"] == "outage")
    first = [
        row
        for row in rows(written.folder, "payments.csv")
        if row["issued_at"] and row["method"] == "card" and row["paid_at"][:10] != outage
    ]
    failed = sum(row["status"] == "failed" for row in first) / len(first)
    assert failed == pytest.approx(truth["parameters"]["payment_failed"], abs=0.006)


def test_every_text_has_its_truth(written: Written) -> None:
    told = {(row["kind"], row["id"]) for row in rows(written.folder, TRUTH_TEXTS)}
    assert {("ticket", row["ticket_id"]) for row in rows(written.folder, "tickets.csv")} <= told
    incoming = [row for row in rows(written.folder, "messages.csv") if row["direction"] == "in"]
    assert {("message", row["message_id"]) for row in incoming} <= told
    answered = [row for row in rows(written.folder, "surveys.csv") if row["text"]]
    assert {("survey", row["event_id"]) for row in answered} <= told


def test_those_who_leave_were_quieter_before(written: Written) -> None:
    """C5, C7: use falls and mails stay closed while someone wavers."""
    wavering: dict[str, tuple[date, date]] = {}
    for row in rows(written.folder, "truth-losses.csv"):
        wavered, left = date.fromisoformat(row["wavered_on"]), date.fromisoformat(row["left_on"])
        if (left - wavered).days >= 14:
            wavering[row["customer"]] = (wavered, left)
    before, during = 0.0, 0.0
    for event in events(written.folder):
        if event["name"] != "Feature Used" or event["customer"] not in wavering:
            continue
        wavered, left = wavering[event["customer"]]
        on, length = day_of(event["at"]), (left - wavered).days
        if wavered - timedelta(days=length) <= on < wavered:
            before += 1
        elif wavered < on <= left:
            during += 1
    assert before > 30
    assert during < 0.65 * before


def test_a_mess_is_made_only_when_asked_for(tmp_path: Path) -> None:
    clean = simulate(tmp_path / "clean", customers=60, days=30, seed=4)
    messy = simulate(tmp_path / "messy", customers=60, days=30, seed=4, mess=True)
    assert clean.files == messy.files
    orders = (messy.folder / "orders.csv").read_text(encoding="utf-8")
    assert "not a date" in orders
    assert "not a date" not in (clean.folder / "orders.csv").read_text(encoding="utf-8")


def test_files_of_a_later_stretch_hold_only_what_is_new(tmp_path: Path) -> None:
    """`holdfast demo --advance 30d` imports these beside what is there."""
    world = World(usual_scenario(seed=6, customers=500, days=120))
    first = write_files(world, tmp_path / "first", days=90)
    later = write_files(world, tmp_path / "later", days=30)
    whole = simulate(tmp_path / "whole", customers=500, days=120, seed=6)
    for file in ("orders.csv", "payments.csv", "messages.csv", "surveys.csv", "habits.csv", "events.jsonl"):
        assert first.files[file] + later.files[file] == whole.files[file], file
    known = {row["ticket_id"] for f in (first, later) for row in rows(f.folder, "tickets.csv")}
    assert known == {row["ticket_id"] for row in rows(whole.folder, "tickets.csv")}
    early = {row["customer"] for row in rows(first.folder, "customers.csv")}
    fresh = [row["customer"] for row in rows(later.folder, "customers.csv") if row["customer"] not in early]
    assert len(fresh) == 500 - sum(1 for customer in early if customer.startswith("C")) + sum(
        1 for customer in fresh if customer.startswith("G")
    )
    assert len(rows(later.folder, "customers.csv")) < 300


def test_progress_is_told_day_by_day(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    simulate(tmp_path, customers=20, days=5, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_nothing_is_left_open(tmp_path: Path) -> None:
    world = World(usual_scenario(seed=1, customers=30, days=10))
    with Files(tmp_path) as files:
        files.add(world.step())
        files.finish(world)
    assert (tmp_path / "customers.csv").read_text(encoding="utf-8").count("\n") == len(world.people) + 1
