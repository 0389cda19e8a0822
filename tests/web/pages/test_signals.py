"""Signals on their pages: what each warns of, its record, its settings with a replay, and one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from holdfast.analytics.scorecards import Scorecard
from holdfast.services.warn import own, setting
from holdfast.services.warn.catalogue import delivered, find
from holdfast.settings import Settings
from holdfast.store import portfolio, signal_settings
from web import warned

if TYPE_CHECKING:
    from django.test import Client

FAILED = "payment_failed"
CARD = Scorecard(
    signal=FAILED,
    values={},
    from_day=date(2024, 1, 1),
    to_day=date(2024, 7, 1),
    horizon_days=90,
    customers=1_000,
    all_customers=1_000,
    episodes=240,
    warned=200,
    weekly=9.2,
    days_warned=0.01,
    matured=180,
    left_with=0.42,
    left_without=0.11,
    lift=3.8,
    lift_low=3.1,
    lift_high=4.6,
    lead_days=21.0,
    overlap=(("overdue", 0.3),),
    false_weekly=1.5,
    owners=4,
    verdict="earns_its_place",
)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def kept(served: Settings) -> Settings:
    """A workspace in which one signal has a record."""
    signal_settings.save_scorecard(
        served, FAILED, find(served, FAILED).rule, CARD.as_json(), made_day=19_900, now_us=1
    )
    return served


def test_every_signal_stands_in_the_list_with_its_record(
    signed_in: Callable[..., Client], kept: Settings
) -> None:
    text = text_of(signed_in(), "/warn")
    for signal in delivered().values():
        assert f"/warn/of/{signal.name}" in text
    row = text[text.index(f'/warn/of/{FAILED}"') :].split("</tr>")[0]
    for said in ("42%", "11%", "3.8× (3.1 to 4.6)", "21 days", "earns its place"):
        assert said in row, said
    assert "watch your customers; by the past, <b>1</b> earn their place." in text


def test_before_any_record_nothing_is_said_of_what_signals_are_worth(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    text = text_of(signed_in(), "/warn")
    assert f"<b>{len(delivered())} signals</b> watch your customers.</p>" in text
    assert "earn" not in text


def test_a_signal_explains_itself_and_shows_its_whole_record(
    signed_in: Callable[..., Client], kept: Settings
) -> None:
    units = warned.company(kept)
    warned.warn(kept, FAILED, units["ioana"])
    text = text_of(signed_in("analyst"), f"/warn/of/{FAILED}")
    for said in (
        "A payment was declined",
        "Customers it warns of leave more often than others: it earns its place.",
        "200 of 1,000",
        "The next purchase is overdue: 30%",
        "1 January 2024 to 1 July 2024",
        "Ioana Marin",
        "Managers and administrators decide this.",
    ):
        assert said in text, said
    assert "<form" not in text[text.index("How it is set") : text.index("What it looks at")]


def test_c0_the_storms_of_a_year_stand_with_their_signal(
    signed_in: Callable[..., Client], kept: Settings
) -> None:
    warned.storm(kept, FAILED, 1_204, days_ago=200)
    warned.storm(kept, FAILED, 77, days_ago=400)
    warned.storm(kept, "overdue", 88, days_ago=3)
    agent = signed_in("agent")
    text = text_of(agent, f"/warn/of/{FAILED}")
    block = text[text.index("Its storms of the last year") : text.index("How it is set")]
    assert ": 1,204 customers, when about 2 are usual</li>" in block
    assert block.count("<li>") == 1
    assert "storms of the last year" not in text_of(agent, "/warn/of/gave_bad_feedback")
    portfolio.decide(kept, portfolio.Decided(frozenset({"agent"})))
    assert "1,204" not in text_of(agent, f"/warn/of/{FAILED}")


def test_settings_are_replayed_before_they_go_live(
    signed_in: Callable[..., Client], kept: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def replayed(_: Settings, key: str, values: object, *, now: datetime) -> Scorecard:
        asked.append((key, values))
        return CARD

    name = delivered()[FAILED].settings[0].name
    client, given = signed_in("manager"), {"on": "1", name: "2"}
    monkeypatch.setattr(setting, "replayed", replayed)
    text = client.post(f"/warn/of/{FAILED}/set", {**given, "try": "1"}).content.decode()
    assert asked == [(FAILED, {name: 2.0})]
    assert "This is only tried." in text
    (note,) = re.findall("Tried on a part of the customers and of the days from [^<]*", text)
    assert "to 1 July 2024" in note
    assert f'name="{name}" value="2"' in text
    assert find(kept, FAILED).set.numbers == {}
    answer = client.post(f"/warn/of/{FAILED}/set", given)
    assert answer["Location"] == f"/warn/of/{FAILED}"
    assert find(kept, FAILED).tuned.settings[name] == 2.0
    assert "The settings have changed since" in text_of(client, f"/warn/of/{FAILED}")
    client.post(f"/warn/of/{FAILED}/set", {})
    assert not find(kept, FAILED).on


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("many", "This is no number."),
        ("99999", "A number from"),
        ("", "This is no number."),
        ("NaN", "no number"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_stay_typed(
    signed_in: Callable[..., Client], kept: Settings, typed: str, said: str
) -> None:
    name = delivered()[FAILED].settings[0].name
    answer = signed_in().post(f"/warn/of/{FAILED}/set", {"on": "1", name: typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert f'name="{name}" value="{typed}"' in text
    assert find(kept, FAILED).set.numbers == {}


@pytest.mark.parametrize("language", ["en", "ro", "fa"])
def test_n3_a_setting_is_read_as_its_own_form_writes_it(
    signed_in: Callable[..., Client], served: Settings, language: str
) -> None:
    key, name = "nobody_in_touch", "purchases"
    setting.change(served, key, {name: 1_000}, True, by="x", now=datetime.now(UTC))
    client = signed_in("manager", language)
    fields = re.findall(
        r'name="(\w+)" value="([^"]*)" inputmode="decimal"', client.get(f"/warn/of/{key}").content.decode()
    )
    assert name in dict(fields)
    assert client.post(f"/warn/of/{key}/set", {"on": "1", **dict(fields)}).status_code == 302
    assert find(served, key).tuned.settings[name] == 1_000


def test_a_signal_that_is_not_there_is_404(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in()
    assert client.get("/warn/of/singing").status_code == 404
    assert client.post("/warn/of/singing/set", {}).status_code == 404
    assert client.get("/warn/of/own-nothing/edit").status_code == 404
    assert client.post("/warn/of/own-nothing/delete").status_code == 404


def test_a_signal_of_ones_own_is_built_changed_and_deleted(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    from holdfast.domain.written_expressions import parse

    made = own.create(
        served,
        "Stopped ordering filters",
        parse({"event": "Order Completed", "days": 30, "at_most": 0}),
        by="x@example.com",
        now=datetime.now(UTC),
    )
    client = signed_in("analyst")
    text = text_of(client, f"/warn/of/{made.key}")
    assert "Stopped ordering filters" in text
    assert f"/warn/of/{made.key}/edit" in text
    assert 'value="Stopped ordering filters"' in text_of(client, f"/warn/of/{made.key}/edit")
    client.post(f"/warn/of/{made.key}/delete")
    assert client.get(f"/warn/of/{made.key}").status_code == 404


def test_a_rule_that_is_not_finished_is_refused_in_words(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in()
    assert "Choose what is looked at" in text_of(client, "/warn/new")
    answer = client.post("/warn/new", {"title": "Mine", "pause": "14", "do": "save"})
    assert answer.status_code == 422
    assert 'id="rule-error"' in answer.content.decode()
    assert signal_settings.own_signals(served) == []


BUILT = {
    "title": "No orders in a month",
    "pause": "۲۱",
    "n.join": "all",
    "n.0.of": "event:Order Completed",
    "n.0.measure": "times",
    "n.0.test": "at_most",
    "n.0.value": "0",
    "n.0.days": "30",
}


def test_n3_the_pause_stands_in_the_digits_of_its_reader(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    warned.company(served)
    client = signed_in("analyst", "fa")
    assert 'id="pause" name="pause" value="۱۴"' in text_of(client, "/warn/new")
    client.post("/warn/new", {**BUILT, "pause": "۱۲۰", "do": "save"})
    (made,) = signal_settings.own_signals(served)
    assert 'id="pause" name="pause" value="۱۲۰"' in text_of(client, f"/warn/of/{made.key}/edit")


def test_the_builder_replays_and_keeps_a_rule(
    signed_in: Callable[..., Client], served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def replayed(*given: object, now: datetime) -> Scorecard:
        asked.append(len(given))
        return CARD

    warned.company(served)
    monkeypatch.setattr(own, "replayed", replayed)
    client = signed_in("manager")
    tried = client.post("/warn/new", {**BUILT, "do": "replay"}).content.decode()
    assert asked
    assert "it earns its place" in tried
    assert signal_settings.own_signals(served) == []
    answer = client.post("/warn/new", {**BUILT, "do": "save"})
    (made,) = signal_settings.own_signals(served)
    assert answer["Location"] == f"/warn/of/{made.key}"
    assert (made.title, made.cooldown_days) == ("No orders in a month", 21)
    again = client.post(f"/warn/of/{made.key}/edit", {**BUILT, "title": "Silent", "do": "save"})
    assert again.status_code == 302
    assert [each.title for each in signal_settings.own_signals(served)] == ["Silent"]
    refused = client.post("/warn/new", {**BUILT, "title": "Silent", "do": "save"})
    assert refused.status_code == 422
    assert "A signal is called Silent already." in refused.content.decode()
    for pause in ("99999", "²"):
        refused = client.post("/warn/new", {**BUILT, "pause": pause, "do": "save"})
        assert "The pause is" in refused.content.decode()


def test_what_cannot_be_asked_of_the_past_is_refused(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    rule = {"title": "Rich", "pause": "1", "n.join": "all", "n.0.of": "fact:orders", "n.0.test": "at_least",
            "n.0.value": "5", "do": "save"}  # fmt: skip
    answer = signed_in().post("/warn/new", rule)
    assert answer.status_code == 422
    assert 'id="rule-error"' in answer.content.decode()
