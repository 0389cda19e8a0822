"""What every channel promises: the same bad input, and an honest receipt for each.

Adding a channel is adding a rig here: a test fails while there is none.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import dispatching
import graph_server
import smtp_sink
import twilio_server
from holdfast.channels import _pinned, webhook
from holdfast.channels.contract import Channel, Tools
from holdfast.connectors.outward import Door
from holdfast.domain.touch import TOUCH_CHANNELS, Parcel, Receipt, Recipient, TouchChannel, TouchRequest
from holdfast.services.act import carriers
from https_server import serving
from listener import listening

RIGHT_TO_LEFT = "سلام Ann \u2067شماره ۷\u2069, see you"
EVIL = "Hi\r\nBcc: all@example.com"


@dataclass
class Rig:
    """A channel with another side of our own: who is there, who is refused, who never answers."""

    channel: Channel
    tools: Tools
    there: str
    refused: str
    silent: str
    texts: Callable[[], list[str]]
    names: Callable[[], list[str]]
    """By what the other side tells a repeat, one each time something arrived."""
    via: dict[str, str] = field(default_factory=dict)
    conversation_id: int | None = None

    def send(self, to: str, *, key: str = "key 1", text: str = "Hello", **said: Any) -> Receipt:
        carrier = self.channel.open(self.tools)
        name: TouchChannel = self.channel.name  # type: ignore[assignment]
        request = TouchRequest(
            key,
            "service",
            name,
            Recipient(to),
            **({"subject": "Hello", "text": text, "conversation_id": self.conversation_id} | said),
            via=self.via.get(to, ""),
        )
        try:
            return carrier.send(Parcel(1, request, dispatching.now_us()))
        finally:
            carrier.close()


def _no_way(*_: object) -> Any:
    raise AssertionError("nothing is asked over HTTPS here")


@contextmanager
def _email(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with smtp_sink.running(folder / "sink") as sink:
        yield Rig(
            carriers.channels()["email"],
            Tools(dispatching.smtp(sink.port, timeout_seconds=1), _no_way, lambda via: None),
            "ann@example.com",
            "refused@example.com",
            "slow@example.com",
            lambda: [_text(each.raw) for each in sink.mails()],
            lambda: [each.message_id for each in sink.mails()],
        )


def _text(raw: bytes) -> str:
    import email
    import email.policy
    from typing import cast

    read = cast(Any, email.message_from_bytes(raw, policy=email.policy.default))
    return str(read.get_body(("plain",)).get_content()).rstrip()


@contextmanager
def _telegram(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    heard: list[dict[str, Any]] = []
    end = threading.Event()

    def answer(path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        assert path == "/bot1:AAA/sendMessage"
        heard.append(content)
        if content["chat_id"] == 403:
            said: dict[str, Any] = {"ok": False, "description": "Forbidden: bot was blocked by the user"}
            return 403, {}, json.dumps(said).encode()
        if content["chat_id"] == 13:
            end.wait(20)
        return 200, {}, json.dumps({"ok": True, "result": {"message_id": 70 + len(heard)}}).encode()

    with serving(answer, folder) as server:
        door = Door(frozenset({"localhost"}), server.trust, within=1)
        bot = ({"server": server.address}, {"bot_token": "1:AAA"})
        yield Rig(
            carriers.channels()["telegram"],
            Tools(None, carriers._Way(door), lambda via: bot),
            "111",
            "403",
            "13",
            lambda: [str(each["text"]) for each in heard if each["chat_id"] == 111],
            lambda: [],
        )
        end.set()


@contextmanager
def _sms(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    account = {"account_sid": twilio_server.ACCOUNT, "sender": "+15005550006"}
    with twilio_server.running(folder) as twilio:
        door = Door(frozenset({"localhost"}), twilio.trust, within=1)
        kept = ({**account, "server": twilio.address}, {"auth_token": twilio_server.TOKEN})
        yield Rig(
            carriers.channels()["sms"],
            Tools(None, carriers._Way(door), lambda via: kept),
            "+353851234567",
            twilio_server.LANDLINE,
            twilio_server.SILENT,
            lambda: [each["Body"] for each in twilio.heard],
            lambda: [],
        )


@contextmanager
def _whatsapp(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with graph_server.running(folder) as graph:
        door = Door(frozenset({"localhost"}), graph.trust, within=1)
        options = {"phone_number_id": graph_server.NUMBER_ID, "server": graph.address}
        yield Rig(
            carriers.channels()["whatsapp"],
            Tools(
                None,
                carriers._Way(door),
                lambda via: (options, {"access_token": graph_server.TOKEN}),
                lambda via, address: dispatching.now_us(),
            ),
            "+353851234567",
            graph_server.NOT_THERE,
            graph_server.SILENT,
            lambda: [each["text"]["body"] for each in graph.heard],
            lambda: [],
        )


@contextmanager
def _chat(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    yield Rig(
        carriers.channels()["chat"],
        Tools(None, _no_way, lambda via: None),
        "Vjs8sd0-visitor",
        "",
        "",
        lambda: [],
        lambda: [],
        conversation_id=5,
    )


@contextmanager
def _in_app(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    app: tuple[dict[str, Any], dict[str, str]] = ({}, {"secret": "s"})
    yield Rig(
        carriers.channels()["in_app"],
        Tools(None, _no_way, lambda via: app),
        "customer 7",
        "",
        "",
        lambda: [],
        lambda: [],
    )


@contextmanager
def _webhook(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Rig]:
    patch.setenv(webhook.INSIDE_VARIABLE, "1")
    patch.setattr(_pinned, "ANSWER_SECONDS", 0.5)
    with listening() as there, listening() as gone, socket.create_server(("127.0.0.1", 0)) as silent:
        gone.answers = [410] * 9
        urls = {
            "1": there.url,
            "2": gone.url,
            "3": f"http://127.0.0.1:{silent.getsockname()[1]}/",
            "4": "http://a@b@c/",
        }

        def of_source(via: str) -> tuple[dict[str, Any], dict[str, str]]:
            kept = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
            body = json.dumps({"text": RIGHT_TO_LEFT}, ensure_ascii=False)
            return {"url": urls[via], "enabled": True, "number": f"msg_{via}", "body": body}, kept

        yield Rig(
            carriers.channels()["webhook"],
            Tools(None, _no_way, of_source),
            "1",
            "2",
            "3",
            lambda: [json.loads(each.body)["text"] for each in there.heard],
            lambda: [each.headers["webhook-id"] for each in there.heard],
            via={"1": "1", "2": "2", "3": "3", "x@y@z.example": "4"},
        )


RIGS = {
    "email": _email,
    "telegram": _telegram,
    "chat": _chat,
    "webhook": _webhook,
    "sms": _sms,
    "whatsapp": _whatsapp,
    "in_app": _in_app,
}


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with RIGS[request.param](tmp_path, monkeypatch) as built:
        yield built


def test_every_channel_has_a_rig_and_a_name() -> None:
    assert carriers.channels().keys() == RIGS.keys() == TOUCH_CHANNELS.keys()
    for name, channel in carriers.channels().items():
        assert channel.name == name and str(channel.title) and str(channel.meaning)
        assert channel.most_text > 0


def test_a_message_arrives_with_text_in_both_directions(rig: Rig) -> None:
    receipt = rig.send(rig.there, text=RIGHT_TO_LEFT)
    assert receipt.outcome == "sent", receipt
    assert rig.texts() in ([RIGHT_TO_LEFT], [])
    # What is shown here needs no other side: see the dispatcher's tests and those of the app.
    assert rig.texts() or rig.channel.name in ("chat", "in_app")


def test_an_address_with_two_at_signs_is_refused_for_good(rig: Rig) -> None:
    receipt = rig.send("x@y@z.example")
    assert (receipt.outcome, receipt.retry, receipt.code) == ("failed", False, "bad_address")
    assert receipt.reason is not None and "x@y" not in str(receipt.reason)
    assert rig.texts() == []


def test_headers_cannot_be_smuggled_in(rig: Rig) -> None:
    receipt = rig.send(rig.there, subject=EVIL, headers={"X-Evil": EVIL})
    if receipt.outcome == "failed":
        assert (receipt.retry, receipt.code) == (False, "bad_header")
    assert not any("Bcc" in text for text in rig.texts())
    assert receipt.outcome == "failed" or rig.channel.name != "email"


def test_a_refused_recipient_is_a_failure_for_good(rig: Rig) -> None:
    if not rig.refused:
        pytest.skip("nobody refuses here")
    receipt = rig.send(rig.refused)
    assert (receipt.outcome, receipt.retry) == ("failed", False)
    assert receipt.code in ("refused_address", "http_410")


def test_silence_after_the_whole_message_is_not_called_a_failure(rig: Rig) -> None:
    if not rig.silent:
        pytest.skip("nobody is silent here")
    receipt = rig.send(rig.silent)
    assert (receipt.outcome, receipt.code) == ("unknown", "no_answer")


def test_what_is_too_long_is_refused_for_good(rig: Rig) -> None:
    if rig.channel.name == "webhook":
        pytest.skip("its body is made when it is asked for, and bounded there")
    receipt = rig.send(rig.there, text="x" * (rig.channel.most_text + 1))
    assert (receipt.outcome, receipt.retry, receipt.code) == ("failed", False, "too_long")
    assert rig.texts() == []
    assert rig.send(rig.there, text="x" * min(rig.channel.most_text - 5, 20_000)).outcome == "sent"


def test_a_repeated_key_can_be_told_where_the_other_side_tells_repeats(rig: Rig) -> None:
    assert rig.send(rig.there).outcome == rig.send(rig.there).outcome == "sent"
    names = rig.names()
    assert len(names) in (0, 2) and len(set(names)) == len(names) // 2
