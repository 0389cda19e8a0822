"""A digest on its way: made, sent to a mail server, read back, opened as a mail program shows it (N4)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING

import pytest

import dispatching
import smtp_sink
from holdfast.domain.dashboards import Tile
from holdfast.services.act.dispatch import send_due
from holdfast.services.prove import dashboards as acts
from holdfast.services.prove import digests
from holdfast.settings import Settings
from holdfast.store import dashboards, mail_choices, message_settings
from holdfast.web import mailing
from web import reports
from web.conftest import Address
from web.test_browser import Reading, keep_picture, no_sideways, reading

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["reading"]

TILES = (
    Tile(0, "figure", "churn_rate", "lost_of_start", size="small"),
    Tile(0, "trend", "churn_rate", "lost_of_start", size="wide"),
    Tile(0, "groups", "churn_rate", "lost_of_start", group="country"),
    Tile(0, "at_risk"),
)
WORDS = {
    "en": ("Monday review: October 2026", "Look at the dashboard", "Churn rate"),
    "fa": ("Monday review: ۹ مهر تا ۹ آبان ۱۴۰۵", "دیدن داشبورد", "نرخ ریزش"),
}
DIRECTION = {"en": "ltr", "fa": "rtl"}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


def arrived(settings: Settings, address: Address, sink: smtp_sink.Sink, language: str) -> EmailMessage:
    """The digest of a dashboard as it came to Niamh, who reads this language; another reads another one."""
    from holdfast.store.models import User

    other = User.objects.create_user(
        "niloufar@example.com",
        None,
        name="نیلوفر",
        role="manager",
        language="fa" if language == "en" else "en",
    )
    niamh = User.objects.get(email=address.email)
    User.objects.filter(pk=niamh.pk).update(language=language)
    reports.save(settings)
    reports.people(settings, "Ann Byrne", "مریم رستمی")
    dispatching.set_up(settings, dispatching.smtp(sink.port))
    message_settings.set_public_url(settings, address.url)
    now = datetime.now(UTC)
    _ask(settings, [int(niamh.pk), int(other.pk)], now - timedelta(days=2))
    assert mailing.send_due(settings, now) == 2
    assert sink.mails() == []  # asked for, and not yet sent
    send_due(settings)
    assert _to(sink, other.email)["Content-Language"] == other.language
    return _to(sink, address.email)


def _ask(settings: Settings, people: list[int], at: datetime) -> None:
    """Let a dashboard come every day since ``at``."""
    number = acts.make(settings, "Monday review", person_id=people[0], shared=True, now=at, empty=True)
    for tile in TILES:
        acts.add_tile(settings, _board(settings, number), tile, now=at)
    digests.make(
        settings, _board(settings, number), every="day", day=0, at="08:00", quiet=False, people=people,
        by="niamh@example.com", now=at,
    )  # fmt: skip


def _board(settings: Settings, number: int) -> dashboards.Dashboard:
    found = dashboards.one(settings, number)
    assert found is not None
    return found


def _to(sink: smtp_sink.Sink, address: str) -> EmailMessage:
    (found,) = (each for each in sink.mails() if each.to == address)
    mail = message_from_bytes(found.raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.usefixtures("foreseen")
@pytest.mark.parametrize("language", ["en", "fa"])
def test_n4_a_digest_arrives_with_pictures_in_the_readers_language(
    served: Settings,
    sink: smtp_sink.Sink,
    reading: Callable[..., Reading],
    address: Address,
    language: str,
) -> None:
    mail = arrived(served, address, sink, language)
    subject, button, figure = WORDS[language]
    assert re.sub("[\u2068\u2069]", "", mail["Subject"]) == subject
    assert mail["Content-Language"] == language
    text, html, pictures = _parts(mail)
    assert figure in text
    assert figure in html
    assert set(re.findall(r'src="cid:([^"]+)"', html)) == set(pictures)
    assert len(pictures) == 2
    assert f"{button}: {address.url}/dashboards/1\n" in text

    window = reading(language)
    page = window.page.context.new_page()  # not under the policy of our pages
    page.set_viewport_size({"width": 390, "height": 900})
    page.set_content(_shown(html, pictures))
    assert (
        page.evaluate("getComputedStyle(document.querySelector('h1, h2')).direction") == DIRECTION[language]
    )
    drawn = page.evaluate("[...document.images].map((each) => [each.naturalWidth, each.alt])")
    assert [width for width, _ in drawn] == [716, 716]  # drawn for screens of twice the density
    assert all(figure in said for _, said in drawn)
    assert no_sideways(page)
    keep_picture(page, f"digest-{language}")
    _follow(page, button, address, language)
    (off,) = re.findall(rf"{address.url}(/mails/off/\S+)", text)
    window.open(off)
    window.page.click("main .button-main")
    assert mail_choices.chosen(served, _person(mail["To"])) == {"digest.1": False}


def _person(email: str) -> int:
    from holdfast.store.models import User

    return int(User.objects.get(email=email).pk)


def _parts(mail: EmailMessage) -> tuple[str, str, dict[str, bytes]]:
    """(text, HTML, pictures by their Content-ID) of a mail that is made as RFC 2387 says."""
    assert mail.get_content_type() == "multipart/alternative"
    plain, related = mail.iter_parts()
    assert (plain.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, *files = related.iter_parts()
    assert html.get_content_type() == "text/html"
    pictures = {}
    for each in files:
        assert (each.get_content_type(), each.get_content_disposition()) == ("image/png", "inline")
        content = each.get_content()
        assert content.startswith(PNG)
        pictures[str(each["Content-ID"]).strip("<>")] = content
    return plain.get_content().replace("\r\n", "\n"), html.get_content(), pictures


def _shown(html: str, pictures: dict[str, bytes]) -> str:
    """The HTML as a mail program shows it: each picture in its place."""
    for name, content in pictures.items():
        html = html.replace(f"cid:{name}", f"data:image/png;base64,{b64encode(content).decode('ascii')}")
    return html


def _follow(page: Page, button: str, address: Address, language: str) -> None:
    """From the mail to the page that it is about."""
    page.get_by_role("link", name=button).click()
    page.wait_for_url(f"{address.url}/dashboards/1")
    page.get_by_role("heading", name="Monday review", level=1).wait_for()
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".tile").count() == len(TILES)
