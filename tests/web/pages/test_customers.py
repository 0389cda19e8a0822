"""The customer list: A7 ranked and filtered, N4 exported, at any size by keyset."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.spreadsheets import harmless
from holdfast.settings import Settings
from holdfast.store.customers import CustomerFilter, CustomerSort
from holdfast.web.pages.customers.asked import Asked, NotUnderstood, read_asked

if TYPE_CHECKING:
    from django.test import Client


def stand(unit_id: int, name: str, **given: Any) -> None:
    """Put one customer into the list as the loop would."""
    from django.db import transaction

    with transaction.atomic():
        _stand(unit_id, name, **given)


def stand_all(count: int, **given: Any) -> None:
    """Put many into it at once, named and sorted in a few ways; ``given`` as functions of their number."""
    from django.db import transaction

    with transaction.atomic():
        for unit in range(1, count + 1):
            _stand(unit, f"Customer {unit % 7}", **{name: value(unit) for name, value in given.items()})


def _stand(unit_id: int, name: str, **given: Any) -> None:
    from holdfast.domain.search import search_text, sort_key
    from holdfast.store.models import Standing, StandingCount

    values = {"state": "active", "country": "IE", "source": "search", "kind": "person", "orders": 1, **given}
    email = values.pop("email", f"c{unit_id}@example.com")
    Standing.objects.create(
        unit_id=unit_id, name=name, name_key=sort_key(name), search=search_text([name, email]), **values
    )
    where = {facet: values[facet] for facet in ("state", "country", "source", "kind")}
    known = StandingCount.objects.filter(**where).first()
    StandingCount.objects.filter(**where).delete()
    StandingCount.objects.create(**where, units=1 + (known.units if known else 0))


@pytest.fixture
def three(served: Settings) -> None:
    stand(
        1,
        "Ioana Marin",
        state="lapsed",
        country="RO",
        orders=3,
        amount_minor=4600,
        last_day=20000,
        last_key=20000,
    )
    stand(2, "مریم رستمی", country="IR", orders=9, amount_minor=99900, last_day=20700, last_key=20700)
    stand(3, '=HYPERLINK("http://evil.example")', amount_minor=-500, source="")


def names(client: Client, query: str = "") -> list[str]:
    text = client.get(f"/customers{query}").content.decode()
    return [
        piece.split("</bdi>")[0]
        for piece in text.split('class="row-link"')[1:]
        for piece in [piece.split("<bdi>")[1]]
    ]


def test_a7_everyone_is_listed_by_what_they_spent(signed_in: Callable[..., Client], three: None) -> None:
    client = signed_in()
    text = client.get("/customers").content.decode()
    assert names(client)[:2] == ["مریم رستمی", "Ioana Marin"]
    assert "Of <b>3 customers</b>, <b>2 are with you</b> and 1 is lost." in text
    assert "€999" in text
    assert "3 of 3 customers, by what they spent" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ioa", ["Ioana Marin"]),
        ("?q=IOANA+marin", ["Ioana Marin"]),
        ("?q=c2@example", ["مریم رستمی"]),
        ("?q=مريم", ["مریم رستمی"]),
        ("?state=lapsed", ["Ioana Marin"]),
        ("?country=IR&state=active", ["مریم رستمی"]),
        ("?country=IR&state=lapsed", []),
        ("?q=nobody", []),
    ],
)
def test_a7_search_and_filters_narrow(
    signed_in: Callable[..., Client], three: None, query: str, found: list[str]
) -> None:
    assert names(signed_in(), query) == found


def test_a7_nobody_matches_says_so_and_leads_back(signed_in: Callable[..., Client], three: None) -> None:
    text = signed_in().get("/customers?q=nobody").content.decode()
    assert "Nobody matches" in text
    assert "Show everyone" in text


def test_an_empty_workspace_says_which_command_imports(signed_in: Callable[..., Client]) -> None:
    text = signed_in().get("/customers").content.decode()
    assert "Nobody is here yet" in text
    assert "holdfast import orders.csv --as orders" in text


SORTS = ("name", "-name", "last", "-last", "amount", "-amount", "orders", "-orders")
NARROWED = ("", "&state=active", "&q=customer")


@pytest.mark.parametrize(
    ("sort", "narrowed"),
    [
        # Narrowed by each sort in the long run, here by one that goes up and one that goes down.
        pytest.param(
            sort, narrowed, marks=() if not narrowed or sort in ("name", "-amount") else pytest.mark.long
        )
        for sort in SORTS
        for narrowed in NARROWED
    ],
)
def test_every_page_follows_the_last_and_nobody_is_passed_over(
    signed_in: Callable[..., Client], served: Settings, sort: str, narrowed: str
) -> None:
    stand_all(
        130, amount_minor=lambda unit: unit % 5, orders=lambda unit: unit % 3, last_key=lambda unit: unit % 11
    )
    client, seen = signed_in(), []
    url = f"/customers?sort={sort}{narrowed}"
    while url:
        text = client.get(url).content.decode()
        linked = (piece.split('"')[0] for piece in text.split('href="/customers/')[1:])
        seen += [int(each) for each in linked if each.isdigit()]  # the tabs above the list lead elsewhere
        following = [
            part.split('"')[0]
            for part in text.split('<a class="button" href="')
            if 'rel="next"' in part[:400]
        ]
        url = following[0].replace("&amp;", "&") if following else ""
    assert sorted(seen) == list(range(1, 131))


@pytest.mark.parametrize(
    "query", ["?sort=age", "?after=nonsense", "?after=WzFd", "?sort=name&after=WzEsIDFd"]
)
def test_an_address_that_means_nothing_is_refused(signed_in: Callable[..., Client], query: str) -> None:
    answer = signed_in().get(f"/customers{query}")
    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()


words = st.one_of(st.none(), st.text(max_size=8))
units = st.integers(0, 2**62)
filters = st.builds(
    CustomerFilter, search=st.text(max_size=12), state=words, country=words, source=words, kind=words
)
by_number = st.builds(
    CustomerSort,
    st.sampled_from(["last", "amount", "orders"]),
    st.booleans(),
    st.one_of(st.none(), st.tuples(st.integers(-(2**62), 2**62), units)),
)
by_name = st.builds(
    CustomerSort, st.just("name"), st.booleans(), st.one_of(st.none(), st.tuples(st.text(max_size=9), units))
)


@given(filters, st.one_of(by_number, by_name))
def test_an_address_says_exactly_what_was_asked(wanted: CustomerFilter, sort: CustomerSort) -> None:
    from urllib.parse import parse_qsl

    asked = Asked(wanted, sort)
    assert read_asked(dict(parse_qsl(asked.query()[1:], keep_blank_values=True))) == asked


@given(st.text(max_size=40))
def test_any_typed_position_is_read_or_refused(typed: str) -> None:
    try:
        read_asked({"after": typed})
    except NotUnderstood:
        return


def test_the_number_of_statements_does_not_grow(signed_in: Callable[..., Client], served: Settings) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.store.models import Standing, StandingCount

    client = signed_in()
    counts = []
    for size in (2, 120):
        Standing.objects.all().delete()
        StandingCount.objects.all().delete()
        stand_all(size, country=lambda unit: f"C{unit % 9}")
        for query in ("", "?state=active&country=C1", "?q=customer"):
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/customers{query}")
            counts.append(len(asked))
    assert max(counts) <= 10  # two of them for the session and the person
    assert counts[:3] == counts[3:]


def test_only_the_list_is_sent_where_only_it_changes(signed_in: Callable[..., Client], three: None) -> None:
    client = signed_in()
    part = client.get(
        "/customers?q=ioa", headers={"HX-Request": "true", "HX-Target": "list"}
    ).content.decode()
    assert part.lstrip().startswith('<div id="list"')
    assert "<html" not in part
    assert "Ioana Marin" in part


def test_n4_the_export_is_a_table_in_which_nothing_runs(
    signed_in: Callable[..., Client], three: None
) -> None:
    answer = signed_in("analyst").get("/customers.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="customers.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == {
        "Ioana Marin",
        "مریم رستمی",
        '\'=HYPERLINK("http://evil.example")',
    }
    ioana = next(row for row in rows if row["id"] == "1")
    assert (ioana["last_order"], ioana["spent"], ioana["currency"]) == ("2024-10-04", "46.00", "EUR")


def test_n4_the_export_follows_the_filters(signed_in: Callable[..., Client], three: None) -> None:
    text = b"".join(signed_in().get("/customers.csv?state=lapsed")).decode()
    assert text.count("\n") == 2


def test_n2_who_only_reads_exports_nothing(signed_in: Callable[..., Client], three: None) -> None:
    client = signed_in("read_only")
    assert "/customers.csv" not in client.get("/customers").content.decode()
    answer = client.get("/customers.csv")
    assert answer.status_code == 403
    assert "This is not open to you" in answer.content.decode()


@given(st.text(max_size=12))
def test_n1_no_cell_begins_like_a_formula(typed: str) -> None:
    cell = harmless(typed)
    assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n"))
    assert cell in (typed, f"'{typed}")


@pytest.mark.parametrize(
    ("typed", "cell"), [("-5.20", "-5.20"), ("-2+3", "'-2+3"), ("=1", "'=1"), ("+353 1", "'+353 1"), ("", "")]
)
def test_n1_numbers_stay_numbers(typed: str, cell: str) -> None:
    assert harmless(typed) == cell


def test_what_a_customer_is_called_stays_text_on_the_page(signed_in: Callable[..., Client]) -> None:
    stand(1, "<script>alert(1)</script>", source="<b>ads</b>")
    text = signed_in().get("/customers").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>ads</b>" not in text


def test_find_offers_customers_then_places(signed_in: Callable[..., Client], three: None) -> None:
    text = signed_in().get("/find?q=c").content.decode()  # a letter is no search for customers yet
    assert "Customers" in text
    text = signed_in("manager").get("/find?q=ioa").content.decode()
    assert 'href="/customers/1"' in text


def test_find_offers_places_when_nobody_is_called_so(signed_in: Callable[..., Client]) -> None:
    text = signed_in().get("/find?q=meas").content.decode()
    assert "Measure" in text
    assert "<html" not in text


def test_a7_the_counts_of_filters_are_those_of_the_chosen_segment(
    signed_in: Callable[..., Client], served: Settings, three: None
) -> None:
    from holdfast.store import segments
    from holdfast.store.customers import CustomerFilter, facet_counts

    number = segments.save(served, "few", "Few", {"fact": "orders", "at_least": 1}, now_us=1)
    segments.apply(served, number, [1, 2], [], day=1, now_us=1)
    everybody = facet_counts(served, CustomerFilter())
    assert sum(everybody["state"].values()) == 3
    inside = facet_counts(served, CustomerFilter(segment=number))
    assert sum(inside["state"].values()) == 2
    assert inside["country"] == {"RO": 1, "IR": 1}
    assert facet_counts(served, CustomerFilter(segment=number, country="IR"))["state"] == {"active": 1}
    assert facet_counts(served, CustomerFilter(segment=number, among=frozenset({1})))["country"] == {"RO": 1}
    assert facet_counts(served, CustomerFilter(segment=0))["country"] == {}
    client = signed_in()
    assert "country=IE" in client.get("/customers").content.decode()
    assert "country=IE" not in client.get("/customers?segment=few").content.decode()
