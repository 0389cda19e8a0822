"""A server over HTTPS on this machine, with a certificate that only the test believes."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answering = Callable[[str, Any, dict[str, str]], tuple[int, dict[str, str], bytes]]
"""path, content, headers -> status, headers, body"""


@dataclass(frozen=True)
class Server:
    """A running server: its address, and whom to trust to reach it."""

    address: str
    trust: ssl.SSLContext


@contextmanager
def serving(answer: Answering, folder: Path) -> Iterator[Server]:
    """A server on localhost that gives ``answer`` to every POST and GET."""
    certificate, key = _certificate(folder)
    httpd = _Quiet(("localhost", 0), _handler(answer))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    # Shaking hands is for the thread of the request: one that fails is closed there.
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        trust = ssl.create_default_context(cafile=str(certificate))
        yield Server(f"https://localhost:{httpd.server_address[1]}", trust)
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Who does not believe our certificate hangs up; nothing is wrong."""


def _handler(answer: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = _content(self.rfile.read(length), self.headers.get("Content-Type", ""))
            status, headers, body = answer(self.path, content, dict(self.headers))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _content(body: bytes, kind: str) -> Any:
    if not body:
        return None
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    return json.loads(body)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret
