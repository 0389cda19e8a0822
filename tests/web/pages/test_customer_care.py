"""A3, A5, A6, A8 on the page of a customer: what our people write, mend and ask, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.settings import Settings
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customer import IOANA

if TYPE_CHECKING:
    from django.test import Client

SCRIPT = '"><script>alert(1)</script>{{ 7*7 }}'
ESCAPED = "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}"
PDF = b"%PDF-1.7 a contract"


@pytest.fixture
def ioana(served: Settings) -> int:
    bring(served, IOANA)
    return unit_of("c-17")


def write_about(settings: Settings, unit: int) -> None:
    """Everything that our people can write about a customer."""
    from holdfast.services.collect.care import notes, points, refresh, traits
    from holdfast.services.collect.care.who import who

    about, by, now_us = who(settings, unit), "niamh@example.com", 1_720_000_000_000_000
    note = notes.write_note(settings, about, "12", by=by, now_us=now_us)
    notes.change_note(settings, about, note, "34", by=by, now_us=now_us)
    traits.edit_trait(settings, about, "need.bought_for", "56", by=by, now_us=now_us)
    points.replace_point(
        settings, about, "email", "ioana@example.com", "io@example.org", by=by, now_us=now_us
    )
    refresh.refresh(settings, now_us=now_us)


def upload(client: Client, unit: int, name: str, content: bytes, kind: str = "application/pdf") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(f"/customers/{unit}/documents", {"file": SimpleUploadedFile(name, content, kind)})


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a3_a_note_stands_on_the_timeline_and_comes_back(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    client = signed_in("agent")
    answer = client.post(f"/customers/{ioana}/notes", {"text": "Likes Huila."})
    assert answer.status_code == 302
    text = text_of(client, answer["Location"])
    for said in ("The note is written.", '<blockquote dir="auto">Likes Huila.</blockquote>', "by agent.en@"):
        assert said in text, said
    change = re.search(r"/customers/\d+/notes/\d+/change", text)
    assert change is not None
    client.post(change[0], {"text": "Likes Yirga."})
    text = text_of(client, f"/customers/{ioana}")
    assert text.index("Likes Yirga.") < text.index("What it said before") < text.index("Likes Huila.")
    gone = text_of(client, client.post(change[0].replace("change", "delete"))["Location"])
    assert "The note is taken away." in gone
    assert "Likes Yirga." not in gone
    assert f'action="{change[0].replace("change", "restore")}"' in gone
    client.post(change[0].replace("change", "restore"))
    assert "Likes Yirga." in text_of(client, f"/customers/{ioana}")


def test_a3_a_refused_note_keeps_what_was_typed(signed_in: Callable[..., Client], ioana: int) -> None:
    answer = signed_in("agent").post(f"/customers/{ioana}/notes", {"text": " \n"})
    assert answer.status_code == 422
    assert "Nothing was written." in answer.content.decode()
    answer = signed_in("manager").post(f"/customers/{ioana}/contacts", {"contact": "call_made", "at": "soon",
                                                                       "text": "kept text"})  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "soon is no day with a time." in text
    assert "kept text</textarea>" in text


def test_a3_somebody_else_s_note_is_not_changed(signed_in: Callable[..., Client], ioana: int) -> None:
    writer, other, manager = signed_in("agent"), signed_in("agent", "fa"), signed_in("manager")
    url = re.search(r"\d+$", writer.post(f"/customers/{ioana}/notes", {"text": "Mine"})["Location"])
    assert url is not None
    assert other.post(f"/customers/{ioana}/notes/{url[0]}/change", {"text": "x"}).status_code == 422
    refused = other.post(f"/customers/{ioana}/notes/{url[0]}/delete")
    assert refused.status_code == 422
    assert "agent.en@example.com" in refused.content.decode()
    assert manager.post(f"/customers/{ioana}/notes/{url[0]}/delete").status_code == 302
    assert manager.post(f"/customers/{ioana}/notes/{url[0]}/burn").status_code == 404
    assert manager.post(f"/customers/999/notes/{url[0]}/delete").status_code == 404


@pytest.mark.parametrize("role", ["analyst", "read_only"])
def test_n2_who_only_reads_sees_all_and_writes_nothing(
    signed_in: Callable[..., Client], ioana: int, role: str
) -> None:
    writer = signed_in("agent")
    writer.post(f"/customers/{ioana}/notes", {"text": "Seen by all"})
    assert upload(writer, ioana, "offer.pdf", PDF).status_code == 302
    client = signed_in(role)
    text = text_of(client, f"/customers/{ioana}")
    assert "Seen by all" in text
    assert f'action="/customers/{ioana}' not in text
    document = re.search(r"/customers/\d+/documents/\d+", text)
    assert document is not None
    saved = client.get(document[0])
    assert (saved.status_code, b"".join(saved.streaming_content)) == (200, PDF)
    saved.close()
    for path in (
        "notes",
        "owner",
        "said",
        "points",
        "contacts",
        "documents",
        "notes/1/change",
        "documents/1/delete",
    ):
        assert client.post(f"/customers/{ioana}/{path}").status_code == 403, path


def test_n1_a_document_is_only_ever_a_file_to_save(signed_in: Callable[..., Client], ioana: int) -> None:
    client = signed_in("agent")
    upload(client, ioana, "offer.txt", b"no page: <script>alert(1)</script>", "text/html")
    document = re.search(r"/customers/\d+/documents/\d+", text_of(client, f"/customers/{ioana}"))
    assert document is not None
    answer = client.get(document[0])
    assert b"".join(answer.streaming_content).startswith(b"no page")
    answer.close()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="offer.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/customers/{ioana}/documents/999").status_code == 404
    assert client.get(document[0].replace(f"customers/{ioana}", "customers/999")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("picture.pdf", b"\x89PNG\r\n\x1a\n", "application/pdf", "a file of the kind png"),
        ("page.png", b"<html><script>", "image/png", "a web page"),
        ("empty.pdf", b"", "application/pdf", "and holds nothing"),
        ("run.exe", b"MZ", "application/pdf", "no kind of file we take"),
        ("contract\u202efdp.exe", PDF, "application/pdf", "no kind of file we take"),
        ("a\0.svg", b"<svg/>", "image/png", "no kind of file we take"),
    ],
)
def test_n1_an_upload_that_lies_is_refused_with_what_was_found(
    signed_in: Callable[..., Client],
    ioana: int,
    served: Settings,
    name: str,
    content: bytes,
    kind: str,
    said: str,
) -> None:
    answer = upload(signed_in("agent"), ioana, name, content, kind)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not list((served.folder / "documents").glob("*/*"))


def test_n1_an_upload_without_end_is_cut_off(
    signed_in: Callable[..., Client], ioana: int, served: Settings
) -> None:
    from holdfast.domain.documents import MOST_BYTES

    client = signed_in("agent")
    for size in (MOST_BYTES + 1, MOST_BYTES + 1_000_000):
        answer = upload(client, ioana, "long.txt", b"a" * size)
        assert answer.status_code == 422, size
        assert "larger than a document may be" in answer.content.decode()
    assert upload(client, ioana, "full.txt", b"a" * MOST_BYTES).status_code == 302
    nothing = client.post(f"/customers/{ioana}/documents", {})
    assert "No file was chosen." in nothing.content.decode()


def test_a3_a_document_can_be_taken_away_and_brought_back(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    client = signed_in("agent")
    upload(client, ioana, "Contract “2026”.pdf", PDF)
    text = text_of(client, f"/customers/{ioana}")
    assert "Document: Contract “2026”.pdf" in text
    document = re.search(r"/customers/\d+/documents/\d+", text)
    assert document is not None
    gone = text_of(client, client.post(f"{document[0]}/delete")["Location"])
    assert "Contract" not in gone
    assert f'action="{document[0]}/restore"' in gone
    client.post(f"{document[0]}/restore")
    assert "Contract" in text_of(client, f"/customers/{ioana}")
    assert client.post(f"{document[0]}/print").status_code == 404


def test_n1_script_stays_text_wherever_it_is_typed(signed_in: Callable[..., Client], ioana: int) -> None:
    client = signed_in("admin")
    client.post(f"/customers/{ioana}/notes", {"text": SCRIPT})
    client.post(f"/customers/{ioana}/said", {"trait": "city", "value": SCRIPT})
    client.post(f"/customers/{ioana}/said", {"trait": "need.bought_for", "value": SCRIPT})
    upload(client, ioana, f"{SCRIPT}.pdf", PDF)
    client.post(f"/customers/{ioana}/said", {"trait": SCRIPT, "value": "x", "form": "new"})
    refused = client.post(f"/customers/{ioana}/points", {"do": "add", "value": SCRIPT}).content.decode()
    assert refused.count(ESCAPED) >= 2
    for text in (
        refused,
        text_of(client, f"/customers/{ioana}"),
        text_of(client, f"/customers/{ioana}?kind=ours"),
    ):
        assert "<script>alert" not in text
        assert ESCAPED in text
    for path in (f"/customers/{ioana}?kind={SCRIPT}", f"/customers/{ioana}?done={SCRIPT}"):
        assert "<script>alert" not in text_of(client, path)


def test_a3_one_click_narrows_the_timeline(signed_in: Callable[..., Client], ioana: int) -> None:
    client = signed_in("agent")
    client.post(f"/customers/{ioana}/notes", {"text": "Ours"})
    text = text_of(client, f"/customers/{ioana}")
    for said in (">Everything <", ">Orders <", ">Tickets <", ">Answers <", ">Ours <"):
        assert said in text, said
    assert ">Payments <" not in text
    orders = text_of(client, f"/customers/{ioana}?kind=orders")
    assert orders.count('<li class="moment" ') == 3
    assert "moment-gap" not in orders
    ours = text_of(client, f"/customers/{ioana}?kind=ours")
    assert ours.count('<li class="moment" ') == 1
    assert "Nothing of this kind yet" in text_of(client, f"/customers/{ioana}?kind=payments")
    part = client.get(
        f"/customers/{ioana}?kind=orders", headers={"HX-Request": "true", "HX-Target": "happened"}
    )
    assert "<html" not in part.content.decode()
    assert client.get(f"/customers/{ioana}?kind=gossip").status_code == 400


def test_a3_events_and_ours_are_one_timeline_that_goes_on(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    from holdfast.store import notes

    history = tuple(Happened(f"2024-01-{day:02d}T{hour:02d}:00", "Page Viewed")
                    for day in range(1, 29) for hour in (8, 12, 20))  # fmt: skip
    bring(served, Person("many", "Many", history))
    unit = unit_of("many")
    for number, event in enumerate(history):
        notes.add(served, unit, f"note {number}", by="x@example.com", now_us=event.at_us + number % 2)
    client, url, seen, marked = signed_in(), f"/customers/{unit}", 0, set()
    while url:
        text = client.get(url).content.decode()
        seen += text.count('<li class="moment" ')
        marked |= set(re.findall(r">note \d+<", text))
        url = (
            text.split('id="earlier"><a class="button" href="')[1].split('"')[0]
            if 'id="earlier"' in text
            else ""
        )
        url = url.replace("&amp;", "&")
    assert seen == 2 * len(history)
    assert len(marked) == len(history)


def test_a3_the_owner_is_somebody_who_signs_in(signed_in: Callable[..., Client], ioana: int) -> None:
    from holdfast.store.models import User

    client = signed_in("manager")
    number = User.objects.get(email="manager.en@example.com").pk
    client.post(f"/customers/{ioana}/owner", {"person": number})
    text = text_of(client, f"/customers/{ioana}")
    assert "Niamh Kelly looks after them" in text
    assert client.post(f"/customers/{ioana}/owner", {"person": 12345}).status_code == 422
    client.post(f"/customers/{ioana}/owner", {"person": ""})
    assert "Nobody looks after them any more" in text_of(client, f"/customers/{ioana}")


def test_a3_an_edit_shows_what_was_said_before_and_is_undone(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    client = signed_in("agent")
    client.post(f"/customers/{ioana}/said", {"trait": "city", "value": "Iași"})
    text = text_of(client, f"/customers/{ioana}")
    assert "Iași" in text
    assert "before: Cluj-Napoca, by agent.en@example.com" in text
    undo = re.search(r'name="undo" value="(\d+)"', text)
    assert undo is not None
    client.post(f"/customers/{ioana}/said", {"undo": undo[1]})
    assert "before: Iași" in text_of(client, f"/customers/{ioana}")
    bad = client.post(f"/customers/{ioana}/said", {"trait": "country", "value": "Ireland"})
    assert bad.status_code == 422
    assert "Ireland cannot be said of it." in bad.content.decode()


def test_a5_an_address_is_mended_where_it_stands(signed_in: Callable[..., Client], ioana: int) -> None:
    client, points = signed_in("agent"), f"/customers/{ioana}/points"
    client.post(
        points, {"do": "replace", "kind": "email", "old": "ioana@example.com", "value": "Io@example.org"}
    )
    text = text_of(client, f"/customers/{ioana}")
    assert "Where they were reached before" in text
    assert "now io@example.org, by agent.en@example.com" in text
    client.post(points, {"do": "check", "kind": "phone", "old": "+40721000000"})
    assert "in use" in text_of(client, f"/customers/{ioana}")
    bad = client.post(points, {"do": "add", "value": "nobody"})
    assert bad.status_code == 422
    assert "that anybody is reached at" in bad.content.decode()
    assert client.post(points, {"do": "sell"}).status_code == 404
    back = client.post(
        points, {"do": "check", "kind": "phone", "old": "+40721000000", "back": "/contact-points?x=1"}
    )
    assert back["Location"] == "/contact-points?x=1"
    away = client.post(
        points, {"do": "check", "kind": "phone", "old": "+40721000000", "back": "//evil.example"}
    )
    assert away["Location"].startswith(f"/customers/{ioana}")


def test_a6_a_channel_is_declared_or_not_clear_yet(signed_in: Callable[..., Client], ioana: int) -> None:
    client = signed_in("agent")
    assert "not clear yet: tried 0 times so far" in text_of(client, f"/customers/{ioana}")
    client.post(f"/customers/{ioana}/said", {"trait": "preferred_channel", "value": "phone"})
    assert "<b>telephone</b>" in text_of(client, f"/customers/{ioana}")


def test_a8_a_gap_is_a_question_until_it_is_answered(signed_in: Callable[..., Client], ioana: int) -> None:
    client = signed_in("agent")
    assert "What were you looking for when you came to us?" in text_of(client, f"/customers/{ioana}")
    client.post(f"/customers/{ioana}/said", {"trait": "need.bought_for", "value": "Breakfast"})
    text = text_of(client, f"/customers/{ioana}")
    assert "What were you looking for" not in text
    assert '<span class="said-value" dir="auto">Breakfast</span>' in text


def test_a3_a_call_is_written_down_safely(signed_in: Callable[..., Client], ioana: int) -> None:
    from holdfast.store.models import Arrived

    client = signed_in("agent")
    answer = client.post(
        f"/customers/{ioana}/contacts",
        {"contact": "call_made", "outcome": "reached", "at": "2024-06-01T10:00", "text": "Bună"},
    )
    assert "stands on the timeline in a moment" in text_of(client, answer["Location"])
    assert b"Call Made" in bytes(Arrived.objects.get().payload)


@pytest.mark.usefixtures("watched")
def test_the_number_of_statements_does_not_grow_with_what_is_ours(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in("agent"), []
    client.post(f"/customers/{ioana}/said", {"trait": "city", "value": "x"})
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/customers/{ioana}")
        counts.append(len(asked))
        for number in range(5):
            client.post(f"/customers/{ioana}/notes", {"text": f"n{number}"})
            client.post(f"/customers/{ioana}/said", {"trait": f"t{number}", "value": "x"})
            client.post(f"/customers/{ioana}/points", {"do": "add", "value": f"p{number}@example.com"})
            upload(client, ioana, f"d{number}.pdf", PDF)
    assert counts[0] == counts[1] <= 30
