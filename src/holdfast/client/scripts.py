"""Scripts of calls: what to say on an occasion, by language.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Script(TypedDict):
    """A script; ``number`` rises with each change, 0 is a ready one as it came."""

    key: str
    ready: bool
    number: int
    words: dict[str, ScriptWords]


class ScriptList(TypedDict):
    """All scripts: the ready ones first."""

    items: list[Script]


class ScriptWords(TypedDict):
    """A script in one language; fields stand in double braces."""

    title: str
    text: str


class ScriptsArea:
    """Scripts of calls: what to say on an occasion, by language."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_scripts(self) -> ScriptList:
        """List the scripts with their words in every language."""
        return cast("ScriptList", self._connection.ask("GET", "/scripts"))

    def create_script(
        self, *, language: str, title: str, text: str, number: int | LeftOut | None = LEFT_OUT
    ) -> Script:
        """Write a script; its key is made of the title."""
        return cast(
            "Script",
            self._connection.ask(
                "POST",
                "/scripts",
                body={"language": language, "title": title, "text": text, "number": number},
            ),
        )

    def get_script(self, key: str) -> Script:
        """Get one script."""
        return cast("Script", self._connection.ask("GET", f"/scripts/{quote(key, safe='')}"))

    def update_script(
        self,
        key: str,
        *,
        language: str,
        title: str,
        text: str,
        number: int | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Script:
        """Give a script other words in a language, or words in another one."""
        return cast(
            "Script",
            self._connection.ask(
                "PATCH",
                f"/scripts/{quote(key, safe='')}",
                body={"language": language, "title": title, "text": text, "number": number},
                if_match=if_match,
            ),
        )

    def take_script_back(self, key: str, *, if_match: str | None = None) -> None:
        """Forget what was written here: a ready script is again as it came, another is gone."""
        self._connection.ask("DELETE", f"/scripts/{quote(key, safe='')}", if_match=if_match)
