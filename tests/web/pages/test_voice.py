"""The Voice page: causes with their shares, quotes without names, inquiries that deciders set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from commands import call
from holdfast.analytics.loss_groups import Group, StandsOut
from holdfast.domain.period import date_of
from holdfast.services.understand import inquiries, voice
from holdfast.services.understand.drivers import Compared
from holdfast.services.understand.themes import ShownTheme
from holdfast.services.understand.voice import Agreed, CauseTold, MonthTold, OriginTold, Voice
from holdfast.settings import Settings
from holdfast.store import losses, sql
from holdfast.store.inquiry import Inquiry
from holdfast.store.losses import KeptLoss, Told
from web import warned

if TYPE_CHECKING:
    from django.test import Client

DAY = 19_900
IDS = ("price_too_high", "late_delivery")


def counted() -> Voice:
    """What a nightly run counted."""
    return Voice(
        day=date_of(DAY),
        losses=400,
        unknown=100,
        unknown_low=0.21,
        unknown_high=0.29,
        spoke=250,
        money_minor=9_000_000,
        unknown_money_minor=1_234_500,
        causes=(
            CauseTold("price_too_high", "ours", 200, 3_000_000, 0.6, 0.52, 0.68, 0.2),
            CauseTold("late_delivery", "ours", 100, 5_000_000, 0.4, 0.3, 0.5, 0.8),
        ),
        origins=(
            OriginTold("ours", 300, 8_000_000, 1.0, 0.9, 1.0),
            OriginTold("market", 0, 0, 0.0, 0.0, 0.05),
            OriginTold("own_life", 0, 0, 0.0, 0.0, 0.05),
        ),
        months=(
            MonthTold(date(2024, 5, 1), 100, {"price_too_high": 7}),
            MonthTold(date(2024, 6, 1), 300, {"price_too_high": 193, "late_delivery": 100}),
        ),
        agreed=(Agreed("tick", 30, 60),),
        groups={
            "how": (Group("contract", 300, 250, 8_000_000, ((0, 200), (1, 50)), ()),),
            "tenure": (),
            "country": (
                Group("RO", 100, 80, 1_000_000, ((1, 60), (0, 20)), (StandsOut(1, 60, 80, 40, 220),)),
            ),
            "source": (),
            "segment": (
                Group("forgotten", 90, 70, 900_000, ((0, 70),), ()),
                Group("vip", 50, 40, 800_000, ((1, 40),), ()),
            ),
        },
        themes=(ShownTheme("en", ("packaging", "paint"), 9, ()),),
        drivers=(Compared("money", 200, 30.0, 0.66, 0.2), Compared("", 20, 0.0, 0.06, 0.0)),
        ids=IDS,
    )


@pytest.fixture
def told(served: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A company that looked why customers left; its three customers."""
    found = warned.company(served)
    monkeypatch.setattr(voice, "read", lambda _: counted())
    subject = found["ioana"]
    sql.write(
        "INSERT INTO customer_text (event_key, subject_id, at_us, kind, text, also) "
        "VALUES (%s, %s, %s, %s, %s, '')",
        (b"k" * 16, subject, 77, "survey", "Ioana here: dearer each month, call +40 721 123 456"),
    )
    said = Told("words", "price_too_high", DAY - 3, 0.85, "Text Read", "price_too_high", subject, 77)
    tick = Told("tick", "late_delivery", DAY - 3, 0.4, "Subscription Ended", "late_delivery")
    losses.save(
        served,
        [
            KeptLoss(
                *(subject, DAY - 3, DAY - 300, "contract", "price_too_high", "ours", 0.7, "words"),
                *((said, tick), 123_400, "RO", "ads"),
            ),
            KeptLoss(found["tariq"], DAY - 9, DAY - 200, "silent", "", "", 0.0, "", (), 0, "IR", ""),
        ],
    )
    return found


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.usefixtures("told")
def test_e1_the_page_shows_causes_with_shares_ranges_and_origins(signed_in: Callable[..., Client]) -> None:
    text = text_of(signed_in("analyst"), "/understand/voice")
    assert "Of <b>400 losses</b> in the last year, the cause of <b>75%</b> is known." in text
    assert "Without a known cause: 25% (likely range 21% to 29%)" in text
    row = text[text.index("Price too high") :].split("</tr>")[0]
    assert "52.0% to 68.0%" in row
    assert "ours to put right" in row
    assert text.index("Price too high") < text.index("Late delivery")
    assert "the reason that was chosen: right 30 of 60 times" in text
    assert "packaging · paint" in text
    assert "Most apart: money. People name it in 66% of the known losses; it drives 20% of the risks." in text


