"""A5: contact points that need mending, as a list of work: ranked, narrowed, exported, mended."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from holdfast.settings import Settings
from holdfast.web.pages.contact_points.asked import Asked, NotUnderstood, read_asked
from web.pages.test_customers import stand

if TYPE_CHECKING:
    from django.test import Client


def point(unit: int, state: str = "bounced", **given: Any) -> None:
    from holdfast.store.models import PointState
    from holdfast.store.point_lists import keep_counts
    from holdfast.web.workspace import served_workspace

    values = {
        "kind": "email",
        "value": f"c{unit}@example.com",
        "work": state not in ("ok", "unclear"),
        **given,
    }
    PointState.objects.create(unit_id=unit, state=state, **values)
    keep_counts(served_workspace())


@pytest.fixture
def three(served: Settings) -> None:
    stand(1, "Ioana Marin", country="RO", state="dormant")
    stand(2, "مریم رستمی", country="IR")
    stand(3, '=HYPERLINK("http://evil.example")<script>alert(1)</script>')
    point(1, "bounced", value_minor=5_000, bounced_us=1_717_200_000_000_000)
    point(2, "never_used", value_minor=9_000, value="=cmd@example.com")
    point(3, "missing", kind="", value="", value_minor=100)
    point(3, "ok")
    point(1, "unclear", kind="phone", value="+40721000000")


def names(text: str) -> list[str]:
    return [piece.split("<bdi>")[1].split("</bdi>")[0] for piece in text.split('class="row-link"')[1:]]


def test_a5_the_work_is_listed_by_what_it_is_worth(signed_in: Callable[..., Client], three: None) -> None:
    text = signed_in("agent").get("/contact-points").content.decode()
    assert names(text)[:2] == ["مریم رستمی", "Ioana Marin"]
    assert "<b>1</b> address came back<br><b>1</b> customer cannot be reached at all<br>" in text
    assert "<b>1</b> contact point was never used" in text
    for said in ("on 1 June 2024", "€90", "Of 1 address or number no source tells", "Add one"):
        assert said in text, said
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=bounced", ["Ioana Marin"]),
        ("?standing=dormant", ["Ioana Marin"]),
        ("?country=IR", ["مریم رستمی"]),
        ("?country=IR&state=bounced", []),
        ("?owner=mine", []),
    ],
)
def test_a5_filters_narrow(
    signed_in: Callable[..., Client], three: None, query: str, found: list[str]
) -> None:
    text = signed_in().get(f"/contact-points{query}").content.decode()
    assert names(text) == found
    if not found:
        assert "Nothing under these filters" in text


def test_a5_ones_own_customers(signed_in: Callable[..., Client], three: None) -> None:
    from holdfast.store.models import Owner, User

    client = signed_in("agent")
    me = User.objects.get(email="agent.en@example.com").pk
    Owner.objects.create(subject_id=2, person_id=me, from_us=1, set_by="x")
    assert names(client.get("/contact-points?owner=mine").content.decode()) == ["مریم رستمی"]


@pytest.mark.parametrize("query", ["?state=fine", "?owner=me", "?after=nonsense", "?after=WzFd"])
def test_an_address_that_means_nothing_is_refused(signed_in: Callable[..., Client], query: str) -> None:
    assert signed_in().get(f"/contact-points{query}").status_code == 400


def test_every_page_follows_the_last(signed_in: Callable[..., Client], served: Settings) -> None:
    for unit in range(1, 131):
        stand(unit, f"Customer {unit}")
        point(unit, value_minor=unit % 3)
    client, url, seen = signed_in(), "/contact-points", []
    while url:
        text = client.get(url).content.decode()
        seen += names(text)
        following = [
            part.split('"')[0]
            for part in text.split('<a class="button" href="')
            if 'rel="next"' in part[:600]
        ]
        url = following[0].replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(f"Customer {unit}" for unit in range(1, 131))


values = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=9)
places = st.tuples(
    st.integers(-(2**62), 2**62), st.integers(0, 2**62), st.sampled_from(["", "email"]), values
)


@given(st.builds(Asked, state=st.sampled_from(["", "stale"]), country=st.sampled_from(["", "IE"]),
                 owner=st.sampled_from(["", "mine"]), after=st.one_of(st.none(), places)))  # fmt: skip
@tries(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_address_says_exactly_what_was_asked(served: Settings, asked: Asked) -> None:
    from urllib.parse import parse_qsl

    assert read_asked(dict(parse_qsl(asked.query()[1:], keep_blank_values=True))) == asked


@given(st.text(max_size=40))
@tries(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_typed_position_is_read_or_refused(served: Settings, typed: str) -> None:
    try:
        read_asked({"after": typed})
    except NotUnderstood:
        return


@pytest.mark.parametrize(
    ("role", "may"), [("admin", True), ("analyst", True), ("agent", False), ("read_only", False)]
)
def test_n4_the_list_as_a_file_for_those_who_may(
    signed_in: Callable[..., Client], three: None, role: str, may: bool
) -> None:
    client = signed_in(role)
    assert ("contact-points.csv" in client.get("/contact-points").content.decode()) == may
    answer = client.get("/contact-points.csv?country=IR")
    if not may:
        assert answer.status_code == 403
        return
    assert answer["Content-Disposition"] == 'attachment; filename="contact-points.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["contact_point"], row["state"], row["worth"]) for row in rows] == [
        ("'=cmd@example.com" if role == "admin" else "'=•••@example.com", "never_used", "90.00")
    ]


@pytest.mark.parametrize(("typed", "kept"), [("90", 90), ("۹۰", 90), ("3,650", 3650)])
def test_a5_a_decider_says_how_long_silence_may_last(
    signed_in: Callable[..., Client], three: None, served: Settings, typed: str, kept: int
) -> None:
    from holdfast.services.collect.care.refresh import stale_days

    client = signed_in("manager")
    assert client.post("/contact-points/stale-after", {"days": typed}).status_code == 302
    assert stale_days(served) == kept
    assert "everybody is judged by it within a minute" in client.get("/contact-points").content.decode()


@pytest.mark.parametrize("typed", ["", "0", "6", "1e3", "-5", "99999", "x"])
def test_a5_no_number_of_days_is_refused(signed_in: Callable[..., Client], three: None, typed: str) -> None:
    answer = signed_in("manager").post("/contact-points/stale-after", {"days": typed})
    assert answer.status_code == 422
    assert "is no number of days that silence may last" in answer.content.decode()
    assert signed_in("agent").post("/contact-points/stale-after", {"days": "90"}).status_code == 403


def test_a5_an_empty_list_says_what_will_be_here(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in()
    assert "Nobody has looked yet" in client.get("/contact-points").content.decode()
    point(1, "ok")
    assert "Nothing to mend" in client.get("/contact-points").content.decode()


def test_the_number_of_statements_does_not_grow(signed_in: Callable[..., Client], served: Settings) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in("agent"), []
    for size in (1, 2):
        for unit in range(60 * (size - 1) + 1, 60 * size + 1):
            stand(unit, f"Customer {unit}")
            point(unit, value_minor=unit)
        with CaptureQueriesContext(connection) as asked:
            client.get("/contact-points?country=IE")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11


def test_n2_who_sees_only_their_customers_is_told_of_theirs_only(
    signed_in: Callable[..., Client], served: Settings, three: None
) -> None:
    from holdfast.store import owners, portfolio
    from holdfast.store.models import User

    client = signed_in("agent")
    me = User.objects.get(email="agent.en@example.com").pk
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    text = client.get("/contact-points").content.decode()
    assert "address came back" not in text
    assert names(text) == []
    owners.set_owner(served, [2], 2, me, by="x", now_us=1)
    text = client.get("/contact-points").content.decode()
    said = text.split('class="say"')[1].split("</p>")[0]
    assert "<b>1</b> contact point was never used" in said
    assert "came back" not in said and "cannot be reached" not in said
    assert "Of 1 address or number no source tells" not in text
    assert names(text) == ["مریم رستمی"]
