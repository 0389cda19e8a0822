"""Dashboards, files to fetch, digests and mails on their pages (N4)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.domain.dashboards import Tile
from holdfast.services.prove import dashboards as acts
from holdfast.services.prove import digests as digest_acts
from holdfast.services.prove import files
from holdfast.services.pulse.reports import mail_alerts, measure_segments, write_files
from holdfast.settings import Settings
from holdfast.store import (
    dashboards,
    digests,
    export_files,
    mail_choices,
    message_settings,
    sql,
    staff_links,
)
from holdfast.web import mailing
from web import reports

if TYPE_CHECKING:
    from django.test import Client

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
EVIL = "=cmd|' /C calc'!A0"


def me(role: str = "admin", language: str = "en") -> int:
    from holdfast.store.models import User

    return int(User.objects.get(email=f"{role}.{language}@example.com").id)


def text_of(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


def made(settings: Settings, person: int, *tiles: Tile, shared: bool = False) -> int:
    number = acts.make(settings, "The board", person_id=person, shared=shared, now=NOW, empty=True)
    for tile in tiles:
        found = dashboards.one(settings, number)
        assert found is not None
        acts.add_tile(settings, found, tile, now=NOW)
    return number


def board(settings: Settings, number: int) -> dashboards.Dashboard:
    found = dashboards.one(settings, number)
    assert found is not None
    return found


FIGURE = Tile(0, "figure", "churn_rate", "lost_of_start", size="small")
TREND = Tile(0, "trend", "churn_rate", "lost_of_start")
GROUPS = Tile(0, "groups", "churn_rate", "lost_of_start", group="country")


@pytest.mark.usefixtures("foreseen")
def test_n4_a_dashboard_is_put_together_by_page(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    reports.save(served)
    reports.segment(served, "regulars", reports.people(served, "Ann", "Ben"))
    answer = client.post("/dashboards/make", {"title": "Churn <b>"})
    edit = answer.headers["Location"]
    number = int(edit.split("/")[2])
    page = text_of(client, edit)
    assert "churn_rate:lost_of_start" in page
    for given in (
        {"kind": "groups", "figure": "churn_rate:lost_of_start", "group": "country"},
        {"kind": "segment", "segment": "regulars"},
    ):
        assert client.post(f"/dashboards/{number}/do/add", given).status_code == 302
    tiles = board(served, number).tiles
    assert [tile.kind for tile in tiles] == [
        "figure",
        "figure",
        "figure",
        "trend",
        "at_risk",
        "groups",
        "segment",
    ]
    last = tiles[-1].id
    assert client.post(f"/dashboards/{number}/do/up", {"tile": str(last)}).status_code == 302
    assert client.post(f"/dashboards/{number}/do/tile", {"tile": str(last), "size": "wide", "title": "Ours"})
    assert client.post(f"/dashboards/{number}/do/take-off", {"tile": str(tiles[1].id)}).status_code == 302
    tiles = board(served, number).tiles
    assert [(tile.kind, tile.size, tile.title) for tile in tiles[-2:]] == [
        ("segment", "wide", "Ours"),
        ("groups", "medium", ""),
    ]
    shown = text_of(client, f"/dashboards/{number}")
    assert "Churn &lt;b&gt;" in shown
    assert "3.0%" in shown
    assert "more than in September 2026" in shown
    assert "October 2026" in shown
    assert "Ioana Marin" in shown
    assert "Ireland" in shown
    assert shown.count("<svg viewBox") + shown.count('<svg class="when-wide"') >= 2
    earlier = text_of(client, f"/dashboards/{number}", **{"from": "2026-03-01"})
    assert "March 2026" in earlier
    assert "2.2%" in earlier


def test_n4_what_changed_meanwhile_is_not_overwritten(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    number = made(served, me(), FIGURE)
    late = client.post(f"/dashboards/{number}/do/take-off", {"tile": "1", "version": "1"})
    assert late.status_code == 409
    assert len(board(served, number).tiles) == 1
    for do, given in (
        ("add", {"kind": "segment", "segment": "no-such"}),
        ("add", {"kind": "segment"}),
        ("add", {"kind": "figure"}),
        ("add", {"kind": "figure", "figure": "no_such:whole"}),
        ("describe", {"title": "", "period_kind": "month", "periods": "12"}),
        ("describe", {"title": "x", "period_kind": "week", "periods": "12"}),
        ("tile", {"tile": "1", "size": "huge"}),
        ("take-off", {"tile": "77"}),
        ("digest", {"every": "week", "at": "25:00", "weekday": "0", "person": str(me())}),
        ("digest", {"every": "week", "at": ":30", "weekday": "0", "person": str(me())}),
        ("digest", {"every": "week", "at": "08:00", "weekday": "0"}),
    ):
        assert client.post(f"/dashboards/{number}/do/{do}", given).status_code == 422, (do, given)
    for do, given, code in (("add", {"kind": "cake"}, 400), ("up", {"tile": "x"}, 400), ("sing", {}, 404)):
        assert client.post(f"/dashboards/{number}/do/{do}", given).status_code == code


def test_n2_a_private_dashboard_is_there_for_its_maker_only(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    admin, analyst, agent = signed_in(), signed_in("analyst"), signed_in("agent")
    number = made(served, me("analyst"), FIGURE)
    assert analyst.get(f"/dashboards/{number}").status_code == 200
    for other in (admin, agent):
        assert other.get(f"/dashboards/{number}").status_code == 404
        assert "The board" not in text_of(other, "/dashboards")
    given = {"title": "Shared", "period_kind": "month", "periods": "12", "shared": "1"}
    assert analyst.post(f"/dashboards/{number}/do/describe", given).status_code == 302
    assert agent.get(f"/dashboards/{number}").status_code == 200
    assert agent.get(f"/dashboards/{number}/edit").status_code == 403
    assert agent.post("/dashboards/make", {"title": "x"}).status_code == 403
    assert admin.get(f"/dashboards/{number}/edit").status_code == 200
    assert admin.post(f"/dashboards/{number}/do/delete").status_code == 302
    assert f"/dashboards/{number}/do/restore" in text_of(admin, "/dashboards")
    assert analyst.get(f"/dashboards/{number}").status_code == 404
    assert agent.post(f"/dashboards/{number}/do/restore").status_code == 403
    assert signed_in("analyst", "ro").post(f"/dashboards/{number}/do/restore").status_code == 404
    assert admin.post(f"/dashboards/{number}/do/restore").status_code == 302
    assert analyst.get(f"/dashboards/{number}").status_code == 200
    assert analyst.post(f"/dashboards/{number}/do/delete").status_code == 302
    assert analyst.post(f"/dashboards/{number}/do/restore").status_code == 302
    assert analyst.get(f"/dashboards/{number}").status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_n4_a_list_is_written_by_the_worker_and_fetched_by_who_asked(
    served: Settings, signed_in: Callable[..., Client], ending: str
) -> None:
    client, other = signed_in(), signed_in("manager")
    reports.segment(served, "regulars", reports.people(served, EVIL, "Ben"))
    message_settings.set_public_url(served, "https://holdfast.shop.example")
    given = {"kind": "segment", "segment": "regulars", "format": ending}
    assert client.post("/exports/ask", given).headers["Location"] == "/exports"
    assert client.post("/exports/ask", given).status_code == 302  # asked for already
    assert "waiting" in text_of(client, "/exports")
    write_files(served, NOW)
    (found,) = export_files.of_person(served, me())
    assert (found.state, found.rows) == ("ready", 2), found.trouble
    page = text_of(client, "/exports")
    assert "2 rows" in page
    answer = client.get(f"/exports/{found.id}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    names = read(content, ending)
    assert names == ([EVIL, "Ben"] if ending == "parquet" else ["'" + EVIL, "Ben"])
    assert other.get(f"/exports/{found.id}").status_code == 404
    assert other.post(f"/exports/{found.id}/delete").status_code == 404
    (mail,) = sql.read("SELECT c.subject, c.text FROM touch t JOIN touch_content c ON c.touch_id = t.id")
    assert mail[0] == "Your file is ready"
    assert "https://holdfast.shop.example/exports" in mail[1]
    assert EVIL not in mail[1]
    path = files.path_of(served, found)
    assert path is not None
    write_files(served, NOW + timedelta(days=8))
    assert not path.exists()
    assert client.get(f"/exports/{found.id}").status_code == 404
    assert "gone" in text_of(client, "/exports")


def read(content: bytes, ending: str) -> list[str]:
    """The names in a file."""
    if ending == "csv":
        import csv

        return [row["name"] for row in csv.DictReader(io.StringIO(content.decode()))]
    if ending == "xlsx":
        import openpyxl

        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
        return [str(row[rows[0].index("name")]) for row in rows[1:]]
    import pyarrow.parquet

    return [str(name) for name in pyarrow.parquet.read_table(io.BytesIO(content))["name"].to_pylist()]


def test_n4_every_kind_of_file_is_written(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    reports.save(served)
    reports.segment(served, "regulars", reports.people(served, "Ann", "Ben"))
    number = made(
        served, me(), FIGURE, TREND, GROUPS, Tile(0, "segment", segment="regulars"), Tile(0, "at_risk")
    )
    asked = (
        {"kind": "dashboard", "dashboard": str(number), "from": "2026-10-01"},
        {"kind": "metrics", "period": "month"},
        {"kind": "at_risk", "segment": "regulars"},
        {"kind": "customers"},
        {"kind": "risks"},
        {"kind": "events"},
    )
    for given in asked:
        assert client.post("/exports/ask", {"format": "csv", **given}).status_code == 302, given
    write_files(served, NOW)
    found = {each.kind: each for each in export_files.of_person(served, me())}
    assert {kind: each.state for kind, each in found.items()} == dict.fromkeys(
        ("dashboard", "metrics", "at_risk", "customers", "risks", "events"), "ready"
    ), [each.trouble for each in found.values()]
    assert (found["metrics"].rows, found["at_risk"].rows) == (40, 2)
    path = files.path_of(served, found["dashboard"])
    assert path is not None
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("tile,tile_name,metric,definition,group,period,from,until,value")
    assert any(",country=IE," in line for line in lines)
    assert any(line.endswith(",Ann") for line in lines)
    for wrong in (
        {"kind": "cake", "format": "csv"},
        {"kind": "metrics", "format": "doc"},
        {"kind": "segment", "format": "csv"},
    ):
        assert client.post("/exports/ask", wrong).status_code == 422
    assert signed_in("manager").post("/exports/ask", {"kind": "events", "format": "csv"}).status_code == 404
    assert signed_in("agent").post("/exports/ask", {"kind": "customers", "format": "csv"}).status_code == 403


def test_n4_a_file_that_cannot_be_written_says_why_and_is_given_up(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    number = made(served, me(), FIGURE)
    client.post("/exports/ask", {"kind": "dashboard", "dashboard": str(number), "format": "csv"})
    dashboards.delete(served, number, now_us=1)
    write_files(served, NOW)
    assert "could not be written" in text_of(client, "/exports")
    assert "Ask for another file." in text_of(client, "/exports")
    client.post("/settings/reader", {"language": "fa"})
    assert "Ask for another file." not in text_of(client, "/exports")
    for _ in range(export_files.MOST_TRIES):
        sql.write("UPDATE export_file SET state = 'running', held_until_us = 0")
        claimed = export_files.claim(served, 10)
        if claimed is None:
            break
    assert export_files.claim(served, 2**61) is None


def mails(person: int) -> list[tuple[Any, ...]]:
    return sql.read(
        "SELECT c.subject, c.text, c.html, c.language, t.id FROM touch t "
        "JOIN touch_content c ON c.touch_id = t.id WHERE t.person_id = %s ORDER BY t.id",
        (person,),
    )


def send(settings: Settings, at: datetime) -> int:
    return mailing.send_due(settings, at)


def test_n4_a_digest_comes_by_the_readers_clock_and_language_with_pictures(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    signed_in()
    signed_in("manager", "fa")
    reports.save(served)
    reports.people(served, "Ann")
    message_settings.set_public_url(served, "https://holdfast.shop.example")
    ann, niloufar = me(), me("manager", "fa")
    number = made(served, ann, FIGURE, TREND, shared=True)
    digest_acts.make(
        served, board(served, number), every="day", day=0, at="08:00", quiet=False, people=[ann, niloufar],
        by="x", now=NOW,
    )  # fmt: skip
    digest_acts.choose_clock(served, niloufar, "Asia/Tehran", now=NOW)
    times = {each.person_id: each.next_us for each in digests.due(served, 2**61)}
    assert times[niloufar] == int(datetime(2026, 11, 17, 4, 30, tzinfo=UTC).timestamp() * 1e6)
    assert times[ann] == int(datetime(2026, 11, 17, 8, 0, tzinfo=UTC).timestamp() * 1e6)
    assert send(served, datetime(2026, 11, 17, 5, 0, tzinfo=UTC)) == 1
    ((subject, text, html, language, touch),) = mails(niloufar)
    assert language == "fa"
    assert 'dir="rtl"' in html
    assert "The board" in subject
    ((inline, content),) = sql.read(
        "SELECT inline_id, content FROM touch_attachment WHERE touch_id = %s", (touch,)
    )
    assert f"cid:{inline}" in html
    assert bytes(content).startswith(b"\x89PNG")
    assert f"/dashboards/{number}" in text
    assert mails(ann) == []
    assert send(served, datetime(2026, 11, 17, 5, 1, tzinfo=UTC)) == 0
    token = text.rpartition("/mails/off/")[2].split()[0]
    from django.test import Client

    stranger = Client()
    assert stranger.get(f"/mails/off/{token}").status_code == 200
    assert send(served, datetime(2026, 11, 18, 5, 0, tzinfo=UTC)) == 2
    assert stranger.post(f"/mails/off/{token}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert send(served, datetime(2026, 11, 19, 5, 0, tzinfo=UTC)) == 1  # hers is switched off
    assert len(mails(niloufar)) == 2
    assert stranger.post(f"/mails/off/{token[:-4]}AAAA").status_code == 404
    assert stranger.post(f"/mails/off/{token}", {"again": "1"}).status_code == 200
    assert mail_choices.chosen(served, niloufar) == {staff_links.read(served, token, now_us=1)[1]: True}  # type: ignore[index]


def test_n4_a_quiet_digest_stays_away_when_nothing_changed(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    signed_in()
    reports.save(served)
    number = made(served, me(), FIGURE)
    digest_acts.make(
        served,
        board(served, number),
        every="week",
        day=0,
        at="8:00",
        quiet=True,
        people=[me()],
        by="x",
        now=NOW,
    )
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert send(served, monday) == 1
    assert send(served, monday + timedelta(days=7)) == 0
    reports.save(served, last=0.05)
    sql.write("DELETE FROM stored_figure WHERE published = %s", (False,))
    reports.rate(*reports.MONTHS[-1], 0.05)
    assert send(served, monday + timedelta(days=14)) == 0  # what was published stays
    found = board(served, number)
    acts.add_tile(served, found, Tile(0, "figure", "active_customers", size="small"), now=NOW)
    assert send(served, monday + timedelta(days=21)) == 1


def test_a_digest_of_a_dashboard_that_is_not_shown_any_more_is_not_sent(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    signed_in()
    signed_in("manager")
    number = made(served, me(), FIGURE, shared=True)
    people = [me("manager")]
    digest_acts.make(
        served,
        board(served, number),
        every="day",
        day=0,
        at="08:00",
        quiet=False,
        people=people,
        by="x",
        now=NOW,
    )
    acts.describe(
        served, board(served, number), title="Mine", shared=False, period_kind="month", periods=12,
        segment_key="", now=NOW,
    )  # fmt: skip
    assert send(served, NOW + timedelta(days=2)) == 0


def test_b5_an_alert_is_mailed_once_to_who_wants_it(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.domain.texts import Text
    from holdfast.store import figures
    from holdfast.store.figures import Alert

    signed_in()
    analyst = signed_in("analyst")
    period = reports.rate(*reports.MONTHS[-1], 0.1).period
    alert = Alert("churn_rising", Text("Churn rises."), Text("Three months on end."), period.end, period)
    figures.save_alerts(served, [alert], now_us=int(NOW.timestamp() * 1e6))
    mail_alerts(served, NOW)
    assert [len(mails(me())), len(mails(me("analyst")))] == [1, 0]
    assert "alert.churn_rising" in text_of(analyst, "/settings/mails")
    assert analyst.post("/settings/mails", {"mail": "alert.churn_rising"}).status_code == 302
    mail_alerts(served, NOW + timedelta(hours=1))
    mail_alerts(served, NOW + timedelta(days=9))
    assert [len(mails(me())), len(mails(me("analyst")))] == [1, 1]


def test_n4_a_dashboard_of_a_segment_waits_until_the_worker_has_measured_it(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.store import segment_figures

    client = signed_in()
    reports.save(served)
    segment = reports.segment(served, "regulars", reports.people(served, "Ann", "Ben"))
    number = made(served, me(), FIGURE)
    given = {"title": "Regulars", "period_kind": "month", "periods": "12", "segment": "regulars"}
    assert client.post(f"/dashboards/{number}/do/describe", given).status_code == 302
    assert "are being computed" in text_of(client, f"/dashboards/{number}")
    started: list[tuple[str, str]] = []
    measure_segments(served, NOW, lambda _, module, key: started.append((module, key)))
    assert started == [("holdfast.services.measure.of_segment", "regulars")]

    def fails(_settings: Settings, module: str, key: str) -> None:
        raise RuntimeError(f"{module} failed for {key}")

    with pytest.raises(RuntimeError, match="regulars"):
        measure_segments(served, NOW, fails)
    assert "could not be computed" in text_of(client, f"/dashboards/{number}")
    measure_segments(served, NOW, lambda _, module, key: started.append((module, key)))
    assert len(started) == 1  # not again before the next run
    theirs = reports.rate(*reports.MONTHS[-1], 0.5)
    made_now = segment_figures.Measured(segment, reports.NOW_US, reports.NOW_US, 2, "")
    segment_figures.save(served, made_now, [theirs])
    shown = text_of(client, f"/dashboards/{number}")
    assert "50.0%" in shown
    assert "Of the 2 customers who are in the segment “Regulars” now." in shown
    started.clear()
    measure_segments(served, NOW, lambda _, module, key: started.append((module, key)))
    assert started == []


def test_a_chart_becomes_a_picture_with_its_colours(tmp_path: Path) -> None:
    from markupsafe import Markup

    from holdfast.web.charts.png import png, standing_alone

    svg = Markup(
        '<svg viewBox="0 0 20 10" role="img"><rect fill="var(--chart-1)" width="9" height="9"/></svg>'
    )
    assert "#0b6470" in standing_alone(svg)
    assert "var(" not in standing_alone(svg)
    assert png(svg).startswith(b"\x89PNG")
