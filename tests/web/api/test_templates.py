"""Templates of messages through the API (G2): made, published, shown with what a key may see."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from holdfast.settings import Settings
from holdfast.store import portfolio
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_reports import said
from web.api.test_rights import person
from web.history import bring, unit_of
from web.pages.test_templates import ANA, PNG

Make = Callable[..., Program]


def body(*blocks: dict[str, Any]) -> dict[str, Any]:
    message = {"subject": "Hello {{ name | friend }}", "preheader": "", "blocks": list(blocks)}
    return {"variants": {"a": {"en": message}}, "fallback": ["en"], "campaign": {}}


def test_g2_a_template_is_made_published_and_taken_away(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))
    made = said(call("POST", "/message-templates", {"title": "Come back"}), 201)
    at = f"/message-templates/{made['id']}"
    assert (made["key"], made["published"], len(made["not_whole"])) == ("come_back", 0, 2)
    problem(call("POST", f"{at}/publish"), 422, "not_whole")
    wrong = call("PATCH", at, {"draft": body({"block": "text", "words": "{{ name"})})
    problem(wrong, 422, "bad_message")
    kept = said(call("PATCH", at, {"draft": body({"block": "text", "words": "Dear {{ name | friend }}"})}))
    assert kept["draft"]["variants"]["a"]["en"]["blocks"] == [
        {"block": "text", "words": "Dear {{ name | friend }}"}
    ]
    assert said(call("POST", f"{at}/publish"))["published"] == 1
    assert call("DELETE", at).status_code == 204
    assert said(call("GET", "/message-templates"))["items"] == []
    problem(call("GET", at), 404, "not_found")
    assert said(call("POST", f"{at}/restore"))["title"] == "Come back"
    problem(program("write", acts_for=person(served, "agent"))("POST", f"{at}/publish"), 403, "not_allowed")


def test_a_message_is_shown_as_the_key_may_see_the_customer(program: Make, served: Settings) -> None:
    bring(served, ANA)
    call = program("write", acts_for=person(served, "manager"))
    text = {"block": "text", "words": "{{ name | friend }}, {{ email | none }}, {{ plan }}"}
    made = said(call("POST", "/message-templates", {"title": "Hi", "draft": body(text)}), 201)
    at, unit = f"/message-templates/{made['id']}/preview", unit_of("c-7")
    shown = said(call("POST", at, {"customer_id": unit}))
    assert (shown["subject"], shown["missing"]) == ("Hello Ana Popescu", ["plan"])
    assert shown["text"] == "Ana Popescu, ana@example.org, [plan]\n"
    assert "<html" in shown["html"]
    assert said(call("POST", at, {"language": "fa"}))["text"].startswith("friend, none")
    masked = said(program("read", acts_for=person(served, "read_only"))("POST", at, {"customer_id": unit}))
    assert masked["text"] == "Ana Popescu, a•••@example.org, [plan]\n"
    problem(call("POST", at, {"draft": False}), 404, "not_found")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    agent = program("read", acts_for=person(served, "agent"))
    problem(agent("POST", at, {"customer_id": unit}), 404, "not_found")


def test_pictures_are_kept_once(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))
    given = {"title": "kettle.png", "content": b64encode(PNG).decode()}
    first, second = (said(call("POST", "/message-images", given), 201) for _ in range(2))
    assert first == second
    assert (first["width"], first["media_type"]) == (640, "image/png")
    assert len(said(call("GET", "/message-images"))["items"]) == 1
    problem(call("POST", "/message-images", {"title": "x", "content": "no base64!"}), 422, "bad_image")
    problem(
        call("POST", "/message-images", {"title": "x", "content": b64encode(b"<svg>").decode()}),
        422,
        "bad_image",
    )


def test_g8_a_picture_of_5_mb_is_refused_with_what_is_allowed(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))

    def added(size: int) -> Any:
        content = b64encode(PNG + b"x" * size).decode()
        return call("POST", "/message-images", {"title": "large.png", "content": content})

    told = problem(added(5_000_000), 413, "body_too_large")
    assert "6,666," in told["found"] and "4,010,000" in told["expected"]
    told = problem(added(2_500_000), 422, "image_too_large")
    assert "2.5 MB" in told["found"] and "2 MB" in told["expected"] and "JPEG" in told["remedy"]
    assert said(call("GET", "/message-images"))["items"] == []
    assert said(added(1_900_000), 201)["width"] == 640, "what is promised is taken"
