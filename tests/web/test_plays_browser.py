"""G1, G7: a play from the first word to its proof in a real Chromium, on a company that lives and reacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING

import pytest

import dispatching
import imap_server
import smtp_sink
from holdfast.domain.period import day_number
from holdfast.services.collect.demo import build_demo
from holdfast.services.collect.inbox import mailboxes
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.progress import Silent
from holdfast.services.pulse.asked import do_next
from holdfast.services.pulse.living import live_on
from holdfast.services.pulse.run import run
from holdfast.settings import Settings, read_settings
from holdfast.store import live_sources, plays, sql
from holdfast.store.sealed import seal
from holdfast.web.workspace import serve_workspace
from web.conftest import Address
from web.test_browser import WIDTHS, Reading, keep_picture, no_sideways, reading, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["reading"]

DAYS, FOLLOWED = 10, 7
KEY = "ask_how_it_is"


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[imap_server.ImapServer]:
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as running:
        yield running


@pytest.fixture
def company(served: Settings) -> Settings:
    """A demo company that was measured once."""
    build_demo(served, customers=150, days=150, seed=3, progress=Silent())
    settings = read_settings(served.folder)
    serve_workspace(settings)
    run(settings)
    return settings


@pytest.mark.long
def test_g1_a_play_is_built_tried_launched_felt_and_proved(
    company: Settings,
    address: Address,
    sink: smtp_sink.Sink,
    post: imap_server.ImapServer,
    reading: Callable[..., Reading],
) -> None:
    dispatching.set_up(company, dispatching.smtp(sink.port))
    page = (window := reading()).page
    build(page, window)
    try_it(page, window, company)
    launch(page, window)
    settings = live_on(company, 1, Silent())
    serve_workspace(settings)
    mails = [message_from_bytes(each.raw, policy=default) for each in sink.mails()]
    assert mails and all(str(mail["Subject"]).startswith("How is it going, ") for mail in mails)
    assert all("{{" not in str(mail) for mail in mails)
    answered = answer(settings, post, mails[:5])
    settings = live_on(settings, DAYS - 1, Silent())
    serve_workspace(settings)
    run(settings)
    ended = [each[3] for each in enrolments(settings) if each[0] in answered]
    assert set(ended) <= {"replied", "goal"} and "replied" in ended, "an answer ends it, or an order before"
    proof_is_right(page, window, settings)


def build(page: Page, window: Reading) -> None:
    """Begin with nothing, and write the play by its forms."""
    window.open("/act/plays")
    page.get_by_text("Write a play of your own").click()
    page.get_by_label("Title").fill("Ask how it is")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url(f"**/{KEY}/edit**")
    window.open(f"/act/plays/of/{KEY}/edit?open=begin&kind=broadcast#form")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("link", name="Add a step here").first.click()
    page.get_by_role("link", name="Write a message").click()
    page.locator("#subject-en").fill("How is it going, {{ name | friend }}?")
    page.locator("#text-en").fill("Is the coffee as you like it? Just answer this mail.")
    page.get_by_role("button", name="Put it in").click()
    page.get_by_text("How is it going").first.wait_for()
    window.open(f"/act/plays/of/{KEY}/edit?open=goal#form")
    page.locator("input[name=event]").fill("Order Completed")
    page.get_by_role("button", name="Keep", exact=True).click()
    window.open(f"/act/plays/of/{KEY}/edit?open=exits#form")
    page.get_by_label("the customer answered").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    window.open(f"/act/plays/of/{KEY}/edit?open=whole#form")
    page.locator("select[name=purpose]").select_option("marketing")
    page.locator("input[name=hold_out]").fill("40")
    page.locator("input[name=follow]").fill(str(FOLLOWED))
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text("40% are held out").wait_for()


def try_it(page: Page, window: Reading, company: Settings) -> None:
    """Dry run and rehearsal: each waits for the worker, and shows what came of it by itself."""
    for tab, button, told in (
        ("Dry run", "Try it dry", "Held out of this play, to compare with."),
        ("Rehearsal", "Rehearse it", "would have entered"),
    ):
        window.open(f"/act/plays/of/{KEY}")
        page.get_by_role("navigation", name="This play").get_by_role("link", name=tab).click()
        page.get_by_role("button", name=button).click()
        page.locator("#progress").wait_for()
        assert do_next(company, "test")
        page.get_by_text(told).first.wait_for()
        assert violations(page) == [], tab
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert no_sideways(page), (tab, width)
        keep_picture(page, f"play-{button}")
    assert sql.read("SELECT COUNT(*) FROM touch") == [(0,)]


def launch(page: Page, window: Reading) -> None:
    window.open(f"/act/plays/of/{KEY}/launch")
    page.get_by_text("Will you know whether it helps?").wait_for()
    page.get_by_role("button", name="Launch").click()
    page.get_by_text("It runs.").wait_for()


def answer(settings: Settings, post: imap_server.ImapServer, mails: Sequence[EmailMessage]) -> set[int]:
    """Whoever got these mails at noon answers at one, into the company's mailbox; the customers."""
    now = settings.now(datetime.now(UTC)) + timedelta(hours=2)
    for number, mail in enumerate(mails):
        reply = EmailMessage()
        reply["From"], reply["To"], reply["Subject"] = mail["To"], mail["From"], f"Re: {mail['Subject']}"
        reply["Date"], reply["Message-ID"] = now - timedelta(hours=1), f"<answer-{number}@mail.example>"
        reply["In-Reply-To"] = mail["Message-ID"]
        reply.set_content("All is well, thank you!")
        post.deliver(reply.as_bytes(), at=now)
    options = {
        "host": "localhost",
        "port": post.tls_port,
        "user": imap_server.USER,
        "folders": ["INBOX"],
        "ours": [dispatching.DOMAIN],
    }
    source = live_sources.ensure(
        settings, "mailbox", mailboxes.KIND, namespace=mailboxes.NAMESPACE, options=options, now_us=1
    )
    seal(settings, source.id, {mailboxes.PASSWORD: imap_server.PASSWORD})
    assert mailboxes.read_mailboxes(settings, now, trust=post.trust) == len(mails)
    take_in_arrived(settings, now_us=int(now.timestamp() * 1_000_000))
    to = {re.sub(r"^.*<|>$", "", str(mail["To"])) for mail in mails}
    return {int(unit) for unit, address in sql.read("SELECT unit_id, address FROM touch") if address in to}


