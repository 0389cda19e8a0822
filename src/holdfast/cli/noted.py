"""Commands that show or change something of customers or settings stand in the audit trail too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.cli.session import Session

SHOWING = {"customer": "seen", "person": "exported", "export": "exported"}
"""Commands that show personal data, and what is noted."""

_READING = frozenset(
    {
        "list", "show", "seen", "test", "preview", "members", "fit", "points", "gaps", "duplicates", "merges",
        "run", "status", "check", "log", "episodes", "replay", "scorecard", "rehearse", "dry-run",
        "library", "proof", "workload", "report", "scripts", None,
    }
)  # fmt: skip

CHANGING = frozenset(
    {
        "care", "causes", "changes", "consents", "identity", "key", "play", "property", "pull", "quarantine",
        "retention", "segment", "sending", "signals", "source", "suppression", "tasks", "team", "template",
        "touches", "webhook", "write-back",
    }
)  # fmt: skip
"""Commands that change something, unless their action only looks."""

ALWAYS = {
    "backup": "",
    "erase": "yes",
    "import": "",
    "migrate": "to",
    "texts": "read",
}
"""Those without an action: they change something where this is given (or, with "", each time)."""

ELSEWHERE = frozenset({"audit", "restore", "user"})
"""Those that say more of it themselves."""

NOT_NOTED = frozenset(
    {
        "at-risk", "backtest", "calendar", "common", "demo", "doctor", "imports", "init", "journey",
        "measure", "outside", "parts", "reasons", "run", "serve", "simulate", "surveys", "table", "worker",
    }
)  # fmt: skip
"""Those that show figures and lists without addresses, build what is not there yet, or run."""


def note_command(session: Session, name: str, given: Mapping[str, Any]) -> None:
    """Note that ``holdfast NAME`` was carried out; who is the account of this machine."""
    did = _did(name, given)
    if not did:
        return
    from holdfast.store import audit

    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    settings = session.settings()
    audit.note(settings, who=None, did=did, about="workspace", now_us=now_us, via=audit.by_command())


def _did(name: str, given: Mapping[str, Any]) -> str:
    action = given.get("action")
    if name in SHOWING:
        return f"{name}.{SHOWING[name]}"
    if name in ALWAYS and (not ALWAYS[name] or given.get(ALWAYS[name])):
        return f"{name}.done"
    if given.get("try_out"):
        return ""
    return f"{name}.{action}" if name in CHANGING and action not in _READING else ""
