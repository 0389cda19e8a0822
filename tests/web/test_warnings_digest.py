"""The weekly mail of early warnings: a tile as a letter, sent to a mail server and read back (C0, N4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

import dispatching
import smtp_sink
from holdfast.domain.dashboards import Tile
from holdfast.services.act.dispatch import send_due
from holdfast.services.prove import dashboards as acts
from holdfast.services.prove import digests
from holdfast.settings import Settings
from holdfast.store import dashboards, message_settings
from holdfast.web import mailing
from web import warned

FAILED, OVERDUE = "payment_failed", "overdue"
PNG = b"\x89PNG\r\n\x1a\n"
SAID = {
    "en": ("A payment failed", "The next purchase is overdue", "Early warnings raised, week by week"),
    "fa": ("پرداختی ناموفق ماند", "خرید بعدی دیر شده است", "هشدارهای زودهنگام داده‌شده، هفته به هفته"),
}


def weekly(settings: Settings, person_id: int, now: datetime) -> None:
    """Let a dashboard of one tile, the early warnings, come every week."""
    number = acts.make(settings, "Whom to call", person_id=person_id, shared=False, now=now, empty=True)
    acts.add_tile(settings, board(settings, number), Tile(0, "warnings", rows=2), now=now)
    digests.make(
        settings, board(settings, number), every="week", day=0, at="08:00", quiet=False, people=[person_id],
        by="niamh@example.com", now=now,
    )  # fmt: skip


def board(settings: Settings, number: int) -> dashboards.Dashboard:
    found = dashboards.one(settings, number)
    assert found is not None
    return found


def read_back(settings: Settings, folder: Path, now: datetime) -> tuple[str, str, str, list[bytes]]:
    """(subject, text, HTML, pictures) of the one mail that came to the mail server."""
    with smtp_sink.running(folder) as sink:
        dispatching.set_up(settings, dispatching.smtp(sink.port))
        message_settings.set_public_url(settings, "https://holdfast.example")
        assert mailing.send_due(settings, now) == 1
        send_due(settings)
        (arrived,) = sink.mails()
    mail = message_from_bytes(arrived.raw, policy=default)
    assert isinstance(mail, EmailMessage)
    parts = list(mail.walk())
    plain, html = (
        next(each for each in parts if each.get_content_type() == kind)
        for kind in ("text/plain", "text/html")
    )
    pictures = [each.get_content() for each in parts if each.get_content_type() == "image/png"]
    return str(mail["Subject"]), plain.get_content(), html.get_content(), pictures


def bare(text: str) -> str:
    """Without the signs that keep names of another direction together, and on one line."""
    return re.sub(r"\s+", " ", re.sub("[\u2068\u2069]", "", text))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_c0_the_weekly_mail_tells_whom_to_call_with_a_picture(
    served: Settings, tmp_path: Path, language: str
) -> None:
    from holdfast.store.models import User

    niamh = User.objects.create_user(
        "niamh@example.com", None, name="Niamh", role="manager", language=language
    )
    units, now = warned.company(served), datetime.now(UTC)
    warned.warn(served, FAILED, *units.values(), days_ago=9)
    warned.warn(served, OVERDUE, units["ioana"])
    warned.storm(served, FAILED, 1_204)
    weekly(served, niamh.pk, now - timedelta(days=8))
    subject, text, html, pictures = read_back(served, tmp_path / "sink", now)
    assert bare(subject).startswith("Whom to call: ")
    failed, overdue, finding = SAID[language]
    for told in (bare(text), bare(html)):
        places = [told.index(each) for each in (failed, "طارق رستمی", "Ioana Marin", overdue)]
        assert places == sorted(places), "the storm, then those with most at stake"
        assert "Мария Попова" not in told, "two customers are asked for"
    (picture,) = pictures
    assert picture.startswith(PNG)
    (alt,) = re.findall(r'<img [^>]*alt="([^"]*)"', html)
    assert finding in bare(alt)
    assert "https://holdfast.example/dashboards/1" in text
    assert mailing.send_due(served, now) == 0, "the next one comes in a week"
