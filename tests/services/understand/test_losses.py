"""E1, E7: each night the cause of every loss, what nobody knows, and an inquiry into a large one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.services.measure.measure import ready
from holdfast.services.measure.until import measured_until
from holdfast.services.progress import Silent
from holdfast.services.understand import inquiries, quotes, voice
from holdfast.services.understand.losses import causes_of_losses
from holdfast.services.understand.nightly import understand
from holdfast.settings import Settings
from holdfast.store import losses as kept_losses
from holdfast.store import sql
from holdfast.store.inquiry import Inquiry
from services.measure.companies import with_rule
from services.warn.companies import arrive, happened, us

BEGAN = datetime(2024, 1, 10, 9, tzinfo=UTC)
LEFT = datetime(2024, 6, 20, 9, tzinfo=UTC)
NOW = datetime(2024, 7, 1, tzinfo=UTC)
DAY = day_number(LEFT.date())


def subscribed(key: str, price: float = 20.0) -> list[dict[str, Any]]:
    return [happened(key, "Subscription Started", BEGAN, of=f"S-{key}", amount=price, currency="EUR")]


def ended(key: str, reason: str = "", at: datetime = LEFT) -> list[dict[str, Any]]:
    return [happened(key, "Subscription Ended", at, of=f"S-{key}", reason=reason)]


def read(key: str, code: str, at: datetime, of: str = "X") -> dict[str, Any]:
    return happened(key, "Text Read", at, of=f"{of}-{code}", code=code)


COMPANY = (
    *subscribed("wordy"),
    *ended("wordy", "price_too_high"),
    happened(
        "wordy", "Survey Answered", LEFT + timedelta(hours=2), survey="exit", text="Always late, Wordy."
    ),
    read("wordy", "late_delivery", LEFT + timedelta(hours=2)),
    *subscribed("ticker"),
    *ended("ticker", "too_expensive"),
    *subscribed("broke"),
    happened("broke", "Payment Failed", LEFT - timedelta(days=9), of="I-1", reason="insufficient_funds"),
    *ended("broke"),
    *subscribed("silent", 400.0),
    *ended("silent"),
    *subscribed("stays"),
    read("stays", "late_delivery", LEFT),
)


@pytest.fixture
def company(workspace: Settings) -> Settings:
    settings = with_rule(workspace, rule="contract")
    arrive(settings, list(COMPANY), NOW - timedelta(hours=1))
    return settings


def night(settings: Settings, tmp_path: Path, now: datetime = NOW) -> None:
    tmp_path.mkdir(exist_ok=True)
    with ready(settings, measured_until(settings, None, now), tmp_path) as tables:
        understand(settings, tables, now_us=us(now), progress=Silent())


def known(settings: Settings) -> dict[str, kept_losses.KeptLoss]:
    keys = dict(sql.read("SELECT id, key FROM subject"))
    return {keys[each.unit_id]: each for each in kept_losses.between(settings, 0, DAY + 1_000)}


def test_e1_each_loss_has_the_cause_that_is_said_with_its_evidence(company: Settings, tmp_path: Path) -> None:
    night(company, tmp_path / "tables")
    found = known(company)
    assert {key: (each.cause, each.told_by) for key, each in found.items()} == {
        "wordy": ("late_delivery", "words"),
        "ticker": ("price_too_high", "tick"),
        "broke": ("payment_problem", "unpaid"),
        "silent": ("", ""),
    }
    assert [(each.kind, each.cause) for each in found["wordy"].evidence] == [
        ("words", "late_delivery"),
        ("tick", "price_too_high"),
    ]
    assert found["wordy"].origin == "ours"
    assert (found["silent"].money_minor, found["silent"].left_day, found["silent"].how) == (
        480_000,
        DAY,
        "contract",
    )
    columns = causes_of_losses(company, DAY, DAY + 1)
    assert len(columns) == 4
    assert sorted(columns.cause.tolist()) == ["", "late_delivery", "payment_problem", "price_too_high"]
    assert len(causes_of_losses(company, DAY + 1, DAY + 9)) == 0


def test_e7_the_share_without_a_known_cause_is_counted_with_its_interval(
    company: Settings, tmp_path: Path
) -> None:
    assert voice.read(company) is None
    night(company, tmp_path / "tables")
    found = voice.read(company)
    assert found is not None
    assert (found.losses, found.unknown, found.unknown_money_minor) == (4, 1, 480_000)
    assert found.unknown_low < 0.25 < found.unknown_high
    assert {each.cause: each.named for each in found.causes if each.named} == {
        "late_delivery": 1,
        "price_too_high": 1,
        "payment_problem": 1,
    }
    assert found.months[-1].start == date(2024, 6, 1)


def test_e7_a_large_loss_opens_one_inquiry_however_often_the_night_comes(
    company: Settings, tmp_path: Path
) -> None:
    inquiries.save(company, Inquiry(True, 400_000), by="niamh@example.com", now=NOW)
    night(company, tmp_path / "tables")
    night(company, tmp_path / "again")
    rows = sql.read(
        "SELECT s.key, t.kind, t.origin, t.text FROM task t JOIN subject s ON s.id = t.subject_id"
    )
    assert [row[:3] for row in rows] == [("silent", "check", "loss")]
    assert "Nothing says why yet" in rows[0][3]


@pytest.mark.parametrize(
    ("wanted", "now"),
    [
        (Inquiry(False, 400_000), NOW),
        (Inquiry(True, 500_000), NOW),
        (Inquiry(True, 400_000), NOW + timedelta(days=30)),
    ],
)
def test_e7_no_inquiry_where_it_is_off_small_or_long_ago(
    company: Settings, tmp_path: Path, wanted: Inquiry, now: datetime
) -> None:
    inquiries.save(company, wanted, by="", now=NOW)
    night(company, tmp_path / "tables", now)
    assert sql.read("SELECT id FROM task") == []


@pytest.mark.parametrize("amount", [0, -5, 10**16])
def test_a_threshold_that_is_none_is_refused(workspace: Settings, amount: int) -> None:
    with pytest.raises(Refusal) as refused:
        inquiries.save(workspace, Inquiry(True, amount), by="", now=NOW)
    assert refused.value.code == "bad_threshold"
    assert inquiries.read(workspace) == Inquiry()


def test_what_is_said_later_names_the_cause_and_a_loss_taken_back_is_gone(
    company: Settings, tmp_path: Path
) -> None:
    night(company, tmp_path / "tables")
    late = NOW + timedelta(days=2)
    back = happened("ticker", "Subscription Started", LEFT, of="S-ticker-2", amount=20.0, currency="EUR")
    said = [read("silent", "wants_to_leave", late), read("silent", "competitor_better_offer", late)]
    arrive(company, [*said, back], late + timedelta(hours=1))
    night(company, tmp_path / "again", late + timedelta(days=2))
    found = known(company)
    assert (found["silent"].cause, found["silent"].origin) == ("competitor_better_offer", "market")
    assert "ticker" not in found


def test_a_cause_of_the_workspaces_own_is_one_like_the_others(company: Settings, tmp_path: Path) -> None:
    from holdfast.services.understand import naming

    cause = naming.add(company, "Our app is ugly", "product", language="en", by="", now_us=us(NOW))
    arrive(company, [read("silent", "wants_to_leave", LEFT), read("silent", cause, LEFT)], NOW)
    night(company, tmp_path / "tables", NOW + timedelta(days=1))
    assert (known(company)["silent"].cause, known(company)["silent"].origin) == (cause, "ours")


def test_quotes_are_of_the_cause_and_name_nobody(company: Settings, tmp_path: Path) -> None:
    from holdfast.store.models import Standing

    night(company, tmp_path / "tables")
    unit = known(company)["wordy"].unit_id
    Standing.objects.update_or_create(unit_id=unit, defaults={"name": "Wordy Murphy"})
    told = quotes.of_cause(company, "late_delivery", 0, DAY + 1)
    assert [(each.unit_id, each.text) for each in told] == [(unit, "Always late, •••.")]
    assert quotes.of_cause(company, "late_delivery", 0, DAY + 1, among=[]) == []
    assert quotes.of_cause(company, "price_too_high", 0, DAY + 1) == []


def test_e1_losses_are_parted_by_the_segments_they_were_in_when_they_decided(
    company: Settings, tmp_path: Path
) -> None:
    from holdfast.store import segments

    units = {str(key): int(unit) for unit, key in sql.read("SELECT id, key FROM subject")}
    after, before = us(LEFT + timedelta(days=1)), us(LEFT - timedelta(days=9))
    vip, new = (segments.save(company, key, key.title(), {}, now_us=1) for key in ("vip", "new"))
    gone = segments.save(company, "gone", "Gone", {}, now_us=1)
    everybody = [units[key] for key in ("wordy", "ticker", "stays")]
    segments.apply(company, vip, everybody, [], day=DAY, now_us=1, moved=False)
    segments.apply(company, vip, [], [units["ticker"]], day=DAY, now_us=after)
    segments.apply(company, new, [units["broke"], units["wordy"]], [], day=DAY, now_us=1, moved=False)
    segments.apply(company, new, [], [units["wordy"]], day=DAY, now_us=before)
    segments.apply(company, gone, everybody, [], day=DAY, now_us=1, moved=False)
    segments.set_aside(company, gone, now_us=2)
    night(company, tmp_path / "tables")
    found = voice.read(company)
    assert found is not None
    assert [
        (each.name, each.losses, each.known, sorted(found.ids[cause] for cause, _ in each.causes))
        for each in found.groups["segment"]
    ] == [("vip", 2, 2, ["late_delivery", "price_too_high"]), ("new", 1, 1, ["payment_problem"])]
