"""A7, A10: the rule builder with and without a script, the list, one segment, and the fit of sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brought import bring, subject
from holdfast.domain.expression import Expression
from holdfast.domain.written_expressions import as_json, parse
from holdfast.services.collect.segments import define, ideal
from holdfast.services.collect.segments.live import refresh_units
from holdfast.services.collect.segments.refresh import refresh_all
from holdfast.settings import Settings
from holdfast.store import segments, standings
from holdfast.web.pages.segments import form
from web.conftest import Address

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

NOW_US = 1_770_000_000_000_000
TODAY = NOW_US // 86_400_000_000


@pytest.fixture
def listed(served: Settings) -> list[int]:
    """120 customers, of whom every other buys often, a third are prospects."""
    keys = [f"c{n}" for n in range(120)]
    people = {key: {"name": f"=Customer {key}"} for key in keys}
    traits = [(key, "plan", ("gold", "<b>basic</b>")[n % 2], 1_000) for n, key in enumerate(keys)]
    traits += [(key, "source", ("ads", "fair")[n % 2], 1_000) for n, key in enumerate(keys)]
    traits += [(key, "stage", "prospect", 1_000) for n, key in enumerate(keys) if n % 3 == 2]
    bring(served, people, traits=traits)
    units = [subject(served, key) for key in keys]
    often = [n % 2 == 0 for n in range(120)]
    standings.save_standings(
        served,
        standings.Standings(
            unit_id=units,
            state=["active" if each else "lapsed" for each in often],
            first_day=[TODAY - 300] * 120,
            last_day=[TODAY - (3 if each else 200) for each in often],
            left_day=[None] * 120,
            orders=[9 if each else 1 for each in often],
            amount_minor=[90_000 if each else 100 for each in often],
            yearly_minor=[0] * 120,
        ),
    )
    return units


def made(settings: Settings, title: str, rule: dict[str, Any]) -> str:
    key = define.create(settings, title, parse(rule), now_us=NOW_US, made_by="niamh@example.com").key
    refresh_all(settings, NOW_US)
    return key


FIELDS = {
    "title": "Often",
    "n.join": "all",
    "n.0.of": "fact:orders",
    "n.0.test": "at_least",
    "n.0.value": "5",
}


@pytest.mark.usefixtures("listed")
def test_a7_a_rule_is_built_without_a_script(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    text = client.get("/segments/new").content.decode()
    assert "Choose what is looked at" in text
    assert '<option value="trait:plan">plan</option>' in text
    text = client.post("/segments/new", {**FIELDS, "do": "add:n"}).content.decode()
    assert (
        "<b>60 customers</b> of 120 (50.0%) meet this rule now." not in text
    )  # a condition says nothing yet
    assert 'name="n.1.of"' in text
    text = client.post("/segments/new", {**FIELDS, "do": "look"}).content.decode()
    assert "<b>60 customers</b> of 120 (50.0%) meet this rule now." in text
    assert "number of orders is at least 5." in text
    text = client.post("/segments/new", {**FIELDS, "do": "group:n"}).content.decode()
    assert 'name="n.1.0.of"' in text
    text = client.post("/segments/new", {**FIELDS, "n.1.of": "trait:plan", "do": "drop:n.0"}).content.decode()
    assert 'name="n.1.of"' not in text
    assert "fact:orders" in text
    answer = client.post("/segments/new", {**FIELDS, "do": "save"})
    assert (answer.status_code, answer["Location"]) == (302, "/segments/of/often")
    page = client.get("/segments/of/often").content.decode()
    assert "<b>60</b> customers: number of orders is at least 5." in page
    assert "Made by manager.en@example.com" in page
    assert define.find(served, "often").made_by == "manager.en@example.com"
    text = client.get("/segments/of/often/edit").content.decode()
    assert 'name="n.0.value" value="5"' in text
    answer = client.post("/segments/of/often/edit", {**FIELDS, "n.0.value": "۱", "do": "save"})
    assert answer.status_code == 302
    assert define.find(served, "often").size == 120


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "A segment needs a name"),
        ({"n.0.value": ""}, "A condition needs a value."),
        ({"n.0.of": ""}, "A condition does not say yet"),
        ({"n.0.of": "magic:x"}, "A condition does not say yet"),
        ({"n.0.of": "trait:nobody", "n.0.test": "is"}, "No trait is called nobody."),
        ({"n.0.test": "hates"}, "nothing is called hates here"),
        ({"n.0.value": "many"}, "at_least takes a number"),
        ({"n.0.of": "event:Order Completed", "n.0.days": "soon"}, "soon is no number of days"),
        ({"n.0.of": "event:Order Completed", "n.0.from": "9999-99-99"}, "from takes a day"),
        ({"n.0.value": "1e999"}, "at_least takes a number"),
        ({"n.join": "all", "n.0.of": "segment:mine"}, "No segment is called mine."),
    ],
)
def test_a7_what_cannot_be_is_said_on_the_page(
    signed_in: Callable[..., Client], served: Settings, changed: dict[str, str], said: str
) -> None:
    answer = signed_in().post("/segments/new", {**FIELDS, **changed, "do": "save"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert segments.listed(served) == []


@pytest.mark.usefixtures("listed")
def test_a7_several_states_are_ticked(signed_in: Callable[..., Client]) -> None:
    ticked = {
        "n.join": "all",
        "n.0.of": "fact:state",
        "n.0.test": "one_of",
        "n.0.value": ["active", "lapsed"],
    }
    text = signed_in().post("/segments/new", {**ticked, "do": "look"}).content.decode()
    assert "<b>120 customers</b>" in text
    assert 'value="lapsed" checked' in text
    assert 'value="new">' in text


@pytest.mark.usefixtures("listed")
def test_a7_script_in_every_field_stays_text(signed_in: Callable[..., Client], served: Settings) -> None:
    client, evil = signed_in(), "<script>alert(1)</script>"
    text = client.post(
        "/segments/new", {**FIELDS, "title": evil, "n.0.value": evil, "do": "look"}
    ).content.decode()
    assert "<script>alert" not in text
    key = made(served, evil, {"trait": "plan", "is": "<b>basic</b>"})
    for address in ("/segments", f"/segments/of/{key}", f"/segments/of/{key}/edit"):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text, address
        assert "<b>basic</b>" not in text, address
    deep = {"n" + ".0" * depth + ".join": "any" for depth in range(60)}
    assert client.post("/segments/new", {**deep, "do": "look"}).status_code == 200
    odd = {"n.999999.of": "fact:orders", "n.-1.of": "x", "n..of": "y", "do": "drop:n.99.7", "n.0.x": "\0"}
    assert client.post("/segments/new", odd).status_code == 200


def test_a7_the_list_says_who_came_and_went(
    signed_in: Callable[..., Client], served: Settings, listed: list[int]
) -> None:
    client = signed_in("read_only")
    assert "No segment yet" in client.get("/segments").content.decode()
    made(served, "Gold", {"trait": "plan", "is": "gold"})
    bring(served, ["c1"], traits=[("c1", "plan", "gold", 2_000)])
    bring(served, ["c0"], traits=[("c0", "plan", "basic", 2_000)])
    assert refresh_units(served, listed[:2], NOW_US) == 2
    text = client.get("/segments").content.decode()
    assert "<b>1 segment</b> over <b>120 customers</b>." in text
    assert "n•••@example.com" in text
    assert "Make a segment" not in text
    page = client.get("/segments/of/gold").content.decode()
    assert page.count("entered ") + page.count("left ") >= 2
    assert "plan is gold." in page
    assert client.get("/segments/of/gold?after=x").status_code == 400
    assert client.get("/segments/of/gold?before=-1").status_code == 400
    assert client.get("/segments/of/nobody").status_code == 404
    inside = sorted(segments.member_ids(served, define.find(served, "gold").id).tolist())
    rest = client.get(f"/segments/of/gold?after={inside[49]}").content.decode()
    assert f"?after={inside[49]}" in page
    assert f'href="/customers/{inside[48]}"' not in rest
    assert f'href="/customers/{inside[50]}"' in rest


@pytest.mark.usefixtures("listed")
def test_a7_members_leave_the_house_only_with_who_may(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    made(served, "Gold", {"trait": "plan", "is": "gold"})
    for role in ("agent", "read_only"):
        client = signed_in(role)
        for address in ("customers.csv", "edit"):
            assert client.get(f"/segments/of/gold/{address}").status_code == 403
        assert client.post("/segments/of/gold/delete").status_code == 403
        assert client.post("/segments/new", FIELDS).status_code == 403
        assert client.post("/segments/ready", {"name": "rfm"}).status_code == 403
        assert client.post("/segments/fit/look").status_code == 403
    answer = signed_in("analyst").get("/segments/of/gold/customers.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 61
    assert ",'=Customer c0," in lines[1]


@pytest.mark.usefixtures("listed")
def test_a7_ready_made_segments_are_one_press_away(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in()
    assert client.post("/segments/ready", {"name": "rfm"}).status_code == 302
    titles = {each.title: each for each in segments.listed(served)}
    assert titles["Champions"].size is not None
    assert "of them made" in client.get("/segments").content.decode()
    answer = client.post("/segments/ready", {"name": "products"})
    assert answer.status_code == 422
    assert "The data say nothing" in answer.content.decode()
    assert client.post("/segments/ready", {"name": "stars"}).status_code == 422


@pytest.mark.usefixtures("listed")
def test_a7_what_another_rule_needs_is_not_deleted(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    made(served, "Gold", {"trait": "plan", "is": "gold"})
    made(served, "Others", {"not": {"segment": "gold"}})
    client = signed_in()
    answer = client.post("/segments/of/gold/delete")
    assert answer.status_code >= 400
    assert "Others" in answer.content.decode()
    assert client.post("/segments/of/others/delete").status_code == 302
    assert client.post("/segments/of/gold/delete").status_code == 302
    assert segments.listed(served) == []


@pytest.mark.usefixtures("listed")
def test_a7_a10_which_source_brings_ideal_customers(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in()
    assert "Nobody has compared yet" in client.get("/segments/fit").content.decode()
    made(served, "Often", {"fact": "orders", "at_least": 5})
    assert client.post("/segments/fit/look", {"segment": "often"}).status_code == 302
    text = client.get("/segments/fit").content.decode()
    found = ideal.found(served)
    assert found is not None
    assert [(each.trait, each.words) for each in found.telling] == [("plan", ("gold",))]
    assert "<b>fair</b> brings fewer of them than the other sources." in text
    assert "1 of 1 traits agree" in text
    assert "fits" in text
    nexts = text.split('href="/segments/fit?after=')[1].split("#")[0]
    assert client.get(f"/segments/fit?after={nexts}").status_code == 200
    assert client.get("/segments/fit?after=1").status_code == 400
    assert client.post("/segments/of/often/delete").status_code >= 400


words = st.sampled_from(["gold", "a, b", "Café", 'say "so"', "x y", "ü,", "Cluj"])
leaves: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda v: {"trait": "plan", "is": v}, words),
    st.builds(lambda v: {"trait": "city", "one_of": v}, st.lists(words, min_size=1, max_size=3, unique=True)),
    st.builds(lambda v: {"fact": "orders", "at_least": v}, st.integers(0, 50)),
    st.builds(lambda v: {"score": "risk", "at_most": v / 100}, st.integers(0, 100)),
    st.builds(
        lambda v: {"fact": "spent", "between": sorted(v)}, st.tuples(st.integers(0, 9), st.integers(0, 9))
    ),
    st.just({"segment": "gold"}),
    st.just({"trait": "plan", "missing": True}),
    st.builds(
        lambda days, codes: {
            "event": "Viewed",
            "measure": "days",
            "days": days,
            "code": codes,
            "at_least": 2,
        },
        st.integers(1, 400),
        st.lists(words, min_size=1, max_size=3),
    ),
)
groups = st.one_of(
    leaves,
    leaves.map(lambda leaf: {"not": leaf}),
    st.tuples(leaves, leaves).map(lambda two: {"any": list(two)}),
    st.tuples(leaves, leaves).map(lambda two: {"not": {"any": [two[0], {"all": [two[1]]}]}}),
)


@given(st.lists(groups, min_size=1, max_size=3).map(lambda parts: {"all": parts}))
def test_a7_a_rule_survives_the_form(written: dict[str, Any]) -> None:
    rule: Expression = parse({"all": [written]})
    again = form.rule_of(form.read(_posted(form.shown(rule))))
    assert as_json(again) == as_json(rule)


def _posted(group: form.Group, prefix: str = "n") -> dict[str, str]:
    """What a browser would post of the fields."""
    found = {f"{prefix}.join": group.join}
    for place, part in enumerate(group.parts):
        inner = f"{prefix}.{place}"
        if isinstance(part, form.Group):
            found |= _posted(part, inner)
        else:
            found[f"{inner}.of"] = part.of
            found |= {f"{inner}.{name}": value for name, value in part.typed.items()}
    return found


@pytest.mark.usefixtures("listed")
def test_a7_the_count_follows_while_one_builds(page: Page, address: Address) -> None:
    page.goto(f"{address.url}/segments/new")
    page.fill("input[type=email]", address.email)
    page.fill("input[type=password]", address.password)
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("Gold")
    page.get_by_label("What is looked at").select_option("trait:plan")
    page.get_by_label("Value").fill("gold")
    page.get_by_label("Value").blur()
    page.get_by_text("60 customers").wait_for()
    page.get_by_role("button", name="Add a condition").click()
    page.locator("[id='n.1.of']").wait_for()
    page.get_by_role("button", name="Take the condition out").last.click()
    page.locator("[id='n.1.of']").wait_for(state="detached")
    page.get_by_role("button", name="Save the segment").click()
    page.get_by_role("heading", name="Gold").wait_for()
    assert page.url.endswith("/segments/of/gold")


@pytest.mark.usefixtures("listed")
def test_a7_deleting_a_segment_can_be_undone(signed_in: Callable[..., Client], served: Settings) -> None:
    made(served, "Gold", {"trait": "plan", "is": "gold"})
    client = signed_in()
    assert client.post("/segments/of/gold/delete").status_code == 302
    text = client.get("/segments").content.decode()
    assert "The segment Gold is deleted." in text
    assert 'action="/segments/of/gold/restore"' in text
    assert client.get("/segments/of/gold").status_code == 404
    answer = client.post("/segments/of/gold/restore")
    assert answer["Location"] == "/segments/of/gold"
    assert "The segment Gold is back." in client.get("/segments/of/gold").content.decode()
    client.post("/segments/of/gold/delete")
    made(served, "GOLD", {"trait": "plan", "is": "silver"})  # takes name and key
    assert client.post("/segments/of/gold/restore").status_code == 302
    (kept,) = segments.listed(served)
    assert kept.title == "GOLD"
    assert signed_in("agent").post("/segments/of/gold/restore").status_code == 403


@pytest.mark.usefixtures("listed")
def test_a7_a_customers_page_and_the_lists_know_segments(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    made(served, "Gold", {"trait": "plan", "is": "gold"})
    (kept,) = segments.listed(served)
    inside = set(segments.member_ids(served, kept.id).tolist())
    client = signed_in()
    text = client.get("/customers?segment=gold").content.decode()
    assert "50 of 60 customers" in text
    assert len(inside) == 60
    assert "Save this view" in text
    one = client.get(f"/customers/{min(inside)}").content.decode()
    assert 'href="/segments/of/gold"' in one.split('id="segments"')[1].split("</section>")[0]
    nobody = client.get("/customers?segment=gone").content.decode()
    assert "Nobody matches" in nobody
