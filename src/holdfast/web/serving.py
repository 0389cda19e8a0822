"""Serves the pages of one workspace over HTTP, until it is told to stop."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings, public_url

if TYPE_CHECKING:
    from holdfast.web.application import Application

THREADS = 4
"""Pages answered at the same time; each thread keeps its own connection to the database."""
SECONDS_A_TURN = 0.001
"""So long a thread computes while another waits: the one that writes calls to disk has its turn soon."""
SECONDS_TO_END = 3
"""What was begun may take so long after Ctrl-C; a web process that is still there then is ended."""
HOST_VARIABLE = "HOLDFAST_HOST"


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    web_processes: int = 1,
    worker: bool = True,
    tell: Callable[[Text], None] = lambda text: print(text, file=sys.stderr, flush=True),
) -> int:
    """Answer requests on ``host`` and ``port`` until Ctrl-C or SIGTERM; then finish what was begun.

    Tells the address first. Refuses a port that is taken, and several web processes on SQLite, which
    has one writer anyway. ``worker``: whether what arrives is taken in here too. The exit code.
    """
    from holdfast.web.tree import Child, keep_running
    from holdfast.web.workspace import WORKSPACE_VARIABLE

    _check_processes(settings, web_processes)
    _check_port(host, port)
    os.environ[WORKSPACE_VARIABLE] = str(settings.folder.absolute())
    os.environ[HOST_VARIABLE] = host
    tell(Text("Holdfast serves {name} on {address}", name=settings.name, address=address(host, port)))
    tell(Text("Press Ctrl-C to stop."))
    pages = ("-c", f"from holdfast.web.serving import answer; answer({host!r}, {port}, {web_processes})")
    children = [Child("pages", pages, needed=True)]
    if worker:
        children.append(
            Child("worker", ("-m", "holdfast.services.pulse.process", str(settings.folder.absolute())))
        )
    return keep_running(children)


def answer(host: str, port: int, processes: int) -> None:
    """In the process of the pages: answer requests until told to end."""
    from holdfast.services.processes import PARENT_VARIABLE, end_with_parent

    end_with_parent()
    os.environ.pop(PARENT_VARIABLE, None)  # the web processes are children of this one
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "holdfast.web.serving:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
        log_level=LogLevels.error,
    ).serve()


def address(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = "127.0.0.1" if host in ("", "0.0.0.0") else f"[{host}]" if ":" in host else host  # noqa: S104
    return public_url() or f"http://{shown}:{port}"


def application() -> Application:
    """What a web process answers with, for the workspace that the environment names."""
    from django.conf import settings as django_settings
    from django.core.handlers.wsgi import WSGIHandler

    from holdfast.services.processes import end_with_parent
    from holdfast.web.application import Application
    from holdfast.web.bridge import Bridge
    from holdfast.web.workspace import served_workspace

    end_with_parent()
    sys.setswitchinterval(SECONDS_A_TURN)
    workspace = served_workspace()
    from holdfast.web.brought import Room  # knows the models, which the line above has made ready

    network = network_settings(os.environ.get(HOST_VARIABLE, ""), public_url())
    for name, value in network.items():
        setattr(django_settings, name, value)
    public = bool(network.get("SECURE_PROXY_SSL_HEADER"))
    return Application(workspace, Bridge(WSGIHandler(), THREADS, Room()), public=public)


def network_settings(host: str, public_url: str) -> dict[str, object]:
    """Django's settings for where we are reached.

    Only names we know are answered, so that a foreign site cannot point its own name at us and read
    along. What a proxy says about the visitor is believed only when ``public_url`` says there is one.
    """
    hosts = ["127.0.0.1", "localhost", "[::1]"]
    if host and host not in ("0.0.0.0", "::"):  # noqa: S104
        hosts.append(f"[{host}]" if ":" in host else host)
    public = urlsplit(public_url)
    if not public.hostname:
        return {"ALLOWED_HOSTS": hosts}
    return {
        "ALLOWED_HOSTS": [*hosts, public.hostname],
        "CSRF_TRUSTED_ORIGINS": [f"{public.scheme}://{public.netloc}"],
        **(_ON_TLS if public.scheme == "https" else {}),
    }


_ON_TLS: dict[str, object] = {
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SESSION_COOKIE_NAME": "__Host-holdfast_session",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-holdfast_csrf",
    "CSRF_COOKIE_SECURE": True,
}
"""Cookies that a browser takes over TLS only, and that no other name of the domain can put there."""


def _check_processes(settings: Settings, web_processes: int) -> None:
    if web_processes > 1 and not settings.database_url:
        raise Refusal(
            "one_writer",
            found=Text("{n} web processes are asked for, and the database is SQLite.", n=web_processes),
            expected=Text("SQLite has one writer: a second process would only wait for the first."),
            remedy=Text("Leave --web out, or move the workspace to PostgreSQL first."),
        )


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                "port_taken",
                found=Text(
                    "{host}:{port} cannot be used: {error}.",
                    host=host,
                    port=str(port),
                    error=error.strerror or str(error),
                ),
                expected=Text("Expected a port of this machine that nothing else listens on."),
                remedy=Text("Name another one, like --port 8001."),
            ) from error
