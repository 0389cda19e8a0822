"""WhatsApp by the Cloud API: text within the window, templates outside it, what each error means (G2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import dispatching
import graph_server
from graph_server import NUMBER_ID, TOKEN, GraphServer, error
from holdfast.channels.contract import ChannelDown, Tools
from holdfast.channels.whatsapp import CHANNEL
from holdfast.connectors.outward import Door
from holdfast.domain.touch import Parcel, Receipt, Recipient, TouchRequest
from holdfast.services.act import carriers

ANN = "+353851234567"
HOUR_US = 3_600_000_000
Send = Callable[..., Receipt]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphServer]:
    with graph_server.running(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def graph(server: GraphServer) -> GraphServer:
    server.heard, server.next = [], []
    return server


@pytest.fixture
def send(graph: GraphServer) -> Send:
    def sent(
        text: str = "Hello", *, hours: float | None = 1, token: str = TOKEN, options: Any = None, **said: Any
    ) -> Receipt:
        given = {"phone_number_id": NUMBER_ID, "server": graph.address} | (options or {})
        now_us = dispatching.now_us()
        heard = None if hours is None else now_us - round(hours * HOUR_US)
        door = Door(frozenset({"localhost"}), graph.trust, within=5)
        tools = Tools(
            None,
            carriers._Way(door),
            lambda via: (given, {"access_token": token}),
            lambda via, address: heard,
        )
        request = TouchRequest("key", "service", "whatsapp", Recipient(ANN), "", text, **said)
        return CHANNEL.open(tools).send(Parcel(1, request, now_us))

    return sent


def test_g2_within_the_window_text_goes_as_it_is(graph: GraphServer, send: Send) -> None:
    receipt = send("سلام Ann", hours=23.9, reply_to_message="wamid.9")
    assert (receipt.outcome, receipt.provider_id) == ("sent", "wamid.HBgL1")
    assert graph.heard == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "353851234567",
            "context": {"message_id": "wamid.9"},
            "type": "text",
            "text": {"preview_url": False, "body": "سلام Ann"},
        }
    ]


@pytest.mark.parametrize("hours", [24.1, None])
def test_g2_outside_the_window_the_template_carries_it(
    graph: GraphServer, send: Send, hours: float | None
) -> None:
    options = {"template": "news_of_order", "template_language": "pt_BR"}
    assert send("It is\n\n  on its way.", hours=hours, options=options).outcome == "sent"
    (heard,) = graph.heard
    assert (heard["type"], "text" in heard) == ("template", False)
    assert heard["template"] == {
        "name": "news_of_order",
        "language": {"code": "pt_BR"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "It is on its way."}]},
        ],
    }


def test_without_a_template_nothing_is_asked_outside_the_window(graph: GraphServer, send: Send) -> None:
    receipt = send(hours=25)
    assert (receipt.outcome, receipt.code, receipt.retry) == ("failed", "outside_window", False)
    assert graph.heard == []


def test_a_request_may_name_a_template_of_its_own(graph: GraphServer, send: Send) -> None:
    named = {"Template": "renewal", "Template-Language": "fa", "Template-Values": '["Ann", "7 May"]'}
    assert send(headers=named, hours=1).outcome == "sent"
    (heard,) = graph.heard
    assert (heard["template"]["name"], heard["template"]["language"]) == ("renewal", {"code": "fa"})
    assert [each["text"] for each in heard["template"]["components"][0]["parameters"]] == ["Ann", "7 May"]
    assert send(headers={"Template": "plain", "Template-Values": "[]"}).outcome == "sent"
    assert graph.heard[1]["template"] == {"name": "plain", "language": {"code": "en"}}


def test_what_is_too_long_for_a_template_is_refused(graph: GraphServer, send: Send) -> None:
    receipt = send("x" * 1_025, hours=None, options={"template": "news"})
    assert (receipt.code, receipt.retry, graph.heard) == ("too_long", False, [])


@pytest.mark.parametrize(
    ("answer", "code", "retry"),
    [
        (error(400, 131026, "(#131026) Message undeliverable", "To +353851234567"), "refused_address", False),
        (error(200, 131026, "an error beside HTTP 200"), "refused_address", False),
        (error(400, 131047, "(#131047) Re-engagement message"), "outside_window", False),
        (error(400, 131050, "User has stopped marketing messages"), "opted_out", False),
        (error(400, 131056, "(#131056) Pair rate limit hit"), "try_later", True),
        (error(400, 131049, "Not delivered to maintain healthy engagement"), "refused_message", False),
        (error(500, 131000, "Something went wrong"), "try_later", True),
        (error(400, 132001, "(#132001) Template name does not exist"), "refused_message", False),
        (error(400, 132005, "(#132005) Translated text too long"), "too_long", False),
        (error(400, 100, "(#100) Invalid parameter", subcode=2494010), "refused_message", False),
        ((404, {}, {}), "refused_message", False),
    ],
)
def test_g2_an_error_in_the_body_is_a_failure_whatever_the_status(
    graph: GraphServer, send: Send, answer: Any, code: str, retry: bool
) -> None:
    graph.next = [answer]
    receipt = send()
    assert (receipt.outcome, receipt.code, receipt.retry) == ("failed", code, retry)
    assert "851234567" not in str(receipt.reason)


@pytest.mark.parametrize(
    "answer", [(200, {}, {}), (200, {}, {"messages": []}), (200, {}, []), (502, {}, None)]
)
def test_what_was_perhaps_taken_is_not_called_a_failure(graph: GraphServer, send: Send, answer: Any) -> None:
    graph.next = [answer]
    assert send().outcome == "unknown"


@pytest.mark.parametrize(
    ("answer", "rest"),
    [
        (error(400, 130429, "(#130429) Rate limit hit"), 0),
        (error(400, 80007, "(#80007) Rate limit issues"), 0),
        ((429, {"Retry-After": "30"}, {}), 30),
        (error(400, 131042, "Business eligibility payment issue"), 0),
        (error(403, 200, "Permissions error"), 0),
        (error(400, 368, "Temporarily blocked for policies violations"), 0),
    ],
)
def test_throttling_and_the_account_count_against_no_message(
    graph: GraphServer, send: Send, answer: Any, rest: int
) -> None:
    graph.next = [answer]
    with pytest.raises(ChannelDown) as down:
        send()
    assert down.value.rest_seconds == rest


def test_a_token_that_has_ended_is_a_channel_that_is_down(send: Send) -> None:
    with pytest.raises(ChannelDown, match="190"):
        send(token="ended")
    with pytest.raises(ChannelDown):
        send(options={"version": "latest/../me"})