def enrolments(settings: Settings) -> list[tuple[int, str, str, str, int]]:
    """(customer, arm, state, why it ended, when they entered) of everybody in the play."""
    play = plays.by_key(settings, KEY)
    assert play is not None
    return sql.read(
        "SELECT unit_id, arm, state, ended_why, entered_us FROM enrolment WHERE play_id = %s", (play.id,)
    )


def proof_is_right(page: Page, window: Reading, settings: Settings) -> None:
    """The page says what a count by hand says, and no more than can be said of so few."""
    entered, counted = enrolments(settings), by_hand(settings)
    window.open(f"/act/plays/of/{KEY}")
    assert f"{len(entered)} customers entered" in " ".join(page.inner_text("main").split())
    page.locator("#proof summary").click()
    behind = " ".join(page.inner_text("#proof").split())
    told = {}
    for arm, words in (("treated", "Of the treated left"), ("held_out", "Of those held out left")):
        found = re.search(rf"{words} (\d+) of (\d+),", behind)
        assert found is not None, behind
        told[arm] = left, followed = int(found[1]), int(found[2])
        assert left == counted[arm].left
        assert 20 < counted[arm].there <= followed <= counted[arm].there + counted[arm].back, (arm, behind)
    assert f"Followed for {FOLLOWED} days {sum(each[1] for each in told.values())}" in behind
    assert "It helps" not in behind and "week" in behind, behind
    left, followed = told["treated"]
    assert f"A demo knows the truth: of {followed} who were treated and followed {left} left" in behind
    assert "The interval holds this difference." in behind
    assert violations(page) == []
    keep_picture(page, "play-proved")


@dataclass
class Counted:
    """Of one arm: customers when they entered, those lost before who came back at some time, who left."""

    there: int = 0
    back: int = 0
    left: int = 0


def by_hand(settings: Settings) -> dict[str, Counted]:
    """Who bought by the day on which they entered and was not lost by then, and who was within the days."""
    first = dict(sql.read("SELECT unit_id, first_day FROM standing WHERE first_day IS NOT NULL"))
    lost: dict[int, list[int]] = {}
    for unit, day in sql.read("SELECT unit_id, left_day FROM loss"):
        lost.setdefault(unit, []).append(day)
    found = {"treated": Counted(), "held_out": Counted()}
    for unit, arm, _, _, at_us in enrolments(settings):
        day = day_number(datetime.fromtimestamp(at_us / 1_000_000, settings.zone).date())
        if unit not in first or first[unit] > day:
            continue
        was_lost = any(each <= day for each in lost.get(unit, []))
        found[arm].there += not was_lost
        found[arm].back += was_lost
        found[arm].left += any(day < each <= day + FOLLOWED for each in lost.get(unit, []))
    return found
