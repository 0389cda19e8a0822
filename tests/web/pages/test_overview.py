"""B1-B5: the overview, from figures that the loop has saved, and in words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.measure.overview import Recount, overview
from holdfast.settings import Settings, read_settings
from holdfast.store import episodes
from holdfast.web.pages.overview import pictures, words
from staged_lines import NOW_US, Line, import_lines
from web import reports, warned
from web.examples import example_overview

if TYPE_CHECKING:
    from django.test import Client

ENGLISH, PERSIAN = Reader("en"), Reader("fa")
DAYS = 420
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec"
DATES = re.compile(rf"[·:,\s\d]*((?:{MONTHS.replace(' ', '|')})\w*[·,\s\d]*)+")
"""What CLDR calls months is no message of ours."""
AS_OF = datetime.fromtimestamp(NOW_US / 1_000_000 + (DAYS + 5) * 86_400, UTC).date()


def habits() -> list[Line]:
    """Sixty customers who come at different times; a third stays away after half a year."""
    lines = []
    for customer in range(60):
        until = 180 + customer if customer % 3 == 0 else DAYS
        for day in range(customer * 4, until, 12 + customer % 5):
            lines.append(Line(f"c{customer}", day, 1000 + customer, country="RO" if customer % 2 else "IE"))
    return lines


@pytest.fixture(scope="module")
def _measured(_blank_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that the loop went through once, for all tests of this file."""
    from holdfast import store
    from holdfast.services.pulse.run import run

    folder = tmp_path_factory.mktemp("measured") / "workspace"
    shutil.copytree(_blank_workspace, folder)
    settings = read_settings(folder)
    store.connect(settings)
    import_lines(settings, habits())
    run(read_settings(folder), AS_OF)
    return folder


@pytest.fixture
def measured(_measured: Path, tmp_path: Path) -> Settings:
    """The measured workspace, served; a copy of its own."""
    from holdfast.web.workspace import serve_workspace

    folder = tmp_path / "measured"
    shutil.copytree(_measured, folder)
    settings = read_settings(folder)
    serve_workspace(settings)
    return settings


@pytest.fixture
def reader(measured: Settings) -> Client:
    """Somebody who may only read, signed in to the measured workspace."""
    from django.test import Client

    from holdfast.store.models import User

    client = Client()
    client.force_login(User.objects.create_user("reads@example.com", None, role="read_only"))
    return client


def test_b1_the_page_opens_with_the_last_month_that_is_over(reader: Client) -> None:
    text = reader.get("/measure").content.decode()
    assert "<title>Measure, December 2024 · Holdfast</title>" in text
    assert 'class="say"' in text
    assert text.count('<article class="stat">') == 4
    for heading in ("Churn over time", "The ledger", "Who stays, by when they came", "How long they stay"):
        assert f"<h2>{heading}</h2>" in text
    assert "One period, several definitions" in text
    assert text.count("The table behind") >= 3
    assert 'role="img" aria-label="Churn rate over time' in text


def test_b1_another_period_and_another_length_can_be_chosen(reader: Client) -> None:
    text = reader.get("/measure?by=month&from=2024-08-01").content.decode()
    assert "Measure, August 2024" in text
    assert 'href="/measure?by=quarter"' in text
    assert "Q3 2024" in reader.get("/measure?by=quarter&from=2024-07-01").content.decode()
    assert reader.get("/measure?by=year").status_code == 200


@pytest.mark.parametrize("query", ["?by=week", "?from=yesterday", "?by="])
def test_b1_a_period_that_is_none_is_refused(reader: Client, query: str) -> None:
    assert reader.get(f"/measure{query}").status_code == 404


def test_the_first_page_is_the_overview(reader: Client) -> None:
    assert reader.get("/")["Location"] == "/measure"


def test_an_unmeasured_workspace_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    text = signed_in().get("/measure").content.decode()
    assert "No figures yet" in text
    assert 'href="/start"' in text


