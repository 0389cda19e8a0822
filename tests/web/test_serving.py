"""N5: one command serves the pages, and Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.web.serving import address, network_settings, serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(workspace: Settings, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "holdfast.web", str(workspace.folder), "127.0.0.1", str(port), "en"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def answer(url: str, seconds: float = 30) -> str:
    """What the address answers, as soon as it does."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  (our own address)
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize("end", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_n5_the_pages_are_served_and_a_signal_ends_them_cleanly(
    workspace: Settings, end: signal.Signals
) -> None:
    port = free_port()
    with running(workspace, port) as process:
        assert answer(f"http://127.0.0.1:{port}/healthz") == "ok\n"
        assert "<h1>Sign in</h1>" in answer(f"http://127.0.0.1:{port}/sign-in")
        assert process.stderr is not None
        assert f"http://127.0.0.1:{port}" in process.stderr.readline()
        os.kill(process.pid, end)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()


def test_n5_the_secret_of_the_sessions_is_the_owners_alone(workspace: Settings) -> None:
    secret = workspace.folder / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text().strip() not in workspace.toml.read_text()


def test_a_port_that_is_taken_is_refused(workspace: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refusal, match="cannot be used") as refused:
            serve(workspace, port=taken.getsockname()[1])
    assert refused.value.code == "port_taken"


def test_only_known_names_are_answered_and_a_proxy_is_believed_only_when_named() -> None:
    here = network_settings("127.0.0.1", "")
    assert here == {"ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]", "127.0.0.1"]}
    behind = network_settings("0.0.0.0", "https://holdfast.example.com")  # noqa: S104
    assert "holdfast.example.com" in str(behind["ALLOWED_HOSTS"])
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert behind["CSRF_TRUSTED_ORIGINS"] == ["https://holdfast.example.com"]
    for cookie in ("SESSION", "CSRF"):
        assert str(behind[f"{cookie}_COOKIE_NAME"]).startswith("__Host-")
        assert behind[f"{cookie}_COOKIE_SECURE"] is True
    assert "SESSION_COOKIE_NAME" not in network_settings("127.0.0.1", "http://holdfast.example.com")


def test_the_address_is_what_one_can_type(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address("0.0.0.0", 8000) == "http://127.0.0.1:8000"  # noqa: S104
    assert address("::1", 80) == "http://[::1]:80"
    monkeypatch.setenv("HOLDFAST_PUBLIC_URL", "https://holdfast.example.com")
    assert address("127.0.0.1", 8000) == "https://holdfast.example.com"
