"""What the address of the task list asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlencode

from holdfast.domain.work import TASK_KINDS, TASK_STATES, end_of
from holdfast.settings import Settings
from holdfast.store.tasks import Wanted
from holdfast.store.work import SeenBy
from holdfast.store.work_lists import NOBODY
from holdfast.web.pages.inbox.asked import is_number

LONGEST = 200
MINE, TEAM, UNOWNED = "me", "team", "nobody"
Due = Literal["", "today", "overdue", "week"]
BY_VALUE = "value"
SORTS = ("", BY_VALUE)
"""By when tasks are due, or the most value at risk first (of open ones)."""
DUES: tuple[Due, ...] = get_args(Due)


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the list does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters and place of one address; ``owner`` may be the number of one of us."""

    owner: str = MINE
    state: str = "open"
    due: str = ""
    kind: str = ""
    search: str = ""
    sort: str = ""
    after: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps."""
        owner, state = "" if self.owner == MINE else self.owner, "" if self.state == "open" else self.state
        return [
            ("owner", owner),
            ("state", state),
            ("due", self.due),
            ("kind", self.kind),
            ("sort", self.sort),
        ]

    def query(self) -> str:
        """The address of this very stretch of the list."""
        given = {
            "owner": "" if self.owner == MINE else self.owner,
            "state": "" if self.state == "open" else self.state,
            "due": self.due,
            "kind": self.kind,
            "q": self.search,
            "sort": self.sort,
            "after": self.after,
        }
        given = {name: value for name, value in given.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def with_(self, **changed: str) -> Asked:
        """The same list with something changed, from its beginning."""
        return replace(self, **({"after": ""} | changed))

    @property
    def by_value(self) -> bool:
        """Whether those come first whose customers have most at risk."""
        return self.sort == BY_VALUE and self.state in ("open", "snoozed")

    @property
    def narrowed(self) -> bool:
        """Whether more is left out than what others do and what is closed."""
        return bool(self.due or self.kind or self.search or self.state != "open")

    def wanted(self, person_id: int, now: datetime, workspace: Settings, seen_by: SeenBy | None) -> Wanted:
        """The tasks that it asks for, for this reader."""
        owners = {MINE: person_id, TEAM: None, UNOWNED: NOBODY}
        at, priority, id_ = self.after.split("-") if self.after else ("", "", "")
        return Wanted(
            state=self.state,  # type: ignore[arg-type]
            owner_id=owners[self.owner] if self.owner in owners else int(self.owner),
            due_before_us=_before(self.due, now, workspace),
            kind=self.kind,
            search=self.search,
            seen_by=seen_by,
            after=(int(at), int(priority), int(id_)) if id_ else None,
        )


def _before(due: str, now: datetime, workspace: Settings) -> int | None:
    if due == "overdue":
        return int(now.timestamp() * 1_000_000)
    days = {"today": 0, "week": 6}
    if due not in days:
        return None
    today = now.astimezone(workspace.zone).date()
    return end_of(today + timedelta(days=days[due]), workspace.zone) + 1


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of an address ask for. Raises :class:`NotUnderstood` for what it cannot mean."""
    asked = Asked(
        owner=given.get("owner") or MINE,
        state=given.get("state") or "open",
        due=given.get("due", ""),
        kind=given.get("kind", ""),
        search=given.get("q", "")[:LONGEST].replace("\0", ""),
        sort=given.get("sort", ""),
        after=given.get("after", ""),
    )
    known: tuple[tuple[str, str, bool], ...] = (
        ("owner", asked.owner, asked.owner in (MINE, TEAM, UNOWNED) or is_number(asked.owner)),
        ("state", asked.state, asked.state in TASK_STATES),
        ("due", asked.due, asked.due in DUES),
        ("sort", asked.sort, asked.sort in SORTS),
        ("kind", asked.kind, not asked.kind or asked.kind in TASK_KINDS),
        ("after", asked.after, not asked.after or is_place(asked.after)),
    )
    for name, value, fits in known:
        if not fits:
            raise NotUnderstood(f"{name}={value}")
    return asked


def is_place(written: str) -> bool:
    """Whether it is a place in a list: three whole numbers."""
    parts = written.split("-")
    return len(parts) == 3 and all(is_number(part) for part in parts)