@pytest.mark.parametrize("kind", ["month", "quarter", "year"])
def test_the_page_reads_saved_figures_with_a_constant_number_of_statements(reader: Client, kind: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        reader.get(f"/measure?by={kind}")
    assert len(asked) <= 15  # two of them for the session and the person, at most five for who is next


def test_n3_the_page_is_whole_in_persian(reader: Client) -> None:
    from holdfast.store.models import User

    User.objects.update(language="fa")
    text = reader.get("/measure").content.decode()
    assert '<html lang="fa" dir="rtl">' in text
    assert "سنجش" in text
    assert "۱۱ آذر تا ۱۱ دی ۱۴۰۳" in text  # December 2024 as its readers write it


def test_n3_no_word_on_the_page_is_unmarked(reader: Client) -> None:
    from holdfast.language.pseudo import unmarked
    from holdfast.store.models import User

    User.objects.update(language="xx")
    found = unmarked(reader.get("/measure").content.decode(), names=("Holdfast", "Romania", "Ireland"))
    assert [words for words in found if not DATES.fullmatch(words)] == []


def test_the_ledger_ties_out_on_the_page_as_in_the_figures() -> None:
    lines = words.shown_ledger(example_overview().ledger, ENGLISH)
    assert [line.op for line in lines] == ["", "+", "+", "+", "\N{MINUS SIGN}", "\N{MINUS SIGN}", "="]
    people = [int(line.people.replace(",", "")) if line.people else 0 for line in lines]
    assert people[0] + people[1] + people[2] - people[5] == people[6]
    assert [line.money for line in lines][:2] == ["436,800.00", "22,410.50"]
    assert [line.people for line in lines][3] == ""


def test_the_sentence_sets_its_figures_in_bold() -> None:
    assert "<b>412</b> customers left, and <b>€12,945</b> a year" in words.sentence(
        example_overview(), ENGLISH
    )


def test_b1_a_figure_that_cannot_be_says_why_and_is_never_0() -> None:
    stat = words.shown_stat(example_overview().stats[3], ENGLISH)
    assert (stat.value, stat.change) == ("", "Nobody was a customer at the start.")
    line = words.shown_definition(example_overview().definitions[3], ENGLISH)
    assert (line.value, line.reason) == ("", "Nobody was a customer at the start.")


def test_only_a_judged_change_is_coloured() -> None:
    judged = [words.shown_stat(stat, ENGLISH).judged for stat in example_overview().stats]
    assert judged == ["worse", "", "better", ""]


def test_b5_charts_say_their_finding_and_have_their_numbers_behind_them() -> None:
    overview = example_overview()
    churn = pictures.churn_chart(overview, ENGLISH, "gregorian")
    assert churn is not None
    assert "2.0% in Oct 2025, 2.3% in Oct 2026" in str(churn.picture.__html__())
    assert churn.rows[0] == ("Oct 2026", "2.3%", "2.1%", "2.5%")
    cohorts = pictures.cohort_chart(overview.cohorts, ENGLISH, "gregorian")
    assert cohorts is not None
    assert len(cohorts.rows) == 10
    lifetime = pictures.lifetime_chart(overview.curves, ENGLISH)
    assert lifetime is not None
    assert lifetime.rows[0] == ("0", "100%", "100%")
    assert "half gone, month 19" in str(lifetime.picture.wide)


def test_b5_nothing_measured_gives_no_chart_rather_than_an_empty_one() -> None:
    bare = replace(example_overview(), churn=(), cohorts=(), curves=())
    assert pictures.churn_chart(bare, ENGLISH, "gregorian") is None
    assert pictures.cohort_chart(bare.cohorts, ENGLISH, "gregorian") is None
    assert pictures.lifetime_chart(bare.curves, ENGLISH) is None
    assert pictures.place_chart(replace(bare.places[0], groups=()), ENGLISH) is None


def test_n3_charts_of_a_persian_page_run_to_the_left() -> None:
    chart = pictures.churn_chart(example_overview(), PERSIAN, "gregorian")
    assert chart is not None
    svg = str(chart.picture.wide)
    x = float(svg[: svg.rindex("اکتبر ۲۰۲۵")].rpartition('<text x="')[2].split('"')[0])
    assert x > 400


def test_n3_countries_are_called_as_the_reader_calls_them() -> None:
    place = example_overview().places[0]
    assert pictures.place_chart(place, PERSIAN).rows[0][0] == "رومانی"  # type: ignore[union-attr]
    named = replace(place, remark=replace_value(place.remark, "RO"))
    assert PERSIAN.say(pictures.place_remark(named, PERSIAN)).count("رومانی") == 1


@pytest.fixture
def late_rows(measured: Settings) -> str:
    """The reason, after a second import changed months that are closed."""
    from holdfast.services.pulse.run import run
    from holdfast.store import sql

    visits = [Line(f"late{customer}", day, 5_000) for customer in range(30) for day in range(300, 400, 20)]
    import_lines(measured, visits)
    # All lines of these tests are imported long ago, these after the run before.
    sql.write("UPDATE import SET finished_us = (SELECT MAX(computed_us) + 1 FROM stored_figure) WHERE id = 2")
    assert run(measured, AS_OF).differing
    return "Import 2 brought rows of that time."


def test_b5_a_closed_period_shows_the_published_figure_and_the_one_counted_again(
    measured: Settings, reader: Client, late_rows: str
) -> None:
    from holdfast.services.measure.overview import overview
    from holdfast.store.figures import publish_recomputed

    found = overview(measured, "month")
    assert [str(why) for why in found.counted_again] == [late_rows]
    (closing,) = (line for line in found.ledger if line.code == "closing")
    assert closing.people is not None
    assert closing.people_now == closing.people + 30
    assert closing.money_now is not None
    assert found.stats[0].again is not None
    text = reader.get("/measure").content.decode()
    assert f"Some figures of this period were counted again and differ.</b> {late_rows}" in text
    assert f"<dt>Counted again</dt><dd>{late_rows}</dd>" in text
    assert 'class="sub">Counted again: ' in text
    assert f'>{closing.people}<span class="sub">now {closing.people_now}</span>' in text
    assert publish_recomputed(measured)
    after = overview(measured, "month")
    assert (after.counted_again, after.stats[0].again) == ((), None)
    assert "Counted again" not in reader.get("/measure").content.decode()


@pytest.mark.usefixtures("late_rows")
def test_n3_what_was_counted_again_is_marked_too(reader: Client) -> None:
    from holdfast.language.pseudo import unmarked
    from holdfast.store.models import User

    User.objects.update(language="xx")
    found = unmarked(reader.get("/measure").content.decode(), names=("Holdfast", "Romania", "Ireland"))
    assert [words for words in found if not DATES.fullmatch(words)] == []


def test_a_count_that_looks_the_same_or_is_none_is_told_as_that() -> None:
    stat = example_overview().stats[0]
    why = (Text("Import {id} was undone.", id="7"),)

    def told(value: float | None) -> str:
        reason = None if value is not None else Text("Nobody was a customer at the start.")
        again = Recount(replace(stat.figure, value=value, reason=reason), why)
        return words.shown_stat(replace(stat, again=again), ENGLISH).again

    assert told(0.025) == "Counted again: 2.5%"
    assert told(412 / 18205) == "Counted again: 2.3%, the same when rounded"
    assert told(None) == "Counted again: not clear yet"
    assert words.shown_stat(stat, ENGLISH).again == ""


def test_of_many_reasons_the_first_are_said() -> None:
    reasons = tuple(Text("Import {id} was undone.", id=str(number)) for number in range(5))
    assert words.counted_again(replace(example_overview(), counted_again=reasons), ENGLISH) == (
        "Some figures of this period were counted again and differ.",
        "Import 0 was undone. Import 1 was undone. Import 2 was undone. There are 2 more reasons.",
    )
    assert words.counted_again(example_overview(), ENGLISH) is None


def replace_value(text: object, place: str) -> object:
    assert isinstance(text, Text)
    return Text(text.msgid, text.plural, place=place)


@pytest.mark.usefixtures("foreseen")
def test_d1_who_is_next_stands_on_the_overview(reader: Client) -> None:
    text = reader.get("/measure").content.decode()
    block = text.split("<h2>Who is next</h2>")[1].split("</section>")[0]
    assert 'href="/foresee">All customers at risk' in block
    assert block.count('class="row-link"') == 5
    assert "71%" in block


def test_b5_an_alert_is_put_away_for_one_reader_and_told_again(reader: Client, measured: Settings) -> None:
    from holdfast.store import figures

    period = overview(measured, "month").period
    assert period is not None
    alert = figures.Alert("churn_rising", Text("Churn has risen."), Text("Look."), period.start, period)
    figures.save_alerts(measured, [alert], now_us=1)
    path = f"/measure?from={period.start}"
    text = reader.get(path).content.decode()
    assert "Churn has risen." in text
    key = text.split('name="alert" value="')[1].split('"')[0]
    assert reader.post("/measure/alert/read", {"alert": key})["Location"] == "/measure"
    text = reader.get(path).content.decode()
    assert "Churn has risen." not in text
    assert "Put away for you." in text
    assert 'action="/measure/alert/unread"' in text
    reader.post("/measure/alert/unread", {"alert": key})
    assert "Churn has risen." in reader.get(path).content.decode()
    for do, given in (("forget", key), ("read", ""), ("read", "x" * 999)):
        assert reader.post(f"/measure/alert/{do}", {"alert": given}).status_code == 404


def test_what_to_do_today_follows_the_role(measured: Settings) -> None:
    from django.test import Client

    from holdfast.store.models import User
    from web.quarantined import put_aside

    put_aside(measured, 2)
    said = {}
    for role in ("manager", "read_only"):
        client = Client()
        client.force_login(User.objects.create_user(f"{role}.today@example.com", None, role=role))
        text = client.get("/measure").content.decode()
        said[role] = text.split("<h2>To do today</h2>")[1].split("</section>")[0]
    assert "2 events could not be understood" in said["manager"]
    assert 'href="/settings/quarantine"' in said["manager"]
    assert "quarantine" not in said["read_only"]


def test_c0_new_warnings_stand_among_what_is_to_do_today(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.store import portfolio

    reports.save(served)
    units = warned.company(served)
    client, line = signed_in("agent"), "customers have new early warnings"
    for key in ("overdue", "payment_failed", "gone_quiet"):
        episodes.note_looked(served, {key: "rule"}, 20_000, now_us=1)

    def to_do() -> str:
        with CaptureQueriesContext(connection) as asked:
            text = client.get("/measure").content.decode()
        assert len([each for each in asked if "episode" in each["sql"]]) == 1
        return text.split("<h2>To do today</h2>")[1].split("</section>")[0]

    warned.warn(served, "payment_failed", *units.values(), days_ago=2)
    warned.warn(served, "gone_quiet", *units.values(), quiet=True)
    assert "early warning" not in to_do()
    warned.warn(served, "overdue", units["ioana"], units["tariq"], days_ago=1)
    assert f'href="/today">2 {line}</a>' in to_do()
    portfolio.decide(served, portfolio.Decided(frozenset({"agent"})))
    assert "early warning" not in to_do()
