"""A2: the script for websites, in a real browser, on a page of another site with a strict policy."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from holdfast import store
from holdfast.settings import Settings
from holdfast.web.ingest.snippet import snippet
from web.live import Service, arrived, free_port, make_key, service, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@dataclass
class Site:
    """A website of someone else: its pages are what ``pages`` says, under a policy without inline scripts."""

    url: str
    pages: dict[str, str] = field(default_factory=dict)
    policy: str = ""


@pytest.fixture
def shop(workspace: Settings) -> Iterator[Service]:
    with service(workspace) as running:
        yield running


@pytest.fixture
def site(shop: Service) -> Iterator[Site]:
    made = Site(f"http://localhost:{free_port()}")
    made.policy = f"default-src 'none'; script-src 'self' {shop.url}; connect-src {shop.url}"

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = made.pages.get(path, "").encode()
            self.send_response(200 if body else 404)
            kind = "text/javascript" if path.endswith(".js") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", made.policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """A test says enough."""

    server = http.server.ThreadingHTTPServer(("localhost", int(made.url.rpartition(":")[2])), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(locale="fa-IR")
    yield made
    made.close()


@pytest.fixture
def opened(context: BrowserContext, site: Site) -> Callable[..., Page]:
    """Opens a page of the site with our script; what the page calls itself stands in a file of its own."""

    def open_page(
        shop: Service, key: str, calls: str = "", *, path: str = "/", attributes: str = "data-page"
    ) -> Page:
        site.pages[f"{path}calls.js"] = calls
        site.pages[path] = (
            f'<!doctype html><title>Café قهوه</title><script src="{path}calls.js"></script>'
            f'<script async src="{shop.url}/v1/holdfast.js" data-write-key="{key}" {attributes}></script>'
        )
        page = context.new_page()
        page.goto(f"{site.url}{path}?utm_source=x#part")
        until(lambda: page.evaluate("!!(window.holdfast && holdfast.track)"))
        return page

    return open_page


def events(workspace: Settings, count: int) -> list[dict[str, Any]]:
    """The events that arrived, once they are ``count``."""

    def found() -> list[dict[str, Any]]:
        return [event for call in arrived(workspace) for event in call["body"]["batch"]]

    until(lambda: len(found()) >= count)
    return found()


EARLY = (
    "window.holdfast = window.holdfast || []; holdfast.push(['track', 'Product Viewed', {product_id: 'P1'}]);"
)


def test_a2_the_script_is_small_and_may_be_used_by_any_site(shop: Service) -> None:
    plain = shop.call("/v1/holdfast.js")
    assert plain.status == 200
    assert len(plain.body) < 5_000
    assert plain.headers["content-type"].startswith("text/javascript")
    assert plain.headers["access-control-allow-origin"] == "*"
    assert plain.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=3600" in plain.headers["cache-control"]
    packed = shop.call("/v1/holdfast.js", headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.body) == ("gzip", snippet().packed)
    known = shop.call("/v1/holdfast.js", headers={"If-None-Match": plain.headers["etag"]})
    assert (known.status, known.body) == (304, b"")
    assert shop.call("/v1/holdfast.js", method="HEAD").body == b""


def test_a2_calls_from_before_and_after_the_script_arrive(
    shop: Service, workspace: Settings, site: Site, opened: Callable[..., Page]
) -> None:
    key = make_key(workspace, browser=True, origins=[site.url])
    page = opened(shop, key, EARLY)
    page.evaluate("holdfast.identify('u1', {plan: 'pro', name: 'مریم'})")
    page.evaluate("holdfast.group('g1', {industry: 'coffee'})")
    page.evaluate("holdfast.track('Order Completed', {total: 12.5}, {context: {campaign: {name: 'spring'}}})")
    page.evaluate(
        "holdfast.page('Docs', 'Pricing', {plan: 'pro'}); holdfast.page('Home'); holdfast.alias('u2')"
    )
    found = events(workspace, 8)
    assert [event["type"] for event in found] == [
        "page", "track", "identify", "group", "track", "page", "page", "alias"
    ]  # fmt: skip
    first, early, identify, group, order, docs, home, alias = found
    anonymous = first["anonymousId"]
    assert {event["anonymousId"] for event in found} == {anonymous}
    assert "userId" not in early
    assert (early["event"], early["properties"]) == ("Product Viewed", {"product_id": "P1"})
    assert (identify["userId"], identify["traits"]) == ("u1", {"plan": "pro", "name": "مریم"})
    assert (group["userId"], group["groupId"]) == ("u1", "g1")
    assert (order["userId"], order["context"]["groupId"]) == ("u1", "g1")
    assert order["context"]["campaign"] == {"name": "spring"}
    assert (docs["category"], docs["name"], docs["properties"]["plan"]) == ("Docs", "Pricing", "pro")
    assert (home.get("category"), home["name"]) == (None, "Home")
    assert (alias["userId"], alias["previousId"]) == ("u2", anonymous)
    assert first["context"]["page"]["url"] == f"{site.url}/?utm_source=x"
    assert first["context"]["page"]["title"] == "Café قهوه"
    assert first["context"]["locale"] == "fa-IR"
    assert len({event["messageId"] for event in found}) == 8
    assert all(call["browser"] for call in arrived(workspace))


def test_a2_who_it_is_outlives_the_page_and_ends_with_reset(
    shop: Service, workspace: Settings, opened: Callable[..., Page]
) -> None:
    key = make_key(workspace, browser=True)
    page = opened(shop, key)
    page.evaluate("holdfast.identify('u1')")
    events(workspace, 2)
    page.close()
    page = opened(shop, key, path="/next/")
    assert page.evaluate("holdfast.user().id()") == "u1"
    before = page.evaluate("holdfast.user().anonymousId()")
    page.evaluate("holdfast.identify('u2')")
    assert page.evaluate("holdfast.user().anonymousId()") != before
    page.evaluate("holdfast.reset()")
    assert page.evaluate("holdfast.user().id()") is None


def test_a2_a_page_that_is_left_at_once_still_tells(
    shop: Service, workspace: Settings, site: Site, opened: Callable[..., Page]
) -> None:
    key = make_key(workspace, browser=True, origins=[site.url])
    page = opened(shop, key, attributes="")
    page.evaluate("holdfast.track('Last Words'); location.href = 'about:blank'")
    found = events(workspace, 1)  # the page may have begun to send when it was left: twice is once
    assert {(event["event"], event["messageId"]) for event in found} == {
        ("Last Words", found[0]["messageId"])
    }


def test_a2_what_cannot_be_sent_waits_and_is_sent_later(
    shop: Service, workspace: Settings, context: BrowserContext, opened: Callable[..., Page]
) -> None:
    key = make_key(workspace, browser=True)
    page = opened(shop, key, attributes="")
    context.set_offline(True)
    page.evaluate("for (let i = 0; i < 45; i++) holdfast.track('Clicked ' + i)")
    until(lambda: page.evaluate("Object.keys(localStorage).some(name => name.startsWith('holdfast.q.'))"))
    assert arrived(workspace) == []
    context.set_offline(False)
    found = {event["event"] for event in events(workspace, 45)}
    assert found == {f"Clicked {i}" for i in range(45)}
    until(lambda: page.evaluate("!Object.keys(localStorage).some(name => name.startsWith('holdfast.q.'))"))


def test_a2_a_queue_that_a_closed_page_left_is_taken_over(
    shop: Service, workspace: Settings, context: BrowserContext, opened: Callable[..., Page]
) -> None:
    key = make_key(workspace, browser=True)
    page = opened(shop, key, attributes="")
    page.evaluate(
        """localStorage.setItem('holdfast.q.old', JSON.stringify({at: Date.now() - 120000, queue: [
            {type: 'track', event: 'Left Behind', messageId: 'm1', anonymousId: 'a1'}]}))"""
    )
    page.close()
    opened(shop, key, path="/next/", attributes="")
    assert [event["event"] for event in events(workspace, 1)] == ["Left Behind"]


def test_a2_an_event_that_is_too_large_does_not_take_the_others_with_it(
    shop: Service, workspace: Settings, opened: Callable[..., Page]
) -> None:
    key = make_key(workspace, browser=True)
    page = opened(shop, key, attributes="")
    page.evaluate(
        "holdfast.track('Before'); holdfast.track('Large', {text: 'x'.repeat(40000)});holdfast.track('After')"
    )
    assert [event["event"] for event in events(workspace, 2)] == ["Before", "After"]


def test_a2_a_key_that_is_refused_is_said_and_the_page_goes_on(
    shop: Service, workspace: Settings, opened: Callable[..., Page]
) -> None:
    store.connect(workspace)
    key = make_key(workspace, browser=True, origins=["https://elsewhere.example"])
    page = opened(shop, key, attributes="")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate("holdfast.track('Clicked')")
    until(lambda: page.evaluate("1") and any("holdfast" in text for text in said))
    assert arrived(workspace) == []
    until(lambda: page.evaluate("!Object.keys(localStorage).some(name => name.startsWith('holdfast.q.'))"))
