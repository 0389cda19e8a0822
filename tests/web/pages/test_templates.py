"""Templates on their pages (G2): written by blocks, looked at by a customer's values, published, tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dispatching import set_up, smtp
from holdfast.domain.blocks import Block, Content
from holdfast.services.act.messages import templates as acts
from holdfast.settings import Settings
from holdfast.store import message_images, outbox_reading, portfolio, templates
from holdfast.store.templates import Template
from web.history import Happened, Person, bring

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

BY: dict[str, Any] = {"by": "niamh@example.com", "now_us": 5}
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0" + b"x" * 50
ANA = Person("c-7", "Ana Popescu", (Happened("2024-03-11T08:00", "Signed Up"),), email="ana@example.org")


def text_of(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:300]
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def begun(settings: Settings, *blocks: Block, title: str = "Come back", kind: str = "message") -> Template:
    made = acts.make(settings, title, kind, "en", **BY)
    content = Content("Hello {{ name | friend }}" if kind == "message" else "", "", blocks)
    return acts.keep(settings, made, made.draft.with_content("en", content), **BY)


def now(settings: Settings, template: Template) -> Template:
    found = templates.one(settings, template.id)
    assert found is not None
    return found


def words(settings: Settings, template: Template, language: str = "en", variant: str = "a") -> list[str]:
    content = now(settings, template).draft.content(language, variant)
    assert content is not None
    return [each.words for each in content.blocks]


def do(client: Client, settings: Settings, template: Template, what: str, /, **given: Any) -> HttpResponse:
    version = now(settings, template).version
    path = f"/messages/templates/{template.id}/do/{what}"
    answer: HttpResponse = client.post(path, {"version": version, "language": "en", "variant": "a"} | given)  # type: ignore[assignment]
    return answer


def test_g8_a_template_is_written_block_by_block_and_published(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("manager")
    assert "There is no template yet" in text_of(client.get("/messages/templates"))
    made = client.post("/messages/templates/make", {"title": "Come <b>back", "language": "en"})
    edit = made.headers["Location"]
    assert "There is nothing in it" in text_of(client.get(edit)) or "has no subject" in text_of(
        client.get(edit)
    )
    (template,) = templates.listed(served)
    do(client, served, template, "words", subject="Hello {{ name | friend }}", preheader="")
    form = text_of(client.get(f"{edit}?add=text&block=0"))
    assert 'name="add" value="text"' in form
    assert 'name="words"' in form
    added = do(client, served, template, "block", add="text", block="0", words="Dear {{ name | friend }}")
    assert added.headers["Location"].endswith("block=0#block-0")
    do(client, served, template, "block", add="heading", block="1", words="Stay", level="1")
    do(client, served, template, "up", block="1")
    assert words(served, template) == ["Stay", "Dear {{ name | friend }}"]
    do(client, served, template, "block", block="1", words="Dear **{{ name | friend }}**", when="plan = gold")
    open_block = text_of(client.get(f"{edit}?block=1"))
    assert "Dear **{{ name | friend }}**" in open_block
    assert "plan = gold" in open_block
    assert do(client, served, template, "publish").headers["Location"] == f"/messages/templates/{template.id}"
    page = text_of(client.get(f"/messages/templates/{template.id}"))
    assert "Customers get it as it stands here." in page
    assert "Hello friend" in page
    assert "<b>back" not in client.get("/messages/templates").content.decode()
    do(client, served, template, "remove", block="0")
    assert words(served, template) == ["Dear **{{ name | friend }}**"]


def test_columns_are_written_within(served: Settings, signed_in: Callable[..., Client]) -> None:
    client, template = signed_in(), begun(served)
    do(client, served, template, "block", add="columns", block="0", columns="3")
    do(client, served, template, "block", add="text", block="0.1.0", words="Middle")
    do(client, served, template, "block", block="0", when="plan")
    content = now(served, template).draft.content("en")
    assert content is not None
    (columns,) = content.blocks
    assert [[each.words for each in column] for column in columns.columns] == [[], ["Middle"], []]
    assert columns.when == "plan"
    assert "Middle" in text_of(client.get(f"/messages/templates/{template.id}/edit?block=0.1.0"))


def test_what_is_wrong_is_said_beside_what_was_typed(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, template = signed_in(), begun(served, Block("text", words="Hi"))
    answer = do(client, served, template, "block", block="0", words="Dear {{ name", when="")
    assert "stands alone" in text_of(answer, 422)
    assert "Dear {{ name" in text_of(answer, 422)
    answer = do(
        client, served, template, "block", add="button", block="1", words="Go", link="javascript:alert(1)"
    )
    assert "does not begin with https://" in text_of(answer, 422)
    assert words(served, template) == ["Hi"]
    assert "no picture" in text_of(
        do(client, served, begun(served, Block("image", image="x.png", alt="x")), "publish"), 422
    )


def test_of_two_who_change_it_the_second_is_told(served: Settings, signed_in: Callable[..., Client]) -> None:
    client, template = signed_in(), begun(served, Block("text", words="Hi"))
    do(client, served, template, "block", block="0", words="One")
    answer = client.post(
        f"/messages/templates/{template.id}/do/block",
        {"version": template.version, "language": "en", "variant": "a", "block": "0", "words": "Two"},
    )
    assert "Somebody changed the template meanwhile" in text_of(answer, 409)  # type: ignore[arg-type]
    assert words(served, template) == ["One"]


def test_languages_variants_and_names_are_changed(served: Settings, signed_in: Callable[..., Client]) -> None:
    client, template = signed_in(), begun(served, Block("text", words="Hi"))
    do(client, served, template, "add-language", other="fa")
    do(client, served, template, "block", language="fa", block="0", words="سلام")
    do(client, served, template, "add-variant")
    do(client, served, template, "block", variant="b", block="0", words="Hello")
    assert (words(served, template), words(served, template, "fa"), words(served, template, "en", "b")) == (
        ["Hi"],
        ["سلام"],
        ["Hello"],
    )
    frame = client.get(f"/messages/templates/{template.id}/frame", {"language": "fa"}).content.decode()
    assert 'dir="rtl"' in frame
    do(
        client,
        served,
        template,
        "describe",
        title="Other",
        fallback="fa, en",
        utm_source="shop",
        utm_campaign="",
    )
    found = now(served, template)
    assert (found.title, found.draft.fallback) == ("Other", ("fa", "en"))
    assert found.draft.campaign == {"utm_source": "shop", "utm_medium": "email"}
    do(client, served, template, "remove-variant")
    do(client, served, template, "remove-language", language="fa")
    assert now(served, template).draft.languages() == ("en",)
    assert "only language" in text_of(do(client, served, template, "remove-language"), 422)


def test_a_picture_is_brought_and_fetched_by_anybody_for_ever(
    served: Settings, signed_in: Callable[..., Client], visitor: Client
) -> None:
    client, template = signed_in(), begun(served)
    file = BytesIO(PNG)
    file.name = "kettle.png"
    do(client, served, template, "block", add="image", block="0", alt="A kettle", file=file)
    (image,) = message_images.listed(served)
    frame = client.get(f"/messages/templates/{template.id}/frame").content.decode()
    assert f'src="/m/i/{image.name}"' in frame
    answer = visitor.get(f"/m/i/{image.name}")
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert "immutable" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert visitor.get("/m/i/none.png").status_code == 404
    large = BytesIO(PNG + b"x" * 5_000_000)
    large.name = "large.png"
    refused = do(client, served, template, "block", add="image", block="1", alt="x", file=large)
    assert "The picture has 5 MB." in text_of(refused, 422)
    assert len(message_images.listed(served)) == 1


def test_the_frame_runs_nothing_and_only_our_pages_show_it(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, template = signed_in(), begun(served, Block("text", words="<script>alert(1)</script>"))
    answer = client.get(f"/messages/templates/{template.id}/frame")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert b"<script>" not in answer.content
    page = client.get(f"/messages/templates/{template.id}/edit")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "<iframe" in page.content.decode()
    assert ' sandbox="allow-same-origin" ' in page.content.decode()


def test_a_block_is_seen_while_it_is_typed_and_nothing_is_kept(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, template = signed_in(), begun(served, Block("text", words="Hi"))
    path = f"/messages/templates/{template.id}/try"
    typed = client.post(path, {"language": "en", "block": "0", "words": "Typed *now*"})
    assert "Typed <em>now</em>" in typed.content.decode()
    added = client.post(
        path, {"language": "en", "block": "1", "add": "heading", "words": "New", "level": "2"}
    )
    assert ">New</h2>" in added.content.decode()
    assert "stands alone" in text_of(client.post(path, {"block": "0", "words": "{{ a"}))  # type: ignore[arg-type]
    assert words(served, template) == ["Hi"]


def test_a_customer_is_seen_as_the_reader_may(served: Settings, signed_in: Callable[..., Client]) -> None:
    bring(served, ANA)
    admin = signed_in()
    text = "Dear {{ name | friend }}, {{ email | none }}, {{ plan }}"
    template = begun(served, Block("text", words=text))
    path = f"/messages/templates/{template.id}"
    assert "Dear friend, none, [plan]" in text_of(admin.get(f"{path}/frame"))
    page = text_of(admin.get(path, {"customer": "ana@example.org"}))
    assert "This customer would not get it." in page
    assert "Not known: plan" in page
    whole = text_of(admin.get(f"{path}/frame", {"customer": "c-7"}))
    assert "Dear Ana Popescu, ana@example.org, [plan]" in whole
    masked = text_of(signed_in("read_only").get(f"{path}/frame", {"customer": "c-7"}))
    assert "ana@" not in masked
    assert "•••@example.org" in masked
    assert "Nobody is known as zzz" in text_of(admin.get(path, {"customer": "zzz"}))


def test_a_value_that_cannot_be_a_link_is_told_beside_the_message(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    bring(served, ANA)
    client = signed_in()
    template = begun(served, Block("button", words="Open", link="{{ email }}"))
    path = f"/messages/templates/{template.id}"
    assert "https://%5Bemail%5D" in text_of(client.get(path))
    page = text_of(client.get(path, {"customer": "c-7"}))
    assert "The link “ana@example.org” cannot stand in a message." in page
    assert "https://%5Bemail%5D" in page
    sent = client.post(f"{path}/test", {"language": "en", "customer": "c-7"})
    assert "cannot stand in a message" in text_of(sent, 422)  # type: ignore[arg-type]


def test_who_sees_only_their_own_customers_sees_no_other_here(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    bring(served, ANA)
    template = begun(served, Block("text", words="Dear {{ name | friend }}"))
    client, path = signed_in("agent"), f"/messages/templates/{template.id}"
    assert "Dear Ana Popescu" in text_of(client.get(f"{path}/frame", {"customer": "c-7"}))  # type: ignore[arg-type]
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    assert "Dear friend" in text_of(client.get(f"{path}/frame", {"customer": "c-7"}))  # type: ignore[arg-type]
    assert "Nobody is known as c-7" in text_of(client.get(path, {"customer": "c-7"}))  # type: ignore[arg-type]


def test_it_is_sent_to_oneself(served: Settings, signed_in: Callable[..., Client]) -> None:
    bring(served, ANA)
    client, template = signed_in("manager"), begun(served, Block("text", words="Dear {{ name | friend }}"))
    path = f"/messages/templates/{template.id}/test"
    assert "Nobody has said yet how mails leave" in text_of(client.post(path, {"language": "en"}), 422)  # type: ignore[arg-type]
    set_up(served, smtp(25))
    client.post(path, {"language": "en", "customer": "c-7"})
    (touch,) = outbox_reading.listed(served, outbox_reading.Wanted(), 10)
    assert (touch.purpose, touch.address) == ("staff", "manager.en@example.com")
    said = outbox_reading.content_of(served, touch.id)
    assert said is not None
    assert said.subject == "Hello Ana Popescu"
    assert "Dear Ana Popescu" in said.html
    assert said.secret


def test_it_is_taken_away_and_brought_back(served: Settings, signed_in: Callable[..., Client]) -> None:
    client, template = signed_in(), begun(served, Block("text", words="Hi"))
    do(client, served, template, "delete")
    assert templates.listed(served) == []
    assert client.get(f"/messages/templates/{template.id}").status_code == 404
    assert client.post(f"/messages/templates/{template.id}/do/restore").status_code == 302
    assert [each.id for each in templates.listed(served)] == [template.id]
    assert client.post(f"/messages/templates/{template.id}/do/other").status_code == 404


def test_the_pages_ask_the_database_little(
    served: Settings, watched: None, signed_in: Callable[..., Client]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, template = signed_in(), begun(served, Block("text", words="Hi"), Block("partial", key="foot"))
    client.get("/messages/templates")
    for path, most in (
        ("", 8),
        (f"/{template.id}", 13),
        (f"/{template.id}/edit", 14),
        (f"/{template.id}/frame", 10),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/messages/templates{path}").status_code == 200
        assert len(asked) <= most, [each["sql"] for each in asked]
