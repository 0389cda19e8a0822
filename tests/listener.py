"""A server of our own that webhooks are told to: what it heard, and what it answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """``answers`` are the statuses it answers with, one after the other, the last for ever."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[int] = field(default_factory=lambda: [204])
    location: str = ""


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a port of this machine."""
    about = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            about.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = about.answers.pop(0) if len(about.answers) > 1 else about.answers[0]
            self.send_response(status)
            if about.location:
                self.send_header("Location", about.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """A test says enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    about.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield about
    server.shutdown()
    thread.join()
    server.server_close()
