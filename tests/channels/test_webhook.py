"""The channel of webhooks (N2): signed by the standard, never inside the house, never where it is led."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from holdfast.channels import _pinned, webhook
from holdfast.channels.contract import NotReached, Tools
from holdfast.domain.touch import Parcel, Receipt, Recipient, TouchRequest
from listener import listening

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
BODY = '{"type":"task.made","timestamp":"2026-11-30T03:17:21.000Z","data":{"task_id":7}}'


def told(url: str, *, secrets: Mapping[str, str] | None = None, **changed: Any) -> Receipt:
    """What came of telling ``url``."""
    options = {"url": url, "enabled": True, "number": "msg_1", "body": BODY} | changed
    kept = secrets or {"secret": SECRET}

    def never(*_: object) -> Any:
        raise AssertionError("the channel has a way of its own")

    carrier = webhook.CHANNEL.open(Tools(None, never, lambda via: (options, kept)))
    request = TouchRequest("webhook delivery 1", "staff", "webhook", Recipient("1"), "x", "x", via="1")
    return carrier.send(Parcel(1, request, int(time.time() * 1_000_000)))


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(webhook.INSIDE_VARIABLE, "1")


@pytest.mark.usefixtures("inside")
def test_the_receiver_verifies_what_it_is_told() -> None:
    with listening() as there:
        receipt = told(there.url)
    assert (receipt.outcome, receipt.code) == ("sent", "http_204")
    (heard,) = there.heard
    assert heard.path == "/hook" and heard.headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(heard.body, heard.headers)["data"] == {"task_id": 7}
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(heard.body, heard.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(heard.body + b" ", heard.headers)


@pytest.mark.usefixtures("inside")
def test_while_a_secret_changes_both_verify() -> None:
    with listening() as there:
        told(there.url, secrets={"secret": OTHER, "former": SECRET})
    (heard,) = there.heard
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(heard.body, heard.headers)
    first = heard.headers["webhook-signature"].split()[0]
    Webhook(OTHER).verify(heard.body, heard.headers | {"webhook-signature": first})


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("status", "retry"), [(500, True), (404, True), (410, False), (302, True), (307, True), (429, True)]
)
def test_what_is_not_taken_is_tried_again_unless_it_is_gone(status: int, retry: bool) -> None:
    with listening() as there:
        there.answers = [status]
        there.location = there.url
        receipt = told(there.url)
    assert (receipt.outcome, receipt.retry, receipt.code) == ("failed", retry, f"http_{status}")
    assert len(there.heard) == 1  # where it leads is not asked


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://127.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://[fd00::1]/",
    ],
)
def test_nobody_inside_the_house_is_told(url: str) -> None:
    receipt = told(url)
    assert receipt.outcome == "failed" and receipt.code in ("inner_address", "not_found")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://user:word@example.com/",
        "https://example.com@127.0.0.1/",
        "https:///x",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com/\r\nX: y",
        "https://example.com\\@127.0.0.1/",
        "//example.com/",
        "",
        "https://" + "a" * 2_000 + ".com/",
    ],
)
def test_what_is_no_address_is_none(url: str) -> None:
    assert _pinned.target_of(url) is None
    assert told(url).code == "bad_address"


@pytest.mark.usefixtures("inside")
def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(_pinned, "ANSWER_SECONDS", 0.2)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        receipt = told(url)
    assert (receipt.outcome, receipt.code) == ("unknown", "no_answer")


@pytest.mark.usefixtures("inside")
def test_who_did_not_answer_rests_and_the_others_do_not_wait() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    options = {"url": f"http://127.0.0.1:{port}/", "enabled": True, "number": "msg_1", "body": BODY}
    carrier = webhook.CHANNEL.open(
        Tools(None, None, lambda via: (options, {"secret": SECRET}))  # type: ignore[arg-type]
    )
    request = TouchRequest("k", "staff", "webhook", Recipient("1"), "x", "x", via="1")
    codes = [carrier.send(Parcel(1, request, 1)).code for _ in range(2)]
    assert codes == ["not_reached", "resting"]


def test_what_is_switched_off_or_gone_is_not_told() -> None:
    assert told("https://example.com/", enabled=False).code == "switched_off"
    carrier = webhook.CHANNEL.open(Tools(None, None, lambda via: None))  # type: ignore[arg-type]
    request = TouchRequest("k", "staff", "webhook", Recipient("1"), "x", "x", via="1")
    assert carrier.send(Parcel(1, request, 1)).code == "gone"


def test_a_name_with_one_inner_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_: object, **__: object) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]

    monkeypatch.setattr(_pinned, "getaddrinfo", found)
    target = _pinned.target_of("https://two-faced.example/")
    assert target is not None
    with pytest.raises(NotReached) as refused:
        _pinned.post(target, {}, b"")
    assert refused.value.code == "inner_address"