@pytest.mark.usefixtures("told")
def test_e1_by_money_by_part_and_by_cause(signed_in: Callable[..., Client]) -> None:
    client = signed_in("manager")
    text = text_of(client, "/understand/voice?by=money")
    assert text.index(">Late delivery</a>") < text.index(">Price too high</a>")
    text = text_of(client, "/understand/voice?part=country")
    assert "Romania" in text
    assert "Late delivery: 75% here, 18% elsewhere" in text
    assert "Late delivery by month: most in Jun 2024, 100 losses" in text_of(
        client, "/understand/voice?cause=late_delivery"
    )
    text_of(client, "/understand/voice?cause=nonsense", 400)
    text_of(client, "/understand/voice?part=nonsense", 400)


@pytest.mark.usefixtures("told")
def test_e1_losses_are_parted_by_the_segments_there_are(
    signed_in: Callable[..., Client], served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.store import segments

    segments.save(served, "vip", "Our <dearest>", {}, now_us=1)
    client = signed_in()
    parts = text_of(client, "/understand/voice?part=segment").split('id="parts"')[1].split("</table>")[0]
    assert "Our &lt;dearest&gt;" in parts
    assert "Late delivery 100%" in parts
    assert "forgotten" not in parts
    older = {name: found for name, found in counted().groups.items() if name != "segment"}
    monkeypatch.setattr(voice, "read", lambda _: replace(counted(), groups=older))
    nothing = "Nothing is known by which to part them."
    assert nothing in text_of(client, "/understand/voice?part=segment")


@pytest.mark.usefixtures("told")
def test_e1_losses_are_parted_by_command(served: Settings) -> None:
    from holdfast.store import segments

    here = ("--workspace", served.folder)
    assert "No loss of the last year" in call("causes", "--by", "segment", *here).out
    segments.save(served, "vip", "Our dearest", {}, now_us=1)
    found = call("causes", "--by", "segment", *here, "--json").json
    assert (found["by"], found["losses"]) == ("segment", 400)
    assert found["parts"] == [
        {
            "key": "vip",
            "name": "Our dearest",
            "losses": 50,
            "known": 40,
            "money_minor": 800_000,
            "causes": {"late_delivery": 40},
            "stands_out": [],
        }
    ]
    shown = call("causes", "--by", "country", *here).out
    assert "Late delivery* 60" in shown
    assert "* more than among all others" in shown
    assert "ended a contract" in call("causes", "--by", "how", *here).out
    assert call("causes", "--by", "weather", *here).code != 0


@pytest.mark.usefixtures("told")
def test_quotes_say_nobodys_name_or_number(signed_in: Callable[..., Client]) -> None:
    for role in ("admin", "read_only"):
        text = text_of(signed_in(role), "/understand/voice?cause=price_too_high")
        assert "••• here: dearer each month, call •••" in text
        assert "721" not in text


def test_e1_the_customers_page_says_why_they_left(
    signed_in: Callable[..., Client], told: dict[str, int], served: Settings
) -> None:
    from holdfast.store.models import RiskScore

    RiskScore.objects.all().delete()
    text = text_of(signed_in("agent"), f"/customers/{told['ioana']}")
    part = text[text.index('id="left"') :].split("</section>")[0]
    assert "Price too high" in part
    assert "70% sure" in part
    assert "said on leaving, in own words" in part
    assert "right in 40% of cases" in part
    text = text_of(signed_in("agent", "fa"), f"/customers/{told['tariq']}")
    assert 'id="left"' in text


@pytest.mark.usefixtures("told")
def test_e7_deciders_set_inquiries_and_others_do_not(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    manager = signed_in("manager")
    assert manager.post("/understand/voice/inquire", {"enabled": "1", "from": "۱۲۵۰٫5"}).status_code == 302
    assert inquiries.read(served) == Inquiry(True, 125_050)
    assert manager.post("/understand/voice/inquire", {"from": ""}).status_code == 302
    assert inquiries.read(served) == Inquiry(False, None)
    for typed in ("a lot", "-3", "0", "nan", "1e99", "5²"):
        assert manager.post("/understand/voice/inquire", {"enabled": "1", "from": typed}).status_code == 422
    assert inquiries.read(served) == Inquiry(False, None)
    analyst = signed_in("analyst")
    assert analyst.post("/understand/voice/inquire", {"from": "1"}).status_code == 403
    assert "Large losses open no task." in text_of(analyst, "/understand/voice")


def test_before_the_first_run_the_page_says_how_to_begin(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    assert "Nobody looked yet why customers left" in text_of(signed_in("read_only"), "/understand/voice")


@pytest.mark.usefixtures("told")
def test_the_page_asks_the_database_a_few_times(signed_in: Callable[..., Client]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in("manager")
    client.get("/understand/voice")
    with CaptureQueriesContext(connection) as asked:
        client.get("/understand/voice")
    assert len(asked) <= 14
