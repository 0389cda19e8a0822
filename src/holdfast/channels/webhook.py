"""Outgoing webhooks, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com).

A touch names a delivery (``via``); what is sent, where to and with which secrets is looked up at that
moment, so that a changed address or secret counts at once. The message's number is the same at every try:
who receives it twice can tell.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from holdfast import __version__
from holdfast.channels import _pinned
from holdfast.channels.contract import Channel, NoAnswer, NotReached, Tools, bad_address, refused
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt

INSIDE_VARIABLE = "HOLDFAST_WEBHOOKS_INSIDE"
"""Set to 1 for development: addresses inside the house, and http, may be told too."""

MOST_BODY = 1_000_000
REST_SECONDS = 30.0
"""Who did not answer is left alone so long: the others do not wait for it."""

_PREFIX = "whsec_"


def signatures(number: str, at_seconds: int, body: bytes, secrets: Sequence[str]) -> str:
    """The header ``webhook-signature``: one signature for each secret, the newest first."""
    content = b".".join((number.encode(), str(at_seconds).encode(), body))
    signed = [hmac.digest(key_of(secret), content, hashlib.sha256) for secret in secrets]
    return " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signed)


def key_of(secret: str) -> bytes:
    """The bytes of a secret. Raises ``ValueError`` for what is none."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not a secret of a webhook") from error


class _Carrier:
    """Posts messages; each to the address of its own webhook."""

    def __init__(self, tools: Tools, *, inside: bool) -> None:
        self._tools, self._inside = tools, inside
        self._resting: dict[str, float] = {}

    def send(self, parcel: Parcel) -> Receipt:
        """Post one message. What is answered beyond the status is not looked at."""
        found = self._tools.of_source(parcel.request.via)
        if found is None:
            return Receipt(
                "failed", code="gone", reason=Text("The message or the webhook is not there any more.")
            )
        options, secrets = found
        if not options["enabled"]:
            return Receipt("failed", code="switched_off", reason=Text("The webhook is switched off."))
        url, body = str(options["url"]), str(options["body"]).encode()
        target = _pinned.target_of(url, inside=self._inside)
        if target is None:
            return bad_address(Text("The address cannot be told anything."))
        if self._resting.get(url, 0.0) > time.monotonic():
            return refused("resting", Text("It did not answer a moment ago."), retry=True)
        return self._posted(url, target, _headers(str(options["number"]), parcel.at_us, body, secrets), body)

    def close(self) -> None:
        """Nothing is kept open."""

    def _posted(self, url: str, target: _pinned.Target, headers: dict[str, str], body: bytes) -> Receipt:
        try:
            status, _ = _pinned.post(target, headers, body, inside=self._inside)
        except NotReached as error:
            self._resting[url] = time.monotonic() + REST_SECONDS
            return refused(error.code, error.reason, retry=True)
        except NoAnswer:
            self._resting[url] = time.monotonic() + REST_SECONDS
            return Receipt("unknown", code="no_answer", reason=Text("It did not answer in time."))
        return _receipt(status)


def _headers(number: str, at_us: int, body: bytes, secrets: Any) -> dict[str, str]:
    at_seconds = at_us // 1_000_000
    signing = [secret for name in ("secret", "former") if (secret := secrets.get(name))]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Holdfast/{__version__}",
        "Connection": "close",
        "webhook-id": number,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": signatures(number, at_seconds, body, signing),
    }


def _receipt(status: int) -> Receipt:
    """2xx has it, 410 never wants anything again; all else is tried again, and no redirect is followed."""
    code = f"http_{status}"
    if 200 <= status < 300:
        return Receipt("sent", code=code, provider_id=code)
    if status == HTTPStatus.GONE:
        return refused(code, Text("The receiver says that it is gone for good."), retry=False)
    if 300 <= status < 400:
        return refused(
            code, Text("It leads elsewhere ({status}); that is not followed.", status=str(status)), retry=True
        )
    return refused(code, Text("It answered {status}.", status=str(status)), retry=True)


CHANNEL = Channel(
    name="webhook",
    title=Text("Outgoing webhooks"),
    meaning=Text("Tells other systems what happens here, signed."),
    open=lambda tools: _Carrier(tools, inside=os.environ.get(INSIDE_VARIABLE) == "1"),
    dedupes=True,
    most_text=MOST_BODY,
    connections=lambda options: 4,
)
