"""What the address of the inbox asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from holdfast.store.inbox import NOBODY, STATES, State, Wanted

LONGEST = 200
ALL = "all"
MINE, UNOWNED = "me", "nobody"


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the inbox does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters and place of one address; ``owner`` may be the number of one of us."""

    state: str = "open"
    owner: str = ""
    channel: str = ""
    search: str = ""
    after: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps."""
        state = "" if self.state == "open" else self.state
        return [("state", state), ("owner", self.owner), ("channel", self.channel)]

    def query(self) -> str:
        """The address of this very stretch of the list."""
        given = {
            "state": "" if self.state == "open" else self.state,
            "owner": self.owner,
            "channel": self.channel,
            "q": self.search,
            "after": self.after,
        }
        given = {name: value for name, value in given.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def with_(self, **changed: str) -> Asked:
        """The same list with something changed, from its beginning."""
        return replace(self, **({"after": ""} | changed))

    @property
    def narrowed(self) -> bool:
        """Whether more is left out than what is not open."""
        return bool(self.owner or self.channel or self.search or self.state != "open")

    def wanted(self, person_id: int) -> Wanted:
        """The conversations that it asks for, for this reader."""
        state: State | str = "" if self.state == ALL else self.state
        owners = {"": None, MINE: person_id, UNOWNED: NOBODY}
        at, _, id_ = self.after.partition("-")
        return Wanted(
            state=state,  # type: ignore[arg-type]
            channel=self.channel,
            owner_id=owners[self.owner] if self.owner in owners else int(self.owner),
            search=self.search,
            after=(int(at), int(id_)) if id_ else None,
        )


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    asked = Asked(
        state=given.get("state") or "open",
        owner=given.get("owner", ""),
        channel=given.get("channel", "")[:LONGEST].replace("\0", ""),
        search=given.get("q", "")[:LONGEST].replace("\0", ""),
        after=given.get("after", ""),
    )
    at, dash, id_ = asked.after.partition("-")
    if asked.state not in (*STATES, ALL):
        raise NotUnderstood(f"state={asked.state}")
    if asked.owner not in ("", MINE, UNOWNED) and not is_number(asked.owner):
        raise NotUnderstood(f"owner={asked.owner}")
    if asked.after and not (dash and is_number(at) and is_number(id_)):
        raise NotUnderstood(f"after={asked.after}")
    return asked


def is_number(written: str) -> bool:
    """Whether it is a whole number that a database can hold."""
    return written.isascii() and written.isdigit() and len(written) < 19
