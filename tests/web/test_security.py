"""N1: what a browser obeys on our behalf, on every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.web.security import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from django.test import Client


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/nowhere", "/static/none.css", "/measure"])
def test_n1_every_answer_carries_the_policy(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    for power in ("camera=()", "microphone=()", "geolocation=()", "browsing-topics=()"):
        assert power in answer["Permissions-Policy"]
    assert "Server" not in answer
    assert "X-Powered-By" not in answer
    assert answer["Cache-Control"] == "no-store"


def test_n1_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/sign-in", "/settings", "/customers", "/measure"])
def test_n1_pages_have_no_inline_script_style_or_handler(signed_in: Callable[..., Client], path: str) -> None:
    text = signed_in().get(path, follow=True).content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick" not in text
    assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:])


def test_n1_cookies_are_secure_on_tls_and_work_without_it(visitor: Client) -> None:
    plain = visitor.get("/sign-in")
    assert not plain.cookies["holdfast_csrf"]["secure"]
    assert "Strict-Transport-Security" not in plain
    secure = visitor.get("/sign-in", secure=True)
    assert secure.cookies["holdfast_csrf"]["secure"]
    assert secure.cookies["holdfast_csrf"]["httponly"]
    assert secure["Strict-Transport-Security"] == "max-age=31536000"


def test_n1_names_below_ours_are_bound_to_tls_only_where_somebody_says_so(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said, below in (("yes", "; includeSubDomains"), ("no", ""), ("", "")):
        monkeypatch.setenv("HOLDFAST_HSTS_SUBDOMAINS", said)
        answer = visitor.get("/sign-in", secure=True)
        assert answer["Strict-Transport-Security"] == f"max-age=31536000{below}"
    assert "Strict-Transport-Security" not in visitor.get("/sign-in")


def test_n1_a_foreign_host_name_is_refused(visitor: Client) -> None:
    answer = visitor.get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_n1_a_form_without_its_token_is_refused_in_the_look(served: object) -> None:
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"email": "a@b.ie", "password": "x"})
    assert answer.status_code == 403
    assert "This form was open too long" in answer.content.decode()


def test_each_error_page_is_in_the_look(visitor: Client) -> None:
    answer = visitor.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "tokens" in answer.content.decode()


def test_an_error_of_ours_says_so_and_shows_nothing_inside(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.urls import path

    from holdfast.web import urls
    from holdfast.web.access import for_everyone

    def breaks(request: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("breaks", for_everyone(breaks))])  # type: ignore[type-var]
    _forget_routes()
    visitor.raise_request_exception = False
    answer = visitor.get("/breaks")
    monkeypatch.undo()
    _forget_routes()
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "the inside" not in answer.content.decode()


def test_a_refusal_becomes_a_page_that_says_what_helps(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.urls import path

    from holdfast.domain.refusals import Refusal
    from holdfast.domain.texts import Text
    from holdfast.web import urls
    from holdfast.web.access import for_everyone

    def refuses(request: object) -> None:
        raise Refusal(
            "x", found=Text("Found a stone."), expected=Text("Expected bread."), remedy=Text("Bake.")
        )

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("refuses", for_everyone(refuses))])  # type: ignore[type-var]
    _forget_routes()
    answer = visitor.get("/refuses")
    monkeypatch.undo()
    _forget_routes()
    assert answer.status_code == 422
    for sentence in ("Found a stone.", "Expected bread.", "Bake."):
        assert sentence in answer.content.decode()


def _forget_routes() -> None:
    from django.urls import clear_url_caches

    clear_url_caches()
