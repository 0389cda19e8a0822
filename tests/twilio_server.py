"""Twilio's Messages API on this machine, as its documentation says: forms in, JSON and codes out."""

from __future__ import annotations

import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from https_server import serving

ACCOUNT = "ACa1b2c3d4e5f60718293a4b5c6d7e8f90"
TOKEN = "12345678901234567890123456789012"
LANDLINE, STOPPED, SILENT = "+353851000614", "+353851000610", "+353851000013"


@dataclass
class TwilioServer:
    """What it took (``heard``), and what it answers next instead: (status, headers, content)."""

    address: str
    trust: ssl.SSLContext
    heard: list[dict[str, str]] = field(default_factory=list)
    next: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)


def error(status: int, code: int, message: str) -> tuple[int, dict[str, str], Any]:
    """A refusal in Twilio's form."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {}, {"code": code, "message": message, "more_info": more, "status": status}


def message(form: dict[str, str], number: int, **changed: Any) -> dict[str, Any]:
    """The Message resource that is answered."""
    return {
        "sid": f"SM{number:032x}",
        "account_sid": ACCOUNT,
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "from": form.get("From"),
        "to": form["To"],
        "body": form["Body"],
        "status": "queued",
        "num_segments": "1",
        "num_media": "0",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        **changed,
    }


@contextmanager
def running(folder: Path) -> Iterator[TwilioServer]:
    """The server until the test ends."""
    end = threading.Event()
    about = TwilioServer("", ssl.create_default_context())

    def answer(path: str, form: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        status, sent, content = _answered(about, path, form, headers, end)
        return status, {"Content-Type": "application/json", **sent}, json.dumps(content).encode()

    with serving(answer, folder) as server:
        about.address, about.trust = server.address, server.trust
        yield about
        end.set()


def _answered(
    about: TwilioServer, path: str, form: dict[str, str], headers: dict[str, str], end: threading.Event
) -> tuple[int, dict[str, str], Any]:
    key = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if headers.get("Authorization") != f"Basic {key}":
        return error(401, 20003, "Authentication Error - invalid username")
    if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
        return error(404, 20404, "The requested resource was not found")
    if about.next:
        return about.next.pop(0)
    if not form.get("From") and not form.get("MessagingServiceSid"):
        return error(400, 21603, "A 'From' phone number is required.")
    if form["To"] == LANDLINE:
        return error(400, 21614, f"'To' number {form['To']} is not a valid mobile number")
    if form["To"] == STOPPED:
        return error(400, 21610, "Attempt to send to unsubscribed recipient")
    if form["To"] == SILENT:
        end.wait(20)
    about.heard.append(form)
    return 201, {}, message(form, len(about.heard))
