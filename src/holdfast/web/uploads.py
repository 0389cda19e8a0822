"""Uploads are cut off where they grow larger than anything that is taken: nothing fills memory or disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from holdfast.domain.documents import MOST_BYTES

_MARK = "holdfast.upload_too_large"
_ROOM = 100_000
_FAR_TOO_MUCH = 20 * MOST_BYTES


class Limited(FileUploadHandler):
    """Counts what all files of a request hold, and stops reading beyond the size of a document.

    Stands before those that keep the pieces. The request is read to its end, so that the page can
    answer, unless it says to be far larger: then the connection is cut.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the piece on, or stop."""
        self._bytes += len(raw_data)
        if self._bytes > MOST_BYTES + _ROOM:
            if self.request is not None:
                self.request.META[_MARK] = True
            raise StopUpload(connection_reset=self._announced() > _FAR_TOO_MUCH)
        return raw_data

    def _announced(self) -> int:
        """How many bytes the request says that it has."""
        return 0 if self.request is None else int(self.request.META.get("CONTENT_LENGTH") or 0)

    def file_complete(self, file_size: int) -> Any:
        """Leave the file to the handlers behind."""
        return None


def too_large(request: HttpRequest) -> bool:
    """Whether what was uploaded with this request was cut off."""
    return bool(request.META.get(_MARK))
