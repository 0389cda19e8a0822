"""D5: thresholds of the team, with what follows from them: how many, how many right, how many hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.language import Reader, languages
from holdfast.services.foresee import reading
from holdfast.services.foresee.reading import Consequence, Criteria
from holdfast.settings import Settings
from holdfast.web.pages.criteria import words

if TYPE_CHECKING:
    from django.test import Client

ENGLISH = Reader("en")
GIVEN = {"act_from": "40", "watch_from": "20", "hours_per_customer": "0.25"}


@pytest.mark.usefixtures("foreseen")
def test_d5_each_threshold_shows_what_it_means(signed_in: Callable[..., Client]) -> None:
    text = signed_in("agent").get("/foresee/criteria").content.decode()
    for said in (
        "From a risk of <b>50%</b> on, your team acts: <b>160 customers</b>",
        "of whom about 94 would really leave. That takes <b>80 hours</b>.",
        "59% of them",
        "Managers and administrators decide this.",
    ):
        assert said in text, said
    assert text.count('<tr aria-current="true">') == 1
    assert 'name="act_from"' not in text


@pytest.mark.usefixtures("foreseen")
def test_d5_a_manager_decides(signed_in: Callable[..., Client]) -> None:
    client = signed_in("manager")
    assert 'name="act_from" value="50"' in client.get("/foresee/criteria").content.decode()
    answer = client.post("/foresee/criteria/decide", GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, "/foresee/criteria")
    text = client.get("/foresee/criteria").content.decode()
    assert 'name="act_from" value="40"' in text
    assert 'name="hours_per_customer" value="0.25"' in text
    assert "From a risk of <b>40%</b> on" in text


@pytest.mark.usefixtures("foreseen")
def test_d5_trying_shows_the_consequence_and_saves_nothing(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    text = client.post("/foresee/criteria/decide", {**GIVEN, "try": "1"}).content.decode()
    assert "This is only tried." in text
    assert "From a risk of <b>40%</b> on" in text
    assert 'name="act_from" value="40"' in text
    assert reading.read_criteria(served) == Criteria()
    part = client.post(
        "/foresee/criteria/decide",
        {**GIVEN, "try": "1"},
        headers={"HX-Request": "true", "HX-Target": "consequence"},
    ).content.decode()
    assert "<html" not in part
    assert 'id="said" aria-live="polite" hx-swap-oob="true">From a risk of <b>40%</b> on' in part
    assert '<div id="consequence">' in part


@pytest.mark.usefixtures("foreseen")
@pytest.mark.parametrize(
    ("given_", "field", "said"),
    [
        ({"act_from": "many"}, "act_from", "This is no number."),
        ({"watch_from": ""}, "watch_from", "This is no number."),
        ({"hours_per_customer": "NaN"}, "hours_per_customer", "This is no number."),
        ({"hours_per_customer": "-1"}, "hours_per_customer", "Change the hours"),
        ({"watch_from": "60"}, "act_from", "Change the thresholds"),
        ({"act_from": "160"}, "act_from", "Change the thresholds"),
    ],
)
def test_d5_what_cannot_be_is_said_where_it_stands(
    signed_in: Callable[..., Client], served: Settings, given_: dict[str, str], field: str, said: str
) -> None:
    answer = signed_in().post("/foresee/criteria/decide", {**GIVEN, **given_})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text.split(f'id="{field}-error"')[1].split("</span>")[0]
    assert reading.read_criteria(served) == Criteria()


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_n2_others_do_not_decide(signed_in: Callable[..., Client], role: str) -> None:
    assert signed_in(role).post("/foresee/criteria/decide", GIVEN).status_code == 403


def test_d5_without_risks_the_page_says_what_will_be_here(signed_in: Callable[..., Client]) -> None:
    text = signed_in().get("/foresee/criteria").content.decode()
    assert "Nobody has been scored yet" in text
    assert 'name="act_from"' in text


@given(
    st.integers(0, 100),
    st.integers(0, 100),
    st.floats(0, 1_000).map(lambda hours: round(hours, 2)),
    st.sampled_from(languages()),
)
def test_n3_what_a_form_shows_it_reads_again(act: int, watch: int, hours: float, code: str) -> None:
    criteria = Criteria(act / 100, watch / 100, hours)
    shown = words.fields(criteria, {}, {}, Reader(code))
    again = words.read_criteria({field.name: field.value for field in shown}, Reader(code))
    assert again.act_from == pytest.approx(criteria.act_from)
    assert again.watch_from == pytest.approx(criteria.watch_from)
    assert again.hours_per_customer == pytest.approx(hours)


def test_d5_the_teams_own_thresholds_are_among_the_offered() -> None:
    found = words.thresholds(Criteria(0.42, 0.25))
    assert found == sorted(found)
    assert found.count(0.25) == found.count(0.42) == 1


def test_d5_nobody_above_a_threshold_has_no_share(served: Settings) -> None:
    (shown,) = words.consequences([Consequence(0.5, 0, 0.0, 0.0, 0)], Criteria(), served, ENGLISH)
    assert (shown.of_these, shown.width, shown.kind) == ("", "0.0", "act")
