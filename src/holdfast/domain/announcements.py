"""What other systems can be told by webhook: each kind with what it says."""

from __future__ import annotations

from holdfast.domain.texts import Text

RISK_CHANGED_BAND = "risk.changed_band"
SCORES_WRITTEN = "scores.written"
SEGMENT_CHANGED = "segment.changed"
ALERT_RAISED = "alert.raised"
SIGNAL_RAISED = "signal.raised"
WARNINGS_TOLD = "warnings.told"
TASK_MADE = "task.made"
TASK_DONE = "task.done"
CASE_OPENED = "case.opened"
CASE_CLOSED = "case.closed"
EXPORT_READY = "export.ready"
PLAY_REACHED = "play.reached"
CUSTOMER_ERASED = "customer.erased"
TRIAL = "webhook.tried"

KINDS: dict[str, Text] = {
    RISK_CHANGED_BAND: Text("Customers whose risk has crossed one of the two thresholds"),
    SCORES_WRITTEN: Text("All risks were computed anew"),
    SEGMENT_CHANGED: Text("Customers who entered or left a segment"),
    ALERT_RAISED: Text("An unusual figure of the company"),
    SIGNAL_RAISED: Text("An early warning about customers was raised"),
    WARNINGS_TOLD: Text("The early warnings of a day, as a message in the chat of your team"),
    TASK_MADE: Text("A task was made"),
    TASK_DONE: Text("A task was done"),
    CASE_OPENED: Text("A case was opened"),
    CASE_CLOSED: Text("A case was closed"),
    EXPORT_READY: Text("An export is ready to be fetched"),
    PLAY_REACHED: Text("A customer came to a step of a play that tells other systems"),
    CUSTOMER_ERASED: Text("A customer was erased"),
}
"""Every kind that can be subscribed to, with what it tells of."""

FOR_CHATS: frozenset[str] = frozenset({WARNINGS_TOLD})
"""Kinds that are told as chats of teams (Slack, Mattermost) take a message: ``{"text": ...}`` and no more.

Who subscribes to every kind is a program: it does not get them.
"""

MOST_IN_ONE = 500
"""Customers that one message names at most: what is decided about thousands at once is told in parts."""


def unknown_among(kinds: tuple[str, ...]) -> str:
    """The first of ``kinds`` that there is not; "" when each is known. "*" is every kind."""
    return next((kind for kind in kinds if kind != "*" and kind not in KINDS), "")


def wants(kinds: tuple[str, ...], kind: str) -> bool:
    """Whether who subscribed to ``kinds`` is told of ``kind``; a trial goes to everybody asked for it."""
    return kind in kinds or ("*" in kinds and kind not in FOR_CHATS) or kind == TRIAL
