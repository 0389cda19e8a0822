"""E4 on the page: each reason with its grade, one in full, the report for paper, and what refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from commands import call
from holdfast.services.collect.care import owners
from holdfast.services.collect.care.who import who
from holdfast.services.understand.reasons import delivered
from holdfast.settings import Settings
from holdfast.store import portfolio, reason_bounds
from web import graded, warned

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """Three customers, two of whom gave something back."""
    found = warned.company(served)
    graded.grade(served, found["tariq"], found["ioana"])
    return found


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_e4_every_reason_stands_with_its_grade_the_worst_first(
    units: dict[str, int], signed_in: Callable[..., Client]
) -> None:
    text = page(signed_in(), "/understand/reasons")
    assert "Begin with: <b>Poor quality</b> (412 customers, who bring €12,345 a year)." in text
    assert (
        text.index("Poor quality</a>")
        < text.index("Poor service</a>")
        < text.index("Of these nothing can be said yet")
    )
    assert "more than before: +31.2 points" in text
    assert "41.2%" in text
    for reason in delivered().values():
        assert f"/understand/reasons/of/{reason.name}" in text
    assert "is judgement, ours or yours where you set them" in text


def test_e4_one_reason_says_formula_bounds_interval_what_to_do_and_who(
    units: dict[str, int], signed_in: Callable[..., Client]
) -> None:
    text = page(signed_in(), f"/understand/reasons/of/{graded.BAD}")
    reason = delivered()[graded.BAD]
    assert str(reason.measures[0].formula.msgid) in text
    assert "weak from 5%, bad from 15%" in text
    assert "38.2% to 44.3%" in text
    assert "30.0% of them left within 84 days, of the others 10.0%" in text
    assert str(reason.first.msgid).replace("'", "&#39;") in text
    assert "7 customers left for it, and €999 a year with them." in text
    assert f"/customers/{units['tariq']}" in text
    assert f"/customers/{units['ioana']}" in text
    assert "/warn/of/problem_came_back" in text
    assert '<bdi lang="bg" dir="ltr">Лошо качество' in text


def test_e4_what_is_missing_says_which_events_and_files(
    units: dict[str, int], signed_in: Callable[..., Client]
) -> None:
    text = page(signed_in(), f"/understand/reasons/of/{graded.FEW}")
    assert "not enough data" in text
    assert "(Delivery Promised)" in text
    assert "tickets, messages, surveys" in text


def test_e4_n4_the_report_holds_everything_in_persian_too(
    units: dict[str, int], signed_in: Callable[..., Client]
) -> None:
    text = page(signed_in(language="fa"), "/understand/reasons/report")
    assert text.count('class="band chapter"') == len(delivered())
    assert "کیفیت ضعیف" in text
    assert "۴۱٫۲" in text
    assert "Poor quality" not in text


def test_before_a_run_it_says_what_will_be_here(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    for path in ("/understand/reasons", "/understand/reasons/report"):
        assert "Nothing was graded yet" in page(client, path)
    assert client.get(f"/understand/reasons/of/{graded.BAD}").status_code == 404


def test_what_is_no_reason_or_no_place_is_refused(
    units: dict[str, int], signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    assert client.get("/understand/reasons/of/singing").status_code == 404
    for place in ("x", "1", "1.y", f"{2**70}.1"):
        assert client.get(f"/understand/reasons/of/{graded.BAD}?after={place}").status_code == 400
    text = page(client, f"/understand/reasons/of/{graded.BAD}?after=100000.{units['tariq']}")
    assert f"/customers/{units['tariq']}" not in text
    assert f"/customers/{units['ioana']}" in text


def test_n2_who_sees_only_their_own_customers_finds_no_other_behind_a_reason(
    units: dict[str, int], served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.store.models import User

    client = signed_in("agent")
    me = User.objects.get(role="agent").pk
    owners.set_owner(served, who(served, units["tariq"]), me, by="x@example.com", now_us=1)
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    text = page(client, f"/understand/reasons/of/{graded.BAD}")
    assert f"/customers/{units['tariq']}" in text
    assert f"/customers/{units['ioana']}" not in text


def test_e4_by_command(units: dict[str, int], served: Settings) -> None:
    here = ("--workspace", served.folder)
    found = call("reasons", "list", *here, "--json").json["reasons"]
    assert [each["reason"] for each in found[:2]] == [graded.BAD, graded.WEAK]
    shown = call("reasons", "show", graded.BAD, *here, "--json").json
    assert [each["unit_id"] for each in shown["behind"]] == [units["tariq"], units["ioana"]]
    assert "Poor quality" in call("reasons", "show", graded.BAD, *here).out
    refused = call("reasons", "show", "singing", *here, "--json")
    assert refused.json["error"] == "no_such_reason"


@pytest.mark.usefixtures("units")
def test_e4_bounds_are_set_kept_shown_in_the_report_and_go_back_to_ours(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in("analyst")
    path, one = f"/understand/reasons/of/{graded.BAD}/bounds", f"/understand/reasons/of/{graded.BAD}"
    assert "weak from 5%, bad from 15%" in page(client, one)
    # 412 of 1,000 is bad from 15 % on, weak up to 60 %.
    assert client.post(path, {"weak-returned": "۲۵", "bad-returned": "60,5"}).status_code == 302
    for where in (one, "/understand/reasons/report"):
        text = page(client, where)
        assert "weak from 25%, bad from 60.5%" in text
        assert "set by you; ours: weak from 5%, bad from 15%" in text
    assert 'data-grade="weak"' in page(client, one)
    assert 'value="60.5"' in page(client, one)
    assert client.post(path, {"ours": "1"}).status_code == 302
    text = page(client, one)
    assert "set by you" not in text
    assert 'data-grade="bad"' in text


@pytest.mark.parametrize(
    ("weak", "bad", "said"),
    [
        ("20", "10", "weak from 20%, bad from 10%."),
        ("0", "10", "Shares above 0% and up to 100%, weak below bad."),
        ("10", "101", "Shares above 0%"),
        ("many", "10", "Both bounds are numbers in per cent"),
        ("", "10", "Both bounds are numbers in per cent"),
        ("nan", "10", "per cent"),
    ],
)
@pytest.mark.usefixtures("units")
def test_e4_bounds_that_are_none_are_refused_in_place(
    signed_in: Callable[..., Client], served: Settings, weak: str, bad: str, said: str
) -> None:
    client = signed_in("admin")
    answer = client.post(
        f"/understand/reasons/of/{graded.BAD}/bounds", {"weak-returned": weak, "bad-returned": bad}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{weak}"' in answer.content.decode()
    assert reason_bounds.listed(served) == {}


@pytest.mark.usefixtures("units")
def test_e4_who_may_not_set_bounds_sees_no_form_and_is_refused(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("agent")
    assert "Where weak and bad begin" not in page(client, f"/understand/reasons/of/{graded.BAD}")
    path = f"/understand/reasons/of/{graded.BAD}/bounds"
    assert client.post(path, {"weak-returned": "1", "bad-returned": "2"}).status_code == 403
    assert signed_in("admin").post("/understand/reasons/of/singing/bounds", {}).status_code == 404
    assert reason_bounds.listed(served) == {}
