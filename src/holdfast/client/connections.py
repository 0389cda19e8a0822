"""Connecting sources: providers that tell by webhook, mailboxes, and chats on a website.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import SourceAbout


class SourceKind(TypedDict):
    """A provider that can be connected: what to switch on there, and how, step by step."""

    kind: str
    title: str
    meaning: str
    options: list[SourceOption]
    secrets: list[SourceSecret]
    events: list[str]
    steps: list[str]


class SourceKinds(TypedDict):
    """Every provider that can be connected, by name."""

    items: list[SourceKind]


class SourceOption(TypedDict):
    """Something that a source is asked: a text, one of ``choices``, or yes and no."""

    name: str
    shape: str
    label: str
    hint: str
    default: Any
    choices: list[str]


class SourceSecret(TypedDict):
    """A secret of a source, and where it is found at the provider."""

    name: str
    label: str
    hint: str
    needed: bool


class Trial(TypedDict):
    """What was understood; nothing was kept."""

    items: list[Tried]


class Tried(TypedDict):
    """An example that the provider publishes, and the events that become of it."""

    kind: str
    becomes: list[str]


class ConnectionsArea:
    """Connecting sources: providers that tell by webhook, mailboxes, and chats on a website."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def connect_chat(
        self,
        *,
        title: str | LeftOut = LEFT_OUT,
        greeting: str | LeftOut = LEFT_OUT,
        sites: list[str] | LeftOut = LEFT_OUT,
        name: str | LeftOut = LEFT_OUT,
    ) -> SourceAbout:
        """Make a chat that a website can show."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "POST", "/chats", body={"title": title, "greeting": greeting, "sites": sites, "name": name}
            ),
        )

    def change_chat(
        self,
        name: str,
        *,
        title: str | LeftOut = LEFT_OUT,
        greeting: str | LeftOut = LEFT_OUT,
        sites: list[str] | LeftOut = LEFT_OUT,
    ) -> SourceAbout:
        """Change what a chat says and where it may stand."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "PUT",
                f"/chats/{quote(name, safe='')}",
                body={"title": title, "greeting": greeting, "sites": sites},
            ),
        )

    def connect_mailbox(
        self,
        *,
        host: str,
        user: str,
        password: str | LeftOut = LEFT_OUT,
        port: int | LeftOut = LEFT_OUT,
        security: Literal["starttls", "tls"] | LeftOut = LEFT_OUT,
        folders: list[str] | LeftOut = LEFT_OUT,
        with_sent: bool | LeftOut = LEFT_OUT,
        days: int | LeftOut = LEFT_OUT,
        ours: list[str] | LeftOut = LEFT_OUT,
        server: str | LeftOut = LEFT_OUT,
        name: str | LeftOut = LEFT_OUT,
    ) -> SourceAbout:
        """Connect a mailbox, whose mails come into the inbox."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "POST",
                "/mailboxes",
                body={
                    "host": host,
                    "user": user,
                    "password": password,
                    "port": port,
                    "security": security,
                    "folders": folders,
                    "with_sent": with_sent,
                    "days": days,
                    "ours": ours,
                    "server": server,
                    "name": name,
                },
            ),
        )

    def change_mailbox(
        self,
        name: str,
        *,
        host: str,
        user: str,
        password: str | LeftOut = LEFT_OUT,
        port: int | LeftOut = LEFT_OUT,
        security: Literal["starttls", "tls"] | LeftOut = LEFT_OUT,
        folders: list[str] | LeftOut = LEFT_OUT,
        with_sent: bool | LeftOut = LEFT_OUT,
        days: int | LeftOut = LEFT_OUT,
        ours: list[str] | LeftOut = LEFT_OUT,
        server: str | LeftOut = LEFT_OUT,
    ) -> SourceAbout:
        """Change a mailbox; without a password the one there is holds."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "PUT",
                f"/mailboxes/{quote(name, safe='')}",
                body={
                    "host": host,
                    "user": user,
                    "password": password,
                    "port": port,
                    "security": security,
                    "folders": folders,
                    "with_sent": with_sent,
                    "days": days,
                    "ours": ours,
                    "server": server,
                },
            ),
        )

    def list_source_kinds(self) -> SourceKinds:
        """List the providers that can be connected, and what they need."""
        return cast("SourceKinds", self._connection.ask("GET", "/source-kinds"))

    def connect_source(
        self,
        *,
        kind: str,
        name: str | LeftOut = LEFT_OUT,
        options: dict[str, str] | LeftOut = LEFT_OUT,
        secrets: dict[str, str] | LeftOut = LEFT_OUT,
        address: str | LeftOut = LEFT_OUT,
    ) -> SourceAbout:
        """Connect a provider; answers the address to enter there."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "POST",
                "/sources",
                body={"kind": kind, "name": name, "options": options, "secrets": secrets, "address": address},
            ),
        )

    def change_source(
        self,
        name: str,
        *,
        options: dict[str, str] | LeftOut = LEFT_OUT,
        secrets: dict[str, str] | LeftOut = LEFT_OUT,
        address: str | LeftOut = LEFT_OUT,
    ) -> SourceAbout:
        """Change options, secrets and address of a connected provider."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "PUT",
                f"/sources/{quote(name, safe='')}/settings",
                body={"options": options, "secrets": secrets, "address": address},
            ),
        )

    def try_source(self, name: str) -> Trial:
        """Read the examples that the provider publishes; nothing is kept."""
        return cast("Trial", self._connection.ask("POST", f"/sources/{quote(name, safe='')}/try"))
