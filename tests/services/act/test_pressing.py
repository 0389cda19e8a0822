"""G3: the contact rules as the dispatcher asks them: over all plays, channels and ids of one customer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.domain.consent import Statement
from holdfast.domain.pressure import DAY_US, USUAL, Cap, Hours, Policy
from holdfast.domain.touch import TouchRequest
from holdfast.domain.waking import Quiet
from holdfast.services.act.allowed import may_send, may_send_each
from holdfast.services.act.whereabouts import place
from holdfast.services.collect.identity.merging import merge
from holdfast.settings import Settings
from holdfast.store import cases, consent, message_settings, outbox, pauses, pressure, sql, suppression
from holdfast.store.message_settings import Proven
from services.act.people import ANN, NOW_US, call, known, subject, touch

HOUR_US = 3_600_000_000
ONCE_A_DAY = Policy(caps=(Cap("", "day", 1),))


@pytest.fixture
def ready(base: Settings) -> Settings:
    message_settings.note_proven(base, Proven("shop.example", NOW_US, True, {}))
    message_settings.set_public_url(base, "https://holdfast.shop.example/")
    message_settings.set_basis(base, message_settings.CUSTOMERS)
    message_settings.set_contact_rules(base, ONCE_A_DAY)
    return base


def went(settings: Settings, request: TouchRequest, at_us: int = NOW_US, state: str = "sent") -> None:
    outbox.ask(settings, request, now_us=at_us)
    sql.write("UPDATE touch SET state = %s, changed_us = %s WHERE key = %s", (state, at_us, request.key))


def code(settings: Settings, request: TouchRequest, now_us: int = NOW_US) -> str:
    return may_send(settings, request, now_us=now_us).code


def test_g3_caps_count_over_all_plays_channels_and_ids_of_a_customer(ready: Settings) -> None:
    ann, also = known(ready), known(ready, "ann-2", "ann@home.example")
    assert code(ready, touch(ann, key="new")) == ""
    went(ready, touch(also, "9", key="play:1:s1", channel="telegram"))
    assert code(ready, touch(ann, key="new")) == ""
    merge(ready, (ann, also), by="Niamh", now=datetime.now(UTC))
    verdict = may_send(ready, touch(ann, key="new"), now_us=NOW_US + HOUR_US)
    assert (verdict.does, verdict.code, verdict.again_us) == ("hold", "cap", NOW_US + DAY_US)
    assert str(verdict.reason) == "A customer gets 1 message a day at most."
    assert code(ready, touch(ann, key="new"), NOW_US + DAY_US) == ""
    for purpose in ("service", "legal", "staff"):
        assert code(ready, touch(ann, key="new", purpose=purpose), NOW_US + HOUR_US) == ""


def test_g3_one_that_waits_with_a_higher_priority_goes_first(ready: Settings) -> None:
    ann = known(ready)
    outbox.ask(ready, touch(ann, key="rescue", priority=7), now_us=NOW_US)
    low = touch(ann, key="sale", priority=2)
    assert code(ready, low) == "cap"
    assert code(ready, touch(ann, key="rescue", priority=7)) == ""
    together = may_send_each(ready, [low, touch(ann, key="rescue", priority=7)], now_us=NOW_US)
    assert [each.code for each in together] == ["cap", ""]
    no = Statement("offers", "email", False, NOW_US, "page")
    consent.say(ready, [consent.Said(ann, no)], now_us=NOW_US)
    news = touch(ann, key="news", priority=2, topic="news")
    assert code(ready, news) == ""  # what is not agreed to takes no room


def test_g3_what_another_sender_hands_over_takes_the_room(ready: Settings) -> None:
    ann = known(ready)
    went(ready, touch(ann, key="claimed"), state="claimed")
    verdict = may_send(ready, touch(ann, key="new"), now_us=NOW_US)
    assert verdict.code == "cap"
    assert verdict.again_us is not None and verdict.again_us < NOW_US + 120_000_000


def test_g3_strangers_have_their_caps_by_their_address(ready: Settings) -> None:
    from holdfast.store.suppression import address_key

    said = Statement("", "email", True, NOW_US, "form")
    for address in ("new@example.org", "other@example.org"):
        consent.say(ready, [consent.Said(0, said, address_key(ready, "email", address))], now_us=NOW_US)
    went(ready, touch(None, "new@example.org", key="first"))
    assert code(ready, touch(None, "new@example.org", key="second")) == "cap"
    assert code(ready, touch(None, "other@example.org", key="second")) == ""


def test_g3_nothing_is_sold_while_a_case_is_open(ready: Settings) -> None:
    ann = known(ready)
    case, _ = cases.add(ready, cases.NewCase(ann, "Broken"), by="niamh@example.com", now_us=NOW_US)
    assert code(ready, touch(ann)) == "open_case"
    assert code(ready, touch(ann, purpose="service")) == ""
    sql.write("UPDATE customer_case SET state = 'solved' WHERE id = %s", (case,))
    assert code(ready, touch(ann)) == ""


def test_g3_a_pause_holds_under_every_id_and_for_an_address(ready: Settings) -> None:
    ann, also = known(ready), known(ready, "ann-2", "ann@home.example")
    merge(ready, (ann, also), by="Niamh", now=datetime.now(UTC))
    until = NOW_US + 9 * DAY_US
    pauses.pause(ready, also, until, asked=True, by="niamh@example.com", now_us=NOW_US)
    verdict = may_send(ready, touch(ann), now_us=NOW_US)
    assert (verdict.code, verdict.again_us) == ("paused", until)
    assert code(ready, touch(ann), until) == ""
    assert pauses.end(ready, {ann, also}, by="niamh@example.com", now_us=NOW_US + 1) == 1
    assert code(ready, touch(ann)) == ""


@pytest.mark.parametrize(
    ("traits", "zones", "weekend"),
    [
        ({"country": "IR"}, ["Asia/Tehran"], {4}),
        ({"country": "Romania"}, ["Europe/Bucharest"], {5, 6}),
        ({"country": "IR", "timezone": "Europe/Berlin"}, ["Europe/Berlin"], {4}),
        ({"timezone": "Asia/Shanghai"}, ["Asia/Shanghai"], {5, 6}),
        ({"country": "nowhere", "timezone": "Mars/Base"}, ["UTC"], {5, 6}),
        ({}, ["UTC"], {5, 6}),
    ],
)
def test_g3_a_customer_lives_where_the_traits_say(
    ready: Settings, traits: dict[str, str], zones: list[str], weekend: set[int]
) -> None:
    from holdfast.services.act.whereabouts import places

    call(ready, {"type": "identify", "userId": "bo", "traits": {"email": "bo@example.org", **traits}})
    bo = subject(ready, "bo")
    found = places(ready, {bo: {bo}}, NOW_US)[bo]
    assert [zone.key for zone in found.zones] == zones
    assert set(found.weekend) == weekend


def test_g3_holidays_are_those_of_the_country() -> None:
    nowruz = datetime(2026, 3, 21, tzinfo=UTC).date()
    assert nowruz in place("", "IR", "Europe/Dublin", 2026).holidays
    assert nowruz not in place("", "", "Europe/Dublin", 2026).holidays
    assert datetime(2026, 3, 17, tzinfo=UTC).date() in place("", "", "Europe/Dublin", 2026).holidays


def test_g3_the_night_is_the_customers(ready: Settings) -> None:
    quiet = Policy(hours=(Hours("email", Quiet(21 * 60, 8 * 60)),))
    message_settings.set_contact_rules(ready, quiet)
    call(ready, {"type": "identify", "userId": "bo", "traits": {"email": "bo@x.example", "country": "IR"}})
    bo, noon = subject(ready, "bo"), datetime(2026, 12, 2, 12, 0, tzinfo=ZoneInfo("UTC"))
    at = int(noon.timestamp()) * 1_000_000
    assert code(ready, touch(bo, "bo@x.example"), at) == ""
    evening = may_send(ready, touch(bo, "bo@x.example"), now_us=at + 6 * HOUR_US)  # 21:30 in Tehran
    assert (evening.code, evening.again_us) == ("quiet_hours", at + int(16.5 * HOUR_US))


def test_g3_touches_that_wait_are_looked_at_when_rules_change(ready: Settings) -> None:
    ann = known(ready)
    outbox.ask(ready, touch(ann, key="a"), now_us=NOW_US)
    sql.write("UPDATE touch SET code = 'cap', due_us = %s", (NOW_US + DAY_US,))
    assert pressure.look_again(ready, ["paused"], now_us=NOW_US) == 0
    assert pressure.look_again(ready, ["cap"], now_us=NOW_US, subjects={ann + 1}) == 0
    assert pressure.look_again(ready, ["cap"], now_us=NOW_US, subjects={ann}) == 1
    assert sql.read("SELECT due_us FROM touch") == [(NOW_US,)]


def test_asking_for_many_takes_as_many_statements_as_for_one(ready: Settings) -> None:
    message_settings.set_contact_rules(ready, USUAL)
    people = [known(ready, f"c{number}", f"c{number}@example.org") for number in range(12)]

    def asked(some: list[int]) -> int:
        requests: list[Any] = [touch(each, f"{each}@example.org", key=f"k{each}") for each in some]
        with CaptureQueriesContext(connection) as statements:
            may_send_each(ready, requests, now_us=NOW_US)
        return len(statements)

    assert asked(people) == asked(people[:1]) <= 11
    mails = [touch(each, ANN, key=f"s{each}", purpose="service") for each in people]
    with CaptureQueriesContext(connection) as statements:
        may_send_each(ready, mails, now_us=NOW_US)
    assert len(statements) <= 5


def test_an_address_is_hashed_twice_for_each_touch_at_most(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = suppression.address_key

    def counted(settings: Settings, channel: str, address: str) -> bytes:
        hashed.append(address)
        return real(settings, channel, address)

    monkeypatch.setattr(suppression, "address_key", counted)
    wanted = [touch(known(ready, f"c{n}", f"c{n}@x.example"), f"c{n}@x.example", key=f"k{n}") for n in (1, 2)]
    hashed.clear()
    assert {each.does for each in may_send_each(ready, wanted, now_us=NOW_US)} == {"send"}
    assert sorted(hashed) == ["c1@x.example"] * 2 + ["c2@x.example"] * 2
