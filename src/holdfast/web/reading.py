"""Who reads this page: their language, their theme, the workspace they look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from holdfast.domain.refusals import Refusal
from holdfast.language import Reader, languages, preferred
from holdfast.settings import Settings
from holdfast.store.models import User
from holdfast.web.workspace import served_workspace

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

LANGUAGE_COOKIE = "holdfast_language"
THEME_COOKIE = "holdfast_theme"
KEYS_COOKIE = "holdfast_keys"
KEYS_OFF = "off"
THEMES = ("", "light", "dark")
"""What a reader may choose; "" follows their system."""
PSEUDO = "xx"


class Request(HttpRequest):
    """A request as our views see it: the middleware has filled these in."""

    reader: Reader
    workspace: Settings
    htmx: HtmxDetails


class KnowTheReader:
    """Middleware: language and theme by the person's choice, else the browser's; and the workspace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Fill in what :class:`Request` promises, and hand the request on."""
        workspace = served_workspace()
        request.workspace = workspace  # type: ignore[attr-defined]
        # Found when first asked for: a style sheet must not cost a look at the session.
        request.reader = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: Reader(_language(request), workspace.zone)
        )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A refusal becomes a page that says what was found and what helps; all else stays an error."""
        from holdfast.web.pages.refused.view import explained

        return explained(request, error) if isinstance(error, Refusal) else None


def known_language(code: str) -> bool:
    """Whether ``code`` is a language that pages can be read in."""
    return code in languages() or code == PSEUDO


def _language(request: HttpRequest) -> str:
    for code in (_person(request).language, request.COOKIES.get(LANGUAGE_COOKIE, "")):
        if code and known_language(code):
            return code
    return preferred(request.headers.get("Accept-Language", ""))


def chosen_theme(request: HttpRequest) -> str:
    """ "light", "dark", or "" where the reader follows their system."""
    for theme in (_person(request).theme, request.COOKIES.get(THEME_COOKIE, "")):
        if theme in THEMES[1:]:
            return theme
    return ""


def one_letter_keys(request: HttpRequest) -> bool:
    """Whether single letters do something on this reader's keyboard (WCAG 2.1.4: they can be put off)."""
    return request.COOKIES.get(KEYS_COOKIE) != KEYS_OFF


def _person(request: HttpRequest) -> User:
    """Who is signed in, or someone who has chosen nothing."""
    return request.user if isinstance(request.user, User) else User()
