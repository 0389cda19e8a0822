"""What the address of the messages asks for, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from holdfast.domain.touch import PURPOSES, TOUCH_CHANNELS
from holdfast.store.outbox_reading import Wanted

DECIDE, WAITING, SENT, NOT_SENT, ALL = "decide", "waiting", "sent", "not_sent", "all"

STATES: Mapping[str, tuple[str, ...]] = {
    DECIDE: ("unknown", "failed", "held"),
    WAITING: ("waiting", "claimed"),
    SENT: ("sent",),
    NOT_SENT: ("refused", "cancelled"),
    ALL: (),
}
"""Tabs, and the states that each shows."""

_LARGEST_ID = 2**63 - 1


class NotUnderstood(Exception):  # noqa: N818  (an answer: the page says 400)
    """The address holds something that the list does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Tab, filters and place of one address; ``tab`` is "" where nobody chose one."""

    tab: str = ""
    channel: str = ""
    purpose: str = ""
    before: int = 0

    def query(self) -> str:
        """The address of this very stretch of the list."""
        given = {"tab": self.tab, "channel": self.channel, "purpose": self.purpose, "before": self.before}
        given = {name: value for name, value in given.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def with_(
        self, *, tab: str | None = None, channel: str | None = None, purpose: str | None = None
    ) -> Asked:
        """The same list with something changed, from its beginning."""
        return Asked(
            self.tab if tab is None else tab,
            self.channel if channel is None else channel,
            self.purpose if purpose is None else purpose,
        )

    def after(self, touch_id: int) -> Asked:
        """The next stretch of the same list."""
        return replace(self, before=touch_id)

    def wanted(self, tab: str) -> Wanted:
        """The touches of a tab that it asks for."""
        return Wanted(STATES[tab], self.channel, self.purpose, None, self.before)


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the address asks for. Raises :class:`NotUnderstood`."""
    asked = Asked(given.get("tab", ""), given.get("channel", ""), given.get("purpose", ""))
    before = given.get("before", "0")
    known = (
        (not asked.tab or asked.tab in STATES)
        and (not asked.channel or asked.channel in TOUCH_CHANNELS)
        and (not asked.purpose or asked.purpose in PURPOSES)
    )
    if not known or not (before.isascii() and before.isdecimal()) or int(before) > _LARGEST_ID:
        raise NotUnderstood(str(dict(given))[:200])
    return replace(asked, before=int(before))
