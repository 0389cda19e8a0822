"""G8 in a real Chromium: from a form on another website over a delivered mail to a consent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from html import unescape

import pytest

import dispatching
import smtp_sink
from holdfast.services.act import sign_up_forms
from holdfast.services.act.dispatch import send_due
from holdfast.settings import Settings
from holdfast.store import consent, message_settings, suppression
from holdfast.store.message_settings import Proven
from holdfast.store.sign_ups import Form
from services.act.people import ANN, NOW_US, at_any_hour
from web.conftest import Address
from web.test_browser import WIDTHS, Reading, keep_picture, no_sideways, reading, violations

__all__ = ["reading"]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


@pytest.fixture
def form(served: Settings, address: Address, sink: smtp_sink.Sink) -> Form:
    dispatching.set_up(served, dispatching.smtp(sink.port))
    message_settings.note_proven(served, Proven("shop.example", NOW_US, True, {}))
    message_settings.set_public_url(served, address.url)
    at_any_hour(served)
    return sign_up_forms.make(served, "Newsletter", by="niamh@example.com", now_us=NOW_US)


def link_in_the_mail(served: Settings, sink: smtp_sink.Sink) -> str:
    send_due(served)
    mail = message_from_bytes(sink.mails()[-1].raw, policy=default)
    assert mail["To"] == ANN
    body = mail.get_body(("plain",))
    assert body is not None
    (link,) = set(re.findall(r"http://127\.0\.0\.1:\d+/y/[\w-]+", body.get_content()))
    return str(link)


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_g8_somebody_signs_up_from_another_website(
    served: Settings,
    form: Form,
    sink: smtp_sink.Sink,
    reading: Callable[..., Reading],
    language: str,
    dark: bool,
) -> None:
    ours = reading(language, dark=dark)
    ours.page.goto(f"{ours.url}/act/forms/{form.id}")
    embedded = unescape(ours.page.inner_text("#embed"))
    looks(ours, f"/act/forms/{form.id}", f"sign-up-form-made-{language}")
    theirs = reading(language, sign_in=False, script=False, dark=dark)
    theirs.page.set_content(f"<!doctype html><title>A shop</title><body>{embedded}</body>")
    theirs.page.fill("[name=email]", ANN)
    theirs.page.click("button")
    theirs.page.wait_for_url("**/sent?lang=*")
    assert theirs.page.context.cookies() == []
    link = link_in_the_mail(served, sink)
    key = suppression.address_key(served, "email", ANN)
    theirs.page.goto(link)
    assert consent.allows(served, None, key, "news", "email") is None
    theirs.page.click("main .button-main")
    theirs.page.wait_for_selector("#done")
    assert consent.allows(served, None, key, "news", "email") is True
    paths = (f"/f/{form.key}", f"/f/{form.key}/sent", link.removeprefix(ours.url))
    for path, name in zip(paths, ("form", "sent", "confirmed"), strict=True):
        looks(ours, path, f"sign-up-{name}-{language}")
    looks(ours, "/act/forms", f"sign-up-forms-{language}")
    looks(ours, "/settings/consents", f"consents-{language}")


def looks(window: Reading, path: str, name: str) -> None:
    page = window.page
    page.goto(f"{window.url}{path}")
    assert violations(page) == [], name
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert no_sideways(page), (name, width)
        if width in (390, 1440):
            keep_picture(page, f"{name}-{width}")
