"""WhatsApp's Cloud API on this machine, as its documentation says: JSON both ways, errors in the body."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from https_server import serving

NUMBER_ID, TOKEN = "106540352242922", "EAAJB0token"
NOT_THERE, SILENT = "+353851000026", "+353851000013"


@dataclass
class GraphServer:
    """What it took (``heard``), and what it answers next instead: (status, headers, content)."""

    address: str
    trust: ssl.SSLContext
    heard: list[dict[str, Any]] = field(default_factory=list)
    next: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)


def error(
    status: int, code: int, message: str, details: str = "", subcode: int | None = None
) -> tuple[int, dict[str, str], Any]:
    """A refusal in the form of the Graph API."""
    said: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Az8or"}
    if details:
        said["error_data"] = {"messaging_product": "whatsapp", "details": details}
    if subcode is not None:
        said["error_subcode"] = subcode
    return status, {}, {"error": said}


@contextmanager
def running(folder: Path) -> Iterator[GraphServer]:
    """The server until the test ends."""
    end = threading.Event()
    about = GraphServer("", ssl.create_default_context())

    def answer(path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        status, sent, said = _answered(about, path, content, headers, end)
        return status, {"Content-Type": "application/json", **sent}, json.dumps(said).encode()

    with serving(answer, folder) as server:
        about.address, about.trust = server.address, server.trust
        yield about
        end.set()


def _answered(
    about: GraphServer, path: str, content: Any, headers: dict[str, str], end: threading.Event
) -> tuple[int, dict[str, str], Any]:
    if headers.get("Authorization") != f"Bearer {TOKEN}":
        return error(401, 190, "Error validating access token: Session has expired", subcode=463)
    version, _, place = path.strip("/").partition("/")
    if not version.startswith("v") or place != f"{NUMBER_ID}/messages":
        return error(400, 100, f"Unsupported post request. Object with ID '{place}' does not exist")
    if about.next:
        return about.next.pop(0)
    to = f"+{content['to']}"
    if to == NOT_THERE:
        return error(400, 131026, "(#131026) Message undeliverable", f"{to} is no WhatsApp number.")
    if to == SILENT:
        end.wait(20)
    about.heard.append(content)
    contact = {"input": content["to"], "wa_id": content["to"]}
    return (
        200,
        {},
        {
            "messaging_product": "whatsapp",
            "contacts": [contact],
            "messages": [{"id": f"wamid.HBgL{len(about.heard)}"}],
        },
    )
