"""Which workspace this process serves, and its present."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from holdfast import store
from holdfast.settings import Settings, read_settings

WORKSPACE_VARIABLE = "HOLDFAST_WORKSPACE"
"""Names the folder for the process that `serve` starts."""

_served: tuple[Settings, float] | None = None


def serve_workspace(settings: Settings) -> None:
    """Answer requests from this workspace from now on; its database is connected."""
    global _served
    store.connect(settings)
    _served = (settings, _written_at(settings.folder))


def served_workspace() -> Settings:
    """The workspace that is served: named by :func:`serve_workspace`, else by the environment.

    Settings are read again when the file was written since: the demo's clock moves, a currency is
    set by the first import. Refuses like :func:`holdfast.settings.read_settings`.
    """
    if _served is None:
        serve_workspace(read_settings(Path(os.environ.get(WORKSPACE_VARIABLE) or ".")))
    elif _written_at(_served[0].folder) != _served[1]:
        serve_workspace(read_settings(_served[0].folder))
    else:
        store.connect(_served[0])  # where another thread has moved on, this one follows
    assert _served is not None  # noqa: S101  (set in either branch)
    return _served[0]


def present(settings: Settings) -> datetime:
    """Now, or the noon of the workspace's own clock."""
    return settings.now(datetime.now(UTC))


def _written_at(folder: Path) -> float:
    try:
        return (folder / "holdfast.toml").stat().st_mtime
    except FileNotFoundError:
        return 0.0
