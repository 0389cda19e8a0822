"""A5: contact points are judged by what events say, and become work; A6: the channel that suits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.care import points, refresh, watch
from holdfast.services.collect.care.channels import channel_advice
from holdfast.services.collect.care.traits import edit_trait
from holdfast.services.collect.care.who import Who, who
from holdfast.settings import Settings
from holdfast.store import care_settings, channel_uses, point_lists, told
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand

pytestmark = pytest.mark.parametrize("base", ["sqlite", "postgresql"], indirect=True)

NOW = int(datetime(2024, 7, 1, tzinfo=UTC).timestamp() * 1_000_000)
BY = "niamh@example.com"


def mail(at: str, name: str, **more: Any) -> Happened:
    return Happened(at, name, more=more)


def person(key: str, name: str, *history: Happened, phone: str | None = None, email: bool = True) -> Person:
    return Person(key, name, history, email=f"{key}@example.com" if email else None, phone=phone)


PEOPLE = (
    person("read", "Reads", mail("2024-06-01", "Email Delivered"), mail("2024-06-02", "Email Opened")),
    person("gone", "Gone", mail("2024-05-01", "Email Opened"), mail("2024-06-01", "Email Bounced")),
    person("back", "Back", mail("2024-05-01", "Email Bounced"), mail("2024-06-01", "Email Opened")),
    person("old", "Old", mail("2022-05-01", "Email Opened"), mail("2024-06-20", "Email Delivered")),
    person("dead", "Silent", mail("2022-05-01", "Email Delivered"), mail("2024-06-20", "Email Delivered")),
    person("fresh", "Fresh", mail("2024-06-01", "Signed Up"), phone="+40721000000"),
    person("none", "Nowhere", mail("2024-06-01", "Signed Up"), email=False),
    person("chat", "Chats", mail("2024-06-01", "Message Received", code="whatsapp"), email=False),
)


@pytest.fixture
def judged(base: Settings) -> Settings:
    bring(base, *PEOPLE)
    for at, person in enumerate(PEOPLE):
        stand(unit_of(person.key), person.name, yearly_minor=100 * at)
    refresh.refresh(base, now_us=NOW)
    return base


def states(settings: Settings) -> dict[tuple[str, str], str]:
    from holdfast.store import sql

    names = {unit_of(person.key): person.key for person in PEOPLE}
    rows = sql.read("SELECT unit_id, kind, state FROM point_state")
    return {(names[unit], kind): state for unit, kind, state in rows}


def test_a5_each_state_is_learnt_from_events(judged: Settings) -> None:
    assert states(judged) == {
        ("read", "email"): "ok",
        ("gone", "email"): "bounced",
        ("back", "email"): "ok",
        ("old", "email"): "stale",
        ("dead", "email"): "stale",
        ("fresh", "email"): "never_used",
        ("fresh", "phone"): "unclear",
        ("none", ""): "missing",
    }


def test_a5_the_work_is_ranked_by_worth_and_goes_on_by_keyset(judged: Settings) -> None:
    seen: list[str] = []
    after, more = None, True
    while more:
        rows, more = point_lists.list_points(judged, point_lists.PointFilter(), after=after, limit=2)
        seen += [row.name for row in rows]
        after = rows[-1].place
    assert seen == ["Nowhere", "Fresh", "Silent", "Old", "Gone"]
    only, _ = point_lists.list_points(judged, point_lists.PointFilter(state="bounced", standing="active"))
    assert [(row.name, row.value) for row in only] == [("Gone", "gone@example.com")]
    assert point_lists.list_points(judged, point_lists.PointFilter(country="XX"))[0] == []
    assert point_lists.count_by_state(judged)["stale"] == 2
    assert len(list(point_lists.every_point(judged, point_lists.PointFilter()))) == 5


def test_a5_judging_again_changes_nothing(judged: Settings) -> None:
    assert refresh.refresh(judged, now_us=NOW) == 0


def test_a5_an_address_that_is_named_is_judged_alone(base: Settings) -> None:
    bounced = Happened("2024-06-02", "Email Bounced", more={})
    bring(base, Person("two", "Two", (mail("2024-06-01", "Email Opened"), bounced), email="one@example.com"))
    points.add_point(base, who(base, unit_of("two")), "email", "Two@Example.com", by=BY, now_us=NOW - 10**9)
    assert {point.value: point.state for point in _points(base, "two")} == {
        "one@example.com": "bounced",
        "two@example.com": "ok",
    }


def test_a5_a_mended_address_keeps_the_old_one_with_its_end(judged: Settings) -> None:
    gone = who(judged, unit_of("gone"))
    assert points.replace_point(
        judged, gone, "email", "gone@example.com", " New@Example.com ", by=BY, now_us=NOW
    ) == "new@example.com"  # fmt: skip
    old, new = _points(judged, "gone")
    assert old.ended is not None
    assert (old.ended.made_by, old.ended.instead, new.state) == (BY, "new@example.com", "ok")
    assert ("gone", "email") in states(judged)
    assert states(judged)["gone", "email"] == "ok"
    from holdfast.store.profile import profile

    known = profile(judged, gone.unit_id)
    assert known is not None
    assert known.emails == ("new@example.com",)
    points.restore_point(judged, gone, "email", "gone@example.com", by=BY, now_us=NOW + 1)
    assert _points(judged, "gone")[0].state == "bounced"


def test_a5_checked_is_checked_and_ended_leaves_nobody_unreachable(judged: Settings) -> None:
    fresh = who(judged, unit_of("fresh"))
    points.check_point(judged, fresh, "phone", "+40721000000", by=BY, now_us=NOW)
    assert states(judged)["fresh", "phone"] == "ok"
    points.end_point(judged, fresh, "phone", "+40721000000", by=BY, now_us=NOW)
    points.end_point(judged, fresh, "email", "fresh@example.com", by=BY, now_us=NOW)
    assert states(judged)["fresh", ""] == "missing"
    points.add_point(judged, fresh, "phone", "+40 722 123456", by=BY, now_us=NOW)
    assert ("fresh", "") not in states(judged)
    assert point_lists.kept_counts(judged) == point_lists.count_by_state(judged)


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("email", "nobody", "bad_point"),
        ("email", "a@b", "bad_point"),
        ("email", "<script>@example.com", "bad_point"),
        ("email", "", "bad_point"),
        ("phone", "12", "bad_point"),
        ("fax", "+40721000000", "bad_point"),
        ("email", "read@example.com", "have_it"),
    ],
)
def test_a5_what_is_no_address_is_refused(judged: Settings, kind: str, written: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        points.add_point(judged, who(judged, unit_of("read")), kind, written, by=BY, now_us=NOW)
    assert refused.value.code == code


def test_a5_what_is_not_there_is_refused(judged: Settings) -> None:
    read = who(judged, unit_of("read"))
    for act in (points.check_point, points.end_point, points.restore_point):
        with pytest.raises(Refusal, match="not there any more"):
            act(judged, read, "email", "other@example.com", by=BY, now_us=NOW)
    with pytest.raises(Refusal, match="There is no customer 999999"):
        who(judged, 999_999)


def test_a5_how_long_silence_may_last_is_decided_here(judged: Settings) -> None:
    care_settings.write(judged, refresh.STALE, 10_000)
    refresh.refresh(judged, now_us=NOW)
    assert "stale" not in states(judged).values()


def test_a5_merged_customers_are_judged_as_one(judged: Settings) -> None:
    from holdfast.store.identity import merge

    merge(judged, [unit_of("none"), unit_of("read")], by=BY, now_us=NOW)
    refresh.refresh(judged, now_us=NOW)
    unit = "none" if unit_of("none") < unit_of("read") else "read"
    assert states(judged)[unit, "email"] == "ok"
    assert "missing" not in states(judged).values()


def test_a5_the_watch_sees_what_came_since(judged: Settings) -> None:
    from holdfast.store.identity import assign_subjects
    from holdfast.store.models import LogRow

    assert watch.watch(judged, now_us=NOW) == 0
    assert watch.watch(judged, now_us=NOW) == 0
    (read,) = assign_subjects(judged, "customer", ["read"])
    LogRow.objects.create(
        event_key=b"k" * 16, subject_id=read, at_us=NOW - 5, known_us=NOW, name="Email Bounced", source="mail"
    )
    assert watch.watch(judged, now_us=NOW) == 1
    assert states(judged)["read", "email"] == "bounced"
    assert watch.watch(judged, now_us=NOW) == 0


def test_a6_what_is_declared_wins_over_what_is_learnt(base: Settings) -> None:
    wrote = tuple(mail(f"2024-05-{day:02d}", "Message Received", code="telegram") for day in range(1, 7))
    sent = tuple(mail(f"2024-05-{day:02d}", "Email Delivered") for day in range(1, 9))
    bring(base, Person("k", "K", (*wrote, *sent), email="k@example.com"))
    refresh.refresh(base, now_us=NOW)
    about = who(base, unit_of("k"))
    learnt = _advice(base, about)
    assert (learnt.channel, learnt.answers, learnt.declared) == ("messenger", 6, None)
    assert 0.5 < learnt.rate <= 1
    edit_trait(base, about, "preferred_channel", "Mail", by=BY, now_us=NOW)
    assert _advice(base, about).channel == "email"
    with pytest.raises(Refusal, match="One of email"):
        edit_trait(base, about, "preferred_channel", "pigeon", by=BY, now_us=NOW)


def test_a6_too_few_tries_are_not_clear_yet(judged: Settings) -> None:
    assert _advice(judged, who(judged, unit_of("read"))).channel is None


def _advice(settings: Settings, about: Who) -> Any:
    company = care_settings.read(settings, refresh.RATES)[refresh.RATES]
    return channel_advice(
        told.said_of(settings, about.subjects), channel_uses.of(settings, about.unit_id), company
    )


def _points(settings: Settings, key: str) -> Any:
    from holdfast.store.contact_points import points_of

    about = who(settings, unit_of(key))
    return points_of(settings, about.subjects, about.unit_id)


def test_a5_an_account_is_reached_through_its_people(base: Settings) -> None:
    from holdfast.store import sql
    from holdfast.store.identity import assign_subjects
    from holdfast.store.models import AccountContact

    bring(base, *PEOPLE[:2])
    account, empty = assign_subjects(base, "account", ["lumen", "empty"])
    for key in ("read", "gone"):
        AccountContact.objects.create(subject_id=unit_of(key), account_id=account)
    for unit, name in ((account, "Lumen"), (empty, "Empty")):
        stand(unit, name, kind="account")
    accounts = replace(base, unit="account")
    refresh.refresh(accounts, now_us=NOW)
    found = sql.read("SELECT unit_id, value, state FROM point_state")
    assert {tuple(row) for row in found} == {
        (account, "gone@example.com", "bounced"),
        (account, "read@example.com", "ok"),
        (empty, "", "missing"),
    }
    assert refresh.refresh_units(accounts, watch._whole_units(accounts, [unit_of("read")]), now_us=NOW) == 0
