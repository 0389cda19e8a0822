"""What the address of the list of cases asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from holdfast.domain.work import CASE_KINDS, CASE_STATES
from holdfast.store.cases import Wanted
from holdfast.store.work import SeenBy
from holdfast.store.work_lists import NOBODY
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.tasks.asked import LONGEST, MINE, UNOWNED, NotUnderstood, is_place

UNDER_WAY = "under_way"
LATE = "late"


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters and place of one address; ``owner`` may be the number of one of us, "" for everybody's."""

    state: str = UNDER_WAY
    owner: str = ""
    due: str = ""
    kind: str = ""
    search: str = ""
    after: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps."""
        state = "" if self.state == UNDER_WAY else self.state
        return [("state", state), ("owner", self.owner), ("due", self.due), ("kind", self.kind)]

    def query(self) -> str:
        """The address of this very stretch of the list."""
        given = {
            "state": "" if self.state == UNDER_WAY else self.state,
            "owner": self.owner,
            "due": self.due,
            "kind": self.kind,
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
        """Whether more is left out than what is solved."""
        return bool(self.owner or self.due or self.kind or self.search or self.state != UNDER_WAY)

    def wanted(self, person_id: int, now: datetime, seen_by: SeenBy | None) -> Wanted:
        """The cases that it asks for, for this reader."""
        owners = {"": None, MINE: person_id, UNOWNED: NOBODY}
        at, priority, id_ = self.after.split("-") if self.after else ("", "", "")
        return Wanted(
            state=self.state,  # type: ignore[arg-type]
            owner_id=owners[self.owner] if self.owner in owners else int(self.owner),
            kind=self.kind,
            due_before_us=int(now.timestamp() * 1_000_000) if self.due == LATE else None,
            search=self.search,
            seen_by=seen_by,
            after=(int(at), int(priority), int(id_)) if id_ else None,
        )


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    asked = Asked(
        state=given.get("state") or UNDER_WAY,
        owner=given.get("owner", ""),
        due=given.get("due", ""),
        kind=given.get("kind", ""),
        search=given.get("q", "")[:LONGEST].replace("\0", ""),
        after=given.get("after", ""),
    )
    known: tuple[tuple[str, str, bool], ...] = (
        ("state", asked.state, asked.state == UNDER_WAY or asked.state in CASE_STATES),
        ("owner", asked.owner, asked.owner in ("", MINE, UNOWNED) or is_number(asked.owner)),
        ("due", asked.due, asked.due in ("", LATE)),
        ("kind", asked.kind, not asked.kind or asked.kind in CASE_KINDS),
        ("after", asked.after, not asked.after or is_place(asked.after)),
    )
    for name, value, fits in known:
        if not fits:
            raise NotUnderstood(f"{name}={value}")
    return asked
