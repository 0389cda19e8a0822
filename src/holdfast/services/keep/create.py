"""Make a workspace: the folder, its settings, its database and an empty event log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings, check_settings, write_settings


def create_workspace(folder: Path, **chosen: object) -> Settings:
    """Make a workspace in ``folder`` with the ``chosen`` settings, the others at their defaults.

    Refuses a folder that is a workspace already, and one that holds other things, so that no
    company's files are mixed with them by a slip; refuses settings that mean nothing.
    ``holdfast.toml`` is written last: a folder without it is no workspace yet, and a call that was
    interrupted can simply be repeated.
    """
    from holdfast import store
    from holdfast.lake.log import EventLog

    settings = replace(Settings(folder, name=folder.resolve().name), **chosen)  # type: ignore[arg-type]
    check_settings(settings)
    _check_free(settings)
    settings.folder.mkdir(parents=True, exist_ok=True)
    store.connect(settings)
    EventLog(settings.lake, settings.buckets).create()
    write_settings(settings)
    return settings


_OURS = {
    "holdfast.db",
    "holdfast.db-wal",
    "holdfast.db-shm",
    "secret",
    ".migrating",
    "lake",
    "holdfast.toml.new",
}
"""What an interrupted call can have left."""


def _check_free(settings: Settings) -> None:
    folder = settings.folder
    if settings.toml.exists():
        raise Refusal(
            "workspace_exists",
            found=Text("{folder} is a workspace already.", folder=str(folder)),
            expected=Text("A new workspace needs a folder of its own."),
            remedy=Text("Use it as it is, or name another folder; nothing was changed."),
        )
    if folder.is_file():
        raise _occupied(folder, folder.name)
    others = (
        sorted(path.name for path in folder.iterdir() if path.name not in _OURS) if folder.is_dir() else []
    )
    if others:
        raise _occupied(folder, others[0])


def _occupied(folder: Path, other: str) -> Refusal:
    return Refusal(
        "folder_in_use",
        found=Text("{folder} holds other things ({other}).", folder=str(folder), other=other),
        expected=Text("A new workspace needs an empty folder, or one that does not exist yet."),
        remedy=Text("Name another folder with --workspace; nothing was changed."),
    )
