"""What our own people write about customers, in a real Chromium: journeys, accessibility, widths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from holdfast.services.collect.care import contacts, documents, notes, owners, points, refresh, traits
from holdfast.services.collect.care.who import who
from holdfast.settings import Settings
from holdfast.store import needs
from web.conftest import Address
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customer import IOANA
from web.pages.test_customers import stand
from web.test_browser import WIDTHS, Reading, keep_picture, no_sideways, reading, violations

__all__ = ["reading"]

BY = "niamh@example.com"
NOW = 1_720_000_000_000_000


@pytest.fixture
def written(served: Settings, address: Address, tmp_path: Path) -> int:
    """A customer about whom everything was written; her unit."""
    from holdfast.store.models import RiskHistory, User

    mails = tuple(Happened(f"2024-05-{day:02d}T09:00", "Email Link Clicked") for day in range(1, 7))
    ioana = replace(IOANA, history=(*IOANA.history, *mails))
    long = "alexandru.constantin.graniceru.din.cluj@a-very-long-company-name.example.com"
    came_back = (Happened("2024-06-01", "Email Bounced"),)
    bounced = Person("c-20", "Grăniceru Alexandru-Constantin", came_back, email=long)
    bring(served, ioana, bounced)
    unit = unit_of("c-17")
    stand(unit, "Ioana Marin", state="lapsed", country="RO", orders=3, amount_minor=6900)
    stand(unit_of("c-20"), bounced.name, country="RO", amount_minor=100, yearly_minor=123_400)
    stand(unit + 50, "مریم رستمی", country="IR", amount_minor=5_000)
    about = who(served, unit)
    note = notes.write_note(served, about, "Vrea doar Huila.\nSună după 17:00.", by=BY, now_us=NOW)
    notes.change_note(
        served, about, note, "Vrea Huila și Yirgacheffe.\nSună după 17:00.", by=BY, now_us=NOW + 1
    )
    with (tmp_path / "x.pdf").open("w+b") as file:
        file.write(b"%PDF-1.7 offer")
        documents.add_document(served, about, "Ofertă 2026 – cafea la birou.pdf", file, by=BY, now_us=NOW + 2)
    owners.set_owner(served, about, User.objects.get(email=BY).pk, by=BY, now_us=NOW + 3)
    traits.edit_trait(served, about, "city", "Iași", by=BY, now_us=NOW + 4)
    traits.edit_trait(served, about, "need.bought_for", "Cafea bună la birou", by=BY, now_us=NOW + 5)
    points.replace_point(
        served, about, "email", "ioana@example.com", "ioana@marin.example", by=BY, now_us=NOW + 6
    )
    contacts.log_contact(
        served, about, contacts.Written("call_made", "reached", "ok", NOW), by=BY, now_us=NOW + 7
    )
    for day, risk in ((19_850, 0.1), (19_860, 0.4), (19_870, 0.2)):
        RiskHistory.objects.create(unit_id=unit, day=day, risk=risk)
    refresh.refresh(served, now_us=NOW + 8)
    return unit


@pytest.mark.long
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fa", True)], ids=["en-light", "fa-dark"])
def test_n3_axe_finds_nothing_and_nothing_scrolls_sideways(
    reading: Callable[..., Reading], written: int, foreseen: None, language: str, dark: bool
) -> None:
    window = reading(language, dark=dark)
    for path in (f"/customers/{written}", "/contact-points", "/needs", f"/customers/{written}?kind=ours"):
        for width in WIDTHS:
            window.page.set_viewport_size({"width": width, "height": 900})
            window.open(path)
            opened = path.endswith(str(written))
            if opened:
                window.page.evaluate(
                    "for (const each of document.querySelectorAll('.edit, .adding-way')) each.open = true"
                )
            assert no_sideways(window.page), f"{path} at {width}"
            if width in (390, 1440):
                assert violations(window.page) == [], f"{path} at {width}"
            name = path.strip("/").replace("/", "-").replace("?", "-")
            keep_picture(window.page, f"care-{name}-{language}-{width}{'-open' if opened else ''}")
            if opened:
                window.open(path)
                keep_picture(window.page, f"care-{name}-{language}-{width}")


def test_a3_a_note_and_a_document_without_a_script(
    reading: Callable[..., Reading], written: int, tmp_path: Path
) -> None:
    page = (window := reading(script=False)).page
    window.open(f"/customers/{written}")
    page.get_by_text("Write a note").click()
    page.get_by_label("Note", exact=True).first.fill("Prefers <b>mornings</b>.")
    page.locator("#add form").first.get_by_role("button", name="Write it down").click()
    page.get_by_text("The note is written.").wait_for()
    assert page.locator("blockquote", has_text="Prefers <b>mornings</b>.").is_visible()
    liar = tmp_path / "liar.pdf"
    liar.write_bytes(b"<html><script>alert(1)</script>")
    page.get_by_text("Add a document").click()
    page.set_input_files("#file", liar)
    page.get_by_role("button", name="Add it").first.click()
    page.get_by_text("liar.pdf says that it is pdf, and holds a web page.").wait_for()
    window.complaints = [each for each in window.complaints if "422" not in each]


def test_a3_one_click_narrows_the_timeline_in_place(reading: Callable[..., Reading], written: int) -> None:
    page = (window := reading()).page
    window.open(f"/customers/{written}")
    page.evaluate("document.querySelector('h1').dataset.same = 'page'")
    page.get_by_role("link", name="Orders").last.click()
    page.wait_for_url("**?kind=orders")
    page.get_by_text("Ordered for €46").wait_for()
    assert page.locator("h1").get_attribute("data-same") == "page"
    assert page.locator(".moment:not(.moment-gap)").count() == 3
    page.go_back()
    page.get_by_text("Vrea Huila și Yirgacheffe.").first.wait_for()


def test_a5_from_the_work_list_an_address_is_marked_as_right(
    reading: Callable[..., Reading], written: int, served: Settings
) -> None:
    page = (window := reading()).page
    window.open("/customers")
    page.get_by_role("link", name="Contact points").click()
    page.get_by_role("row", name="Grăniceru").get_by_role("button", name="Checked, it is right").click()
    page.wait_for_url("**/contact-points")
    assert page.get_by_role("row", name="Grăniceru").count() == 0


def test_a8_a_question_is_answered_where_it_stands(
    reading: Callable[..., Reading], written: int, served: Settings
) -> None:
    page = (window := reading()).page
    window.open(f"/customers/{written}#needs")
    ask = page.locator(".ask", has_text="What would you miss most")
    ask.get_by_text("They said").click()
    ask.locator("textarea").fill("The taste")
    ask.get_by_role("button", name="Save").click()
    page.locator(".needs", has_text="The taste").wait_for()
    assert needs.known_of(served, ["need.values_most"], {}) == {written: 1}
