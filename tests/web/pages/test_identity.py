"""A1: the pages on which customers are merged, taken apart, and put under accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from brought import bring, subject
from holdfast.language.pseudo import unmarked
from holdfast.services.collect.identity.search import search_duplicates
from holdfast.settings import Settings
from holdfast.store import identity_live, sql
from web.test_languages import DATES

if TYPE_CHECKING:
    from django.test import Client

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SCRIPT = '<script>alert("x")</script>'


@pytest.fixture
def twice(served: Settings) -> tuple[int, int]:
    """Ana, once from the shop and once typed at a counter."""
    bring(
        served,
        {"a": {"name": "Ana Pop", "phone": "+40722123456", "email": "ana.pop77@x.org"}},
        traits=[("a", "city", "Iași", 1_000), ("a", "country", "RO", 1_000)],
    )
    bring(
        served,
        {"b": {"name": "Pop Ana", "phone": "+4722123456"}},
        namespace="counter",
        traits=[("b", "birth_date", "1980-02-01", 1_000)],
    )
    return subject(served, "a"), subject(served, "b", "counter")


def units(served: Settings, *subjects: int) -> list[int]:
    found = identity_live.units_of(served, subjects)
    return [found[each] for each in subjects]


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_a1_the_list_says_what_will_be_here(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in()
    assert "Nobody has searched yet" in text(client, "/customers/duplicates")
    search_duplicates(served, NOW)
    bring(served, {"a": {"name": "Ana"}})
    search_duplicates(served, NOW)
    assert "Nobody looks like somebody else" in text(client, "/customers/duplicates")


def test_a1_from_the_list_to_a_merge_and_back(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int]
) -> None:
    a, b = twice
    search_duplicates(served, NOW)
    client = signed_in("agent")
    listed = text(client, "/customers/duplicates")
    for said in (
        "<b>1 pair of customers</b>",
        "the same telephone number",
        "the same name, which is rare",
        ">90<",
    ):
        assert said in listed, said
    compared = text(client, f"/customers/{a}/and/{b}")
    for said in (
        "<b>90 of 100 points</b> speak for one customer",
        "They would be one customer with 0 events and 0 orders",
        "1980-02-01",
        "Romania",
        "Merge the two",
    ):
        assert said in compared, said

    answer = client.post("/customers/merge", {"left": a, "right": b})
    assert (answer.status_code, answer["Location"]) == (302, "/customers/duplicates?merged=1")
    assert units(served, a, b) == [a, a]
    after = text(client, answer["Location"])
    assert "They are one customer now." in after
    assert 'action="/customers/merges/1/undo"' in after
    assert "They are one customer already." in text(client, f"/customers/{a}/and/{b}")
    again = client.post("/customers/merge", {"left": b, "right": a})
    assert (again.status_code, "one customer already" in again.content.decode()) == (422, True)

    merges = text(client, "/customers/merges")
    assert "agent.en@example.com" in merges
    assert "the same telephone number · the same name, which is rare here" in merges
    answer = client.post("/customers/merges/1/undo")
    assert (answer.status_code, answer["Location"]) == (302, "/customers/merges?undone=1")
    assert "Undone: each is a customer of its own again." in text(client, answer["Location"])
    assert units(served, a, b) == [a, b]
    assert client.post("/customers/merges/1/undo").status_code == 422


def test_a1_undoing_says_when_they_are_one_still(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int]
) -> None:
    a, b = twice
    client = signed_in()
    client.post("/customers/merge", {"left": a, "right": b})
    bring(served, {"a": {"email": "same@x.org"}})
    bring(served, {"b": {"email": "same@x.org"}}, namespace="counter")
    answer = client.post("/customers/merges/1/undo")
    assert "Other links still say that they are one" in text(client, answer["Location"])


def test_a1_said_to_be_different_they_are_not_listed_again(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int]
) -> None:
    a, b = twice
    search_duplicates(served, NOW)
    client = signed_in("manager")
    answer = client.post("/customers/different", {"left": a, "right": b})
    after = text(client, answer["Location"])
    assert "Remembered: they are not the same" in after
    assert "Pop Ana" not in after
    assert "One of us said that they are not the same." in text(client, f"/customers/{a}/and/{b}")


def test_a1_the_ids_of_a_customer_and_what_links_them(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int]
) -> None:
    a, b = twice
    client = signed_in()
    assert 'name="id"' not in text(client, f"/customers/{a}/ids"), "one id alone is not taken out"
    client.post("/customers/merge", {"left": a, "right": b})
    page = text(client, f"/customers/{b}/ids")
    assert "<b>2 ids</b> are this customer." in page
    assert "one of us said so" in page
    refused = client.post(f"/customers/{a}/ids/take-out", {"id": [a, b]})
    assert (refused.status_code, "Some of the ids of one customer" in refused.content.decode()) == (422, True)
    answer = client.post(f"/customers/{a}/ids/take-out", {"id": [b]})
    assert "Taken out" in text(client, answer["Location"])
    assert units(served, a, b) == [a, b]
    assert "taken apart" in text(client, "/customers/merges")
    text(client, "/customers/999/ids", 404)


def test_a1_another_entry_is_searched_for_and_compared(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int]
) -> None:
    from holdfast.store.standings import Standings, save_standings

    a, b = twice
    empty: list[None] = [None, None]
    save_standings(served, Standings([a, b], ["active"] * 2, empty, empty, empty, [0, 0], [0, 0], [0, 0]))
    page = text(signed_in(), f"/customers/{a}/ids?q=pop")
    assert f'href="/customers/{a}/and/{b}"' in page
    assert f"/and/{a}" not in page
    assert "Nobody else is found so." in text(signed_in("analyst"), f"/customers/{a}/ids?q=zzz")


@pytest.mark.parametrize("role", ["analyst", "read_only"])
def test_n2_who_only_reads_sees_and_does_not_merge(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int], role: str
) -> None:
    a, b = twice
    client = signed_in(role)
    assert "Administrators, managers and agents merge." in text(client, f"/customers/{a}/and/{b}")
    for path, sent in (
        ("/customers/merge", {"left": a, "right": b}),
        ("/customers/different", {"left": a, "right": b}),
        ("/customers/merges/1/undo", {}),
        (f"/customers/{a}/ids/take-out", {"id": a}),
        (f"/customers/{a}/parent", {"parent": ""}),
    ):
        assert client.post(path, sent).status_code == 403, path
    assert units(served, a, b) == [a, b]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/customers/duplicates?after=x", 400),
        ("/customers/duplicates?after=90-1-2", 200),
        ("/customers/1/and/999", 404),
        ("/customers/999/accounts", 404),
        ("/customers/merges?before=3", 200),
        ("/customers/merges?before=x", 200),
        ("/customers/merges?undone=%00", 200),
    ],
)
def test_what_an_address_may_hold(
    signed_in: Callable[..., Client], twice: tuple[int, int], path: str, status: int
) -> None:
    text(signed_in(), path, status)


@pytest.mark.parametrize(
    "sent", [{}, {"left": "1"}, {"left": "x", "right": "2"}, {"left": "-1", "right": "9" * 30}]
)
def test_what_is_no_pair_is_not_merged(signed_in: Callable[..., Client], sent: dict[str, str]) -> None:
    client = signed_in()
    assert client.post("/customers/merge", sent).status_code == 400
    assert client.post("/customers/different", sent).status_code == 400


def test_script_in_names_and_addresses_is_shown_as_text(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    bring(
        served,
        {
            SCRIPT: {"name": SCRIPT, "phone": "+40722123456", "account": SCRIPT},
            "b": {"name": SCRIPT, "phone": "+4722123456"},
        },
        traits=[(SCRIPT, "city", SCRIPT, 1), ("b", "job_title", SCRIPT, 1)],
    )
    bring(served, {"b": {"account": SCRIPT}})
    search_duplicates(served, NOW)
    a, b, account = subject(served, SCRIPT), subject(served, "b"), subject(served, SCRIPT, "account")
    client = signed_in()
    client.post("/customers/merge", {"left": a, "right": b})
    client.post("/customers/merges/1/undo")
    for path in (
        "/customers/duplicates",
        f"/customers/{a}/and/{b}",
        f"/customers/{a}/ids?q={SCRIPT}",
        "/customers/merges",
        f"/customers/{account}/accounts",
        f"/customers/{a}",
    ):
        page = text(client, path)
        assert SCRIPT not in page, path
        assert "&lt;script&gt;" in page or path == "/customers/duplicates"


def test_the_list_goes_on(signed_in: Callable[..., Client], served: Settings) -> None:
    bring(served, {f"a{n}": {"name": f"Ana Pop{n:03d}", "phone": f"+407221{n:05d}"} for n in range(30)})
    bring(served, {f"b{n}": {"name": f"Ana Pop{n:03d}", "phone": f"+47221{n:05d}"} for n in range(30)})
    search_duplicates(served, NOW)
    client = signed_in()
    first = text(client, "/customers/duplicates")
    assert first.count('class="row-link"') == 25
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = text(client, address)
    assert second.count('class="row-link"') == 5
    assert "Back to the first" in second


def test_accounts_around_an_account_and_a_circle_named(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    bring(served, {"top": {"name": "Top"}, "sub": {"name": "Sub"}}, namespace="account")
    bring(
        served,
        {"jo": {"name": "Jo Kelly", "email": "jo@x.org", "account": "sub"}},
        traits=[("jo", "job_title", "Buyer", 1_000)],
    )
    top, sub = subject(served, "top", "account"), subject(served, "sub", "account")
    client = signed_in("agent")
    assert "No account belongs to it" in text(client, f"/customers/{top}/accounts")
    answer = client.post(f"/customers/{sub}/parent", {"parent": "account:top"})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{sub}/accounts")
    page = text(client, answer["Location"])
    for said in ("Buyer", "Jo Kelly", "jo@x.org", 'value="Top"'):
        assert said in page, said
    assert "<b>1 account</b> belongs to it" in text(client, f"/customers/{top}/accounts")
    refused = client.post(f"/customers/{top}/parent", {"parent": "account:sub"})
    assert refused.status_code == 422
    assert "Then Top → Sub → Top would stand above each other in a circle." in refused.content.decode()
    assert client.post(f"/customers/{top}/parent", {"parent": "nobody"}).status_code == 422
    assert client.post(f"/customers/{top}/parent", {"parent": "x" * 201}).status_code == 400
    assert client.post(f"/customers/{sub}/parent", {"parent": ""}).status_code == 302
    assert "Belong to it" in text(signed_in("read_only"), f"/customers/{sub}/accounts")


def test_a_customers_page_says_where_it_belongs(signed_in: Callable[..., Client], served: Settings) -> None:
    bring(served, {"top": {"name": "Top"}}, namespace="account")
    bring(
        served,
        {"sub": {"name": "Sub"}},
        namespace="account",
        traits=[("sub", "parent", "top", 1_000)],
    )
    bring(served, {"jo": {"name": "Jo Kelly", "account": "sub"}})
    client = signed_in()
    top, sub, jo = subject(served, "top", "account"), subject(served, "sub", "account"), subject(served, "jo")
    assert "1 account belongs to it" in text(client, f"/customers/{top}")
    assert f'href="/customers/{top}/accounts"' in text(client, f"/customers/{sub}")
    assert f'href="/customers/{sub}/accounts"' in text(client, f"/customers/{jo}")
    assert f'href="/customers/{jo}/ids"' in text(client, f"/customers/{jo}")
    sql.write("UPDATE trait_row SET value = 'sub' WHERE trait = 'parent'")
    assert "in a circle, so nothing is added up" in text(client, f"/customers/{sub}")


def test_n3_no_word_on_these_pages_is_unmarked(
    signed_in: Callable[..., Client], served: Settings, twice: tuple[int, int]
) -> None:
    a, b = twice
    bring(served, {"top": {"name": "Top"}}, namespace="account")
    bring(served, {"sub": {"name": "Sub"}}, namespace="account", traits=[("sub", "parent", "top", 1_000)])
    bring(served, {"a": {"account": "sub"}}, first_us=None)
    search_duplicates(served, NOW)
    sub = subject(served, "sub", "account")
    client = signed_in(language="xx")
    names = (
        "Ana Pop", "Pop Ana", "ana.pop77@x.org", "+40722123456", "+4722123456", "Iași", "Romania",
        "1980-02-01", "Top", "Sub", "Niamh Kelly", "Holdfast", "NK", "Ctrl", "counter", "customer",
        "admin.xx@example.com", "test",
    )  # fmt: skip
    pages = [
        "/customers/duplicates", f"/customers/{a}/and/{b}", f"/customers/{sub}/accounts", "/customers/merges"
    ]  # fmt: skip
    for path in pages:
        assert unmarked(client.get(path).content.decode(), names=names) == [], path
    client.post("/customers/merge", {"left": a, "right": b})
    for path in ("/customers/duplicates?merged=1", "/customers/merges", f"/customers/{a}/ids?q=x"):
        found = unmarked(
            client.get(path).content.decode(), names=(*names, "a", "b", "x", "2026", "Nov", "Dec")
        )
        assert [words for words in found if not DATES.fullmatch(words)] == [], path
