"""The endpoint for doubtful texts: off by default, asked through the guarded door, harmless when it fails."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from holdfast.connectors.outward import Door
from holdfast.services.understand.endpoint import MOST_FAILURES, Endpoint, plugged_in
from holdfast.services.understand.facts import read_again
from holdfast.services.understand.reader import Reader
from holdfast.services.understand.reading import LiveReading
from holdfast.settings import Settings
from holdfast.text import read
from wrote import NOW_US, arrives

DOUBTFUL = "This is a disgrace, write to ana@example.com, I am leaving."
GOOD = {"causes": ["rude_staff"], "sentiment": "negative", "churn_intent": True}


class Model:
    """A local server that answers as a chat endpoint does."""

    def __init__(self) -> None:
        self.content: Any = GOOD
        self.status = 200
        self.waits = 0.0
        self.asked: list[dict[str, Any]] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                model.asked.append(
                    {
                        "path": self.path,
                        "key": self.headers.get("Authorization"),
                        "body": self.rfile.read(length).decode(),
                    }
                )
                time.sleep(model.waits)
                content = model.content if isinstance(model.content, str) else json.dumps(model.content)
                body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
                self.send_response(model.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(BrokenPipeError):  # who asked may have gone
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def endpoint(self, within: float = 5.0) -> Endpoint:
        here = frozenset(["127.0.0.1"])
        return Endpoint(self.url, "small", "secret", Door(inner=here, plain=here, within=within))


@pytest.fixture
def model() -> Iterator[Model]:
    model = Model()
    yield model
    model.server.shutdown()
    model.server.server_close()


def test_e2_nothing_is_plugged_in_by_default() -> None:
    assert plugged_in({}) is None
    assert plugged_in({"HOLDFAST_READER_URL": "https://api.example.com/v1"}) is None


def test_e2_a_doubtful_text_is_asked_about_masked(model: Model) -> None:
    reading = model.endpoint().improved([DOUBTFUL], [read(DOUBTFUL)])[0]
    assert reading.causes == ("rude_staff",)
    (asked,) = model.asked
    assert (asked["path"], asked["key"]) == ("/v1/chat/completions", "Bearer secret")
    assert "ana@example.com" not in asked["body"]


def test_the_environment_plugs_it_in_for_a_whole_reader(model: Model) -> None:
    endpoint = plugged_in({"HOLDFAST_READER_URL": model.url, "HOLDFAST_READER_MODEL": "small"})
    with_it, without = Reader([], [], endpoint), Reader([], [])
    assert with_it.read([DOUBTFUL])[0].causes == ("rude_staff",)
    assert without.read([DOUBTFUL])[0].causes == ()
    assert with_it.version != without.version


def test_a_text_without_doubt_stays_in_the_house(model: Model) -> None:
    clear = "My delivery was delayed by ten days."
    model.endpoint().improved([clear], [read(clear)])
    assert model.asked == []


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, GOOD), (200, "no JSON"), (200, GOOD | {"causes": ["all_of_them"]}), (302, GOOD)],
)
def test_a_bad_answer_changes_nothing(model: Model, status: int, content: Any) -> None:
    model.status, model.content = status, content
    before = read(DOUBTFUL)
    assert model.endpoint().improved([DOUBTFUL], [before]) == [before]
    assert len(model.asked) == 1


def test_a_slow_model_is_not_waited_for(model: Model) -> None:
    model.waits = 2.0
    before, began = read(DOUBTFUL), time.monotonic()
    assert model.endpoint(within=0.2).improved([DOUBTFUL], [before]) == [before]
    assert time.monotonic() - began < 1.5


def test_after_failures_nobody_is_asked_for_a_while(model: Model) -> None:
    model.status = 503
    endpoint = model.endpoint()
    texts = [DOUBTFUL] * (MOST_FAILURES + 4)
    endpoint.improved(texts, [read(text) for text in texts])
    endpoint.improved(texts, [read(text) for text in texts])
    assert len(model.asked) == MOST_FAILURES


def test_an_address_inside_the_house_is_refused_where_nobody_named_it(model: Model) -> None:
    before = read(DOUBTFUL)
    assert Endpoint(model.url, "small").improved([DOUBTFUL], [before]) == [before]
    assert model.asked == []


def test_e2_what_arrives_waits_for_no_model_and_the_night_asks_it(
    workspace: Settings, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_READER_URL", model.url)
    monkeypatch.setenv("HOLDFAST_READER_MODEL", "small")
    arrives(workspace, ("C1", "Ticket Opened", DOUBTFUL))
    assert LiveReading().read_new(workspace, now_us=NOW_US).texts == 1
    assert model.asked == []
    assert read_again(workspace, now_us=NOW_US) == 1
    assert len(model.asked) == 1
