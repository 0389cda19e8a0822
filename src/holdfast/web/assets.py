"""The few files every page needs, served by ourselves: hashed names, cached for ever, compressed once.

Such small files need neither a web server in front nor a build step that copies them: they are read
from the installed packages once a process and kept in memory (less than 200 KB).
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from holdfast.web.access import for_everyone

SOURCES: dict[str, tuple[str, str]] = {
    "tokens.css": ("holdfast.web", "static/tokens.css"),
    "base.css": ("holdfast.web", "static/base.css"),
    "pages.css": ("holdfast.web", "static/pages.css"),
    "access.css": ("holdfast.web", "static/access.css"),
    "messages.css": ("holdfast.web", "static/messages.css"),
    "start.css": ("holdfast.web", "static/start.css"),
    "import.js": ("holdfast.web", "static/import.js"),
    "holdfast.js": ("holdfast.web", "static/holdfast.js"),
    "plays.css": ("holdfast.web", "static/plays.css"),
    "print.css": ("holdfast.web", "static/print.css"),
    "reasons.css": ("holdfast.web", "static/reasons.css"),
    "templates.js": ("holdfast.web", "static/templates.js"),
    "texts.css": ("holdfast.web", "static/texts.css"),
    "voice.css": ("holdfast.web", "static/voice.css"),
    "warn.css": ("holdfast.web", "static/warn.css"),
    "work.css": ("holdfast.web", "static/work.css"),
    "work.js": ("holdfast.web", "static/work.js"),
    "mark.svg": ("holdfast.web", "static/mark.svg"),
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
}
"""name -> (package that carries the file, path inside it)"""

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its name with a hash of its content, the content, and the same compressed."""

    hashed_name: str
    content: bytes
    compressed: bytes
    content_type: str

    @property
    def etag(self) -> str:
        """What a browser asks with whether it still has this content."""
        return f'"{self.hashed_name}"'


@cache
def asset(name: str) -> Asset:
    """The asset called ``name``. Raises ``KeyError`` for a name that no page may use."""
    package, path = SOURCES[name]
    content = files(package).joinpath(path).read_bytes()
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(
        hashed_name=f"{stem}.{digest}.{ending}",
        content=content,
        compressed=gzip.compress(content, 9, mtime=0),
        content_type=TYPES[ending],
    )


def asset_url(name: str) -> str:
    """Where the browser finds the asset: a new address whenever the content changes."""
    return f"/static/{asset(name).hashed_name}"


@for_everyone
@require_safe
def serve_asset(request: HttpRequest, hashed_name: str) -> HttpResponse:
    """The asset of that hashed name, compressed where the browser takes it; 404 for any other name."""
    found = {asset(name).hashed_name: name for name in SOURCES}.get(hashed_name)
    if found is None:
        raise Http404(hashed_name)
    wanted = asset(found)
    if request.headers.get("If-None-Match") == wanted.etag:
        return HttpResponseNotModified(headers={"ETag": wanted.etag, "Cache-Control": FOR_EVER})
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        wanted.compressed if takes_gzip else wanted.content,
        content_type=wanted.content_type,
        headers={"ETag": wanted.etag, "Cache-Control": FOR_EVER},
    )
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
