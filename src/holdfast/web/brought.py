"""Files for the import: received straight into the workspace, only from those who may bring some.

A request to a page may hold some megabytes, whoever sends it. A file to import may be much larger: so
before a byte of it is read, it is asked who sends it and whether there is room.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib import auth
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from holdfast.services.collect.uploads import files
from holdfast.settings import Settings
from holdfast.store.session_engine import SessionStore
from holdfast.web.access import DECIDERS, may
from holdfast.web.workspace import served_workspace

PATH = "/import/upload"
ROOM = 1 << 20
"""What a form adds to its files."""


class Arrived(UploadedFile):  # type: ignore[type-arg]  # Django's own is no generic
    """A file that lies in the workspace already, at ``path``."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(None, name, "application/octet-stream", size)
        self.path = path


class IntoWorkspace(FileUploadHandler):
    """Writes each file as it comes to the folder of brought files; stops at what is larger than is taken."""

    def __init__(self, workspace: Settings, request: HttpRequest) -> None:
        super().__init__(request)
        self._workspace = workspace
        self._path: Path | None = None
        self._file: IO[bytes] | None = None
        self._left = files.MOST_BYTES
        self.paths: list[Path] = []

    def new_file(self, *named: Any, **more: Any) -> None:
        """A file begins."""
        super().new_file(*named, **more)
        if len(self.paths) >= files.MOST_FILES:
            raise StopUpload
        self._path = files.arriving(self._workspace)
        self.paths.append(self._path)
        self._file = self._path.open("wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the piece, and hand nothing on."""
        assert self._file is not None  # noqa: S101  (a file has begun)
        self._left -= len(raw_data)
        if self._left < 0:
            self._close()
            raise StopUpload
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> Arrived:
        """The file is there."""
        assert self._path is not None and self.file_name is not None  # noqa: S101  (it has begun)
        self._close()
        return Arrived(self._path, self.file_name, file_size)

    def upload_interrupted(self) -> None:
        """The visitor left, or the upload was stopped."""
        self._close()

    def clear(self) -> None:
        """Delete what nobody has taken over."""
        self._close()
        for path in self.paths:
            path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Room:
    """How much a request may hold: for the bridge, which reads it before a page sees it."""

    def is_for(self, scope: MutableMapping[str, Any]) -> bool:
        """Whether the request brings files."""
        return bool(scope["path"] == PATH and scope["method"] == "POST")

    def most_bytes(self, scope: MutableMapping[str, Any]) -> int:
        """What it may hold: what there is room for, and nothing unless somebody who may import is signed
        in. Asks the database.
        """
        workspace = served_workspace()
        request = HttpRequest()
        request.session = SessionStore(_cookie(scope))
        person = auth.get_user(request)
        return files.most_now(workspace) + ROOM if may(person, DECIDERS) else 0

    def folder(self) -> Path:
        """Where its bytes wait until they are read: on the disk of the workspace, not in /tmp."""
        folder = files.root(served_workspace())
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _cookie(scope: MutableMapping[str, Any]) -> str | None:
    """The key of the session that the request names."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            except CookieError:
                return None
            return found.value if found else None
    return None
