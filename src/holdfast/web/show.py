"""Shows a template to a reader: everything a template may use that is not the page's own."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.models import User
from holdfast.web.reading import Request, chosen_theme, one_letter_keys
from holdfast.web.shell import Shell
from holdfast.web.toasts import is_said, to_say


def show(request: Request, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """The page that ``template`` makes of ``context``, in the reader's language."""
    given = _context(request) | context
    given["shell"] = Shell(request.user, request.reader, str(given["place"]))
    response = HttpResponse(render_to_string(template, given, request), status=status)
    if given["toast"] is not None:
        is_said(response)
    patch_vary_headers(response, ["Accept-Language", "Cookie", "HX-Request"])
    return response


def words_for(reader: Reader) -> dict[str, object]:
    """``t`` and ``th``: how templates speak. ``th`` is for sentences with mark-up of their own."""

    def t(message: str, plural: str | None = None, /, **values: object) -> str:
        return reader.say(Text(message, plural, **values))

    def th(message: str, plural: str | None = None, /, **values: object) -> Markup:
        return reader.say_html(Text(message, plural, **values))

    return {"reader": reader, "t": t, "th": th, "say": reader.say}


def _context(request: Request) -> dict[str, object]:
    person = request.user if isinstance(request.user, User) else None
    return words_for(request.reader) | {
        "theme": chosen_theme(request),
        "company": request.workspace.name,
        "place": "",
        "one_letter_keys": one_letter_keys(request),
        "toast": to_say(request) if person and not request.htmx else None,
    }
