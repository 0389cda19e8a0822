"""D1, D2: who is likely to leave, why, when and what goes with them; filtered, sorted, exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.money import Money
from holdfast.domain.period import day_number
from holdfast.language import Reader
from holdfast.services.foresee import at_risk, reading
from holdfast.services.foresee.reading import Criteria
from holdfast.settings import Settings
from holdfast.web.pages.at_risk import words
from holdfast.web.pages.at_risk.asked import SORTS, Asked, NotUnderstood, read_asked
from holdfast.web.pages.at_risk.causes import CAUSES, cause_name
from web import foreseen as examples
from web.pages.test_customers import stand_all

if TYPE_CHECKING:
    from django.test import Client

ENGLISH, PERSIAN = Reader("en"), Reader("fa")
CRITERIA = Criteria()


@pytest.mark.usefixtures("foreseen")
def test_d1_the_list_says_who_why_when_and_what_goes_with_them(signed_in: Callable[..., Client]) -> None:
    text = signed_in("read_only").get("/foresee").content.decode()
    for said in (
        "<title>Customers at risk · Holdfast</title>",
        "Of 1,284 customers, about <b>372</b> will leave within 90 days and take about",
        "<b>€190,000</b> with them.",
        "<b>Your team acts from 50%.</b>",
        "acting on all takes",
        "€4,970",
        "71%",
        "+12 points in a week",
        "\N{MINUS SIGN}4 points in a week",
        "Days since the last order: 23 (usual: 9)",
        "in 1 to 3 weeks",
        "not clear yet",
        "5 of 1,284 customers, by value at risk. As of 16 November 2026.",
    ):
        assert said in text, said
    assert text.count('class="row-link"') == 5
    assert 'aria-sort="descending"><a href="/foresee"' in text
    assert 'aria-label="raises"' in text
    assert 'aria-label="lowers"' in text


@pytest.mark.usefixtures("foreseen")
def test_d1_the_next_stretch_follows_and_leads_back(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    text = client.get("/foresee?sort=risk").content.decode()
    assert 'href="/foresee?sort=risk&amp;after=%5B1%2C+5%5D" rel="next"' in text
    text = client.get("/foresee?sort=risk&after=%5B1%2C+5%5D").content.decode()
    assert 'rel="next"' not in text
    assert 'href="/foresee?sort=risk">Back to the first' in text


@pytest.mark.usefixtures("served")
def test_d1_what_the_address_asks_for_is_asked_of_the_loop(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def answer(_: object, **given: Any) -> reading.AtRisk:
        asked.update(given)
        return examples.nobody()

    monkeypatch.setattr(reading, "at_risk", answer)
    text = signed_in().get("/foresee?q=ioa&least=25&cause=service&country=RO&state=active&sort=name")
    assert asked == {
        "top": 50,
        "after": None,
        "search": "ioa",
        "state": "active",
        "country": "RO",
        "cause": "service",
        "least_risk": 0.25,
        "segment": None,
        "among": None,
        "sort": "name",
    }
    said = text.content.decode()
    assert "Nobody matches" in said
    for chosen in ("from 25%", "service", "Romania", "active"):
        assert f"{chosen}</bdi>" in said or f"data-chosen>{chosen}" in said, chosen


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (examples.too_few(), ("Not enough data yet", "Only 7 customers have left so far.", "holdfast run")),
        (examples.not_run(), ("Nobody has been scored yet", "Here will be who", "holdfast import")),
    ],
    ids=["too few", "not run"],
)
@pytest.mark.parametrize("path", ["/foresee", "/foresee/model"])
def test_d1_without_a_model_the_page_says_why_and_what_to_do(
    signed_in: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    answer: reading.AtRisk,
    said: tuple[str, ...],
    path: str,
) -> None:
    monkeypatch.setattr(reading, "at_risk", lambda *_, **__: answer)
    text = signed_in().get(path).content.decode()
    for sentence in said:
        assert sentence in text


@pytest.mark.parametrize("query", ["?sort=age", "?least=200", "?least=-1", "?least=۱۰", "?cause=moon"])
def test_d1_an_address_that_means_nothing_is_refused(signed_in: Callable[..., Client], query: str) -> None:
    assert signed_in().get(f"/foresee{query}").status_code == 400


@pytest.mark.usefixtures("foreseen")
def test_d1_only_the_list_is_sent_where_only_it_changes(signed_in: Callable[..., Client]) -> None:
    part = signed_in().get("/foresee?q=ioa", headers={"HX-Request": "true", "HX-Target": "list"})
    text = part.content.decode()
    assert text.lstrip().startswith('<div id="list"')
    assert "<html" not in text
    assert "Георги Стоянов" in text


@pytest.mark.usefixtures("foreseen")
def test_n2_who_only_reads_exports_nothing(signed_in: Callable[..., Client]) -> None:
    assert "/foresee/export/csv" in signed_in("analyst").get("/foresee").content.decode()
    client = signed_in("agent")
    assert "/foresee/export" not in client.get("/foresee").content.decode()
    assert client.get("/foresee/export/csv").status_code == 403
    assert signed_in("manager").get("/foresee/export/pdf").status_code == 404


@pytest.mark.usefixtures("foreseen")
def test_d4_risks_that_nobody_could_check_say_so(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in()
    assert "No past date could be graded yet" not in client.get("/foresee").content.decode()
    page = reading.AtRisk((examples.row(),), 1, None, examples.TODAY, "3", None, 90, at_risk.UNCHECKED)
    monkeypatch.setattr(reading, "at_risk", lambda *_, **__: page)
    assert "No past date could be graded yet" in client.get("/foresee").content.decode()


@pytest.mark.usefixtures("foreseen")
def test_what_a_customer_is_called_stays_text(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = examples.row(name="<script>alert(1)</script>")
    page = reading.AtRisk((evil,), 1, None, examples.TODAY, "3", None, 90)
    monkeypatch.setattr(reading, "at_risk", lambda *_, **__: page)
    text = signed_in().get("/foresee").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


short = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=12)


@given(
    st.builds(
        Asked,
        search=short,
        least=st.one_of(st.just(""), st.integers(0, 100).map(str)),
        cause=st.sampled_from(["", *CAUSES]),
        country=short,
        state=short,
        sort=st.sampled_from(SORTS),
        after=short,
    )
)
def test_an_address_says_exactly_what_was_asked(asked: Asked) -> None:
    from urllib.parse import parse_qsl

    assert read_asked(dict(parse_qsl(asked.query()[1:], keep_blank_values=True))) == asked


@given(st.dictionaries(st.sampled_from(["q", "least", "cause", "sort", "after", "state"]), st.text()))
def test_any_address_is_read_or_refused(typed: dict[str, str]) -> None:
    try:
        read_asked(typed)
    except NotUnderstood:
        return


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_d5_a_band_never_falls_while_the_risk_rises(first: float, second: float, act: float) -> None:
    criteria = Criteria(act_from=act, watch_from=act / 2)
    low, high = sorted((first, second))
    assert words.band_of(low, criteria) <= words.band_of(high, criteria)
    assert (words.band_of(high, criteria) == 4) == (high >= act)


@pytest.mark.parametrize(
    ("risk", "said"), [(0.62, "62%"), (0.004, "0.4%"), (0.0, "0.1%"), (1.0, "99.9%"), (0.01, "1%")]
)
def test_a_probability_is_never_a_bare_end(risk: float, said: str) -> None:
    assert words.risk_share(risk, ENGLISH) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (0, 5, "within 1 week"),
        (-3, 12, "within 2 weeks"),
        (21, 35, "in 3 to 5 weeks"),
        (8, 9, "in 1 to 2 weeks"),
    ],
)
def test_d3_the_likely_time_is_said_in_weeks(first: int, last: int, said: str) -> None:
    row = examples.row(
        likely_from=examples.TODAY + timedelta(days=first), likely_to=examples.TODAY + timedelta(days=last)
    )
    assert words.likely_words(row, ENGLISH) == said


def test_a_row_without_a_name_or_drivers_reads_well() -> None:
    shown = words.shown_row(examples.rows()[3], CRITERIA, ENGLISH)
    assert (shown.name, shown.sub, shown.drivers, shown.more) == ("Customer 4", "active", (), "")
    assert shown.risk.width == "0.0"


def test_an_estimated_amount_has_two_figures_that_count() -> None:
    assert [words.round_minor(Money(minor, "EUR")) for minor in (0, 7, 123_456, -98_765)] == [
        0,
        7,
        120_000,
        -99_000,
    ]


def test_a_cause_that_is_new_to_us_keeps_its_name() -> None:
    assert ENGLISH.say(cause_name("bad_weather")) == "bad weather"
    assert PERSIAN.say(cause_name("service")) != "service"


@pytest.mark.usefixtures("foreseen")
def test_n3_the_list_is_whole_in_persian(signed_in: Callable[..., Client]) -> None:
    text = signed_in(language="fa").get("/foresee").content.decode()
    assert '<html lang="fa" dir="rtl">' in text
    assert "۷۱" in text
    assert "Romania" not in text


@pytest.fixture
def scored(served: Settings) -> Settings:
    """Sixty customers as the loop would score them, with a version of the model."""
    from holdfast.services.foresee import keeping
    from holdfast.store import risk

    count = 60
    stand_all(count, country=lambda unit: "RO" if unit % 2 else "IE")
    day = day_number(examples.TODAY)
    card = examples.card(1)
    risk.save_model(served, risk.ModelRow(1, "champion", "", day, 90, 0, keeping.told(card)))
    risk.save_backtest(served, keeping.told(examples.backtest()), made_day=day, now_us=0)
    scores = [
        risk.Score(
            unit_id=unit,
            risk=unit / (count + 1),
            value_minor=10_000,
            value_at_risk_minor=100 * (unit % 9),
            likely_from_day=day + 7,
            likely_to_day=day + 21,
            drivers=json.dumps([["days_silent", 1.2, 23, 9], ["tenure", -0.4, 970, 400]]),
            cause="use" if unit % 3 else "service",
        )
        for unit in range(1, count + 1)
    ]
    risk.save_scores(served, scores, risk.Scoring(day, 90, 1, 0.2, None, 0))
    return served


@pytest.mark.parametrize("sort", SORTS)
def test_d1_every_stretch_follows_the_last_and_nobody_is_passed_over(
    signed_in: Callable[..., Client], scored: Settings, sort: str
) -> None:
    client, seen, url = signed_in(), [], f"/foresee?sort={sort}"
    while url:
        text = client.get(url).content.decode()
        seen += [int(piece.split('"')[0]) for piece in text.split('class="row-link" href="/customers/')[1:]]
        following = text.split('" rel="next"')[0].rpartition('href="')[2] if 'rel="next"' in text else ""
        url = following.replace("&amp;", "&")
    assert sorted(seen) == list(range(1, 61))


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("?least=50", 30),
        ("?cause=service", 20),
        ("?country=RO", 30),
        ("?country=RO&cause=use&state=active", 20),
        ("?q=nobody", 0),
        ("?q=c7@", 1),
    ],
)
def test_d1_filters_and_search_narrow(
    signed_in: Callable[..., Client], scored: Settings, query: str, total: int
) -> None:
    text = signed_in().get(f"/foresee{query}").content.decode()
    assert (f" of {total} customer" in text) if total else ("Nobody matches" in text)


def test_the_number_of_statements_does_not_grow(signed_in: Callable[..., Client], scored: Settings) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in()
    for path, most in (
        ("/foresee", 18),
        ("/foresee?q=customer&country=RO", 18),
        ("/foresee/backtest", 6),
        ("/foresee/model", 6),
        ("/foresee/criteria", 9),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= most, (path, [each["sql"][:90] for each in asked])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_n4_everyone_who_was_scored_leaves_as_a_file(
    signed_in: Callable[..., Client], scored: Settings, ending: str
) -> None:
    answer = signed_in("analyst").get(f"/foresee/export/{ending}")
    assert answer["Content-Disposition"] == f'attachment; filename="customers-at-risk.{ending}"'
    content = b"".join(answer)
    answer.close()
    if ending == "csv":
        assert content.count(b"\n") == 61
    else:
        assert content.startswith(b"PK")


def test_d4_a_saved_backtest_and_card_are_shown(signed_in: Callable[..., Client], scored: Settings) -> None:
    client = signed_in()
    assert "+0.031 to +0.073 (95%)" in client.get("/foresee/backtest").content.decode()
    assert "<b>Model 1</b>" in client.get("/foresee/model").content.decode()


def test_d2_what_raises_the_risk_is_named_first() -> None:
    drivers = (examples.LOYAL, examples.LATE, examples.SILENT)
    assert words.raising_first(drivers) == [examples.SILENT, examples.LATE, examples.LOYAL]


def test_a7_a_segment_narrows_those_at_risk(signed_in: Callable[..., Client], scored: Settings) -> None:
    from holdfast.store import segments

    made = segments.save(scored, "some", "Some", {}, now_us=1)
    segments.apply(scored, made, list(range(4, 61, 4)), [], day=1, now_us=1, moved=False)
    client = signed_in()
    text = client.get("/foresee?segment=some&sort=name").content.decode()
    assert " of 15 customers" in text
    assert 'name="segment" value="some"' in text  # a search keeps it
    assert "Save this view" in text
    assert "Nobody matches" in client.get("/foresee?segment=gone").content.decode()
