"""Apps of the company in which messages stand: connected, changed, given a new secret.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import SourceAbout


class AppSecret(TypedDict):
    """The secret with which the app's server signs the ids of customers, this once."""

    secret: str
    app: SourceAbout


class AppsArea:
    """Apps of the company in which messages stand: connected, changed, given a new secret."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def connect_app(
        self,
        *,
        title: str | LeftOut = LEFT_OUT,
        sites: list[str] | LeftOut = LEFT_OUT,
        name: str | LeftOut = LEFT_OUT,
        namespace: str | LeftOut = LEFT_OUT,
    ) -> AppSecret:
        """Connect an app that shows messages; the secret is answered this once."""
        return cast(
            "AppSecret",
            self._connection.ask(
                "POST", "/apps", body={"title": title, "sites": sites, "name": name, "namespace": namespace}
            ),
        )

    def change_app(
        self, name: str, *, title: str | LeftOut = LEFT_OUT, sites: list[str] | LeftOut = LEFT_OUT
    ) -> SourceAbout:
        """Change what stands over the messages of an app, and where they may be shown."""
        return cast(
            "SourceAbout",
            self._connection.ask(
                "PUT", f"/apps/{quote(name, safe='')}", body={"title": title, "sites": sites}
            ),
        )

    def renew_app_secret(self, name: str) -> AppSecret:
        """Make a new secret for an app; what was signed with the old one proves nothing any more."""
        return cast("AppSecret", self._connection.ask("POST", f"/apps/{quote(name, safe='')}/secret"))
