"""Language and theme of the reader, and what the workspace has decided."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from holdfast.store.models import User
from holdfast.web import places
from holdfast.web.access import READERS, for_everyone, only
from holdfast.web.pages.preferences.words import workspace_facts
from holdfast.web.reading import (
    KEYS_COOKIE,
    KEYS_OFF,
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    Request,
    chosen_theme,
    known_language,
)
from holdfast.web.show import show

ONE_YEAR = 365 * 24 * 3600


@only(READERS)
@require_safe
def settings(request: Request) -> HttpResponse:
    """Everything that can be decided, by what it is about; what the reader may not open is left out."""
    groups = [(group.words, places.open_to(request.user, group.places)) for group in places.SETTINGS]
    return show(
        request,
        "preferences/settings.html",
        place="preferences",
        groups=[(words, found) for words, found in groups if found],
    )


@only(READERS)
@require_safe
def preferences(request: Request) -> HttpResponse:
    """How the reader reads: language, light or dark, keys of one letter."""
    return show(request, "preferences/preferences.html", place="preferences", chosen=chosen_theme(request))


@only(READERS)
@require_safe
def company(request: Request) -> HttpResponse:
    """What the company has decided and every figure rests on."""
    return show(
        request,
        "preferences/company.html",
        place="preferences",
        facts=workspace_facts(request.workspace, request.reader),
    )


@for_everyone
@require_POST
def choose(request: Request) -> HttpResponse:
    """Remember the language or theme: with the person, and in a cookie for before they sign in.

    Whether keys of one letter do something belongs to the keyboard: it is kept by the browser alone.
    Refuses what is no language and no theme.
    """
    response = HttpResponseRedirect(_back(request))
    changed = {}
    if (code := request.POST.get("language")) is not None:
        if code and not known_language(code):
            return HttpResponseBadRequest("no such language")
        response.set_cookie(LANGUAGE_COOKIE, code, max_age=ONE_YEAR, httponly=True, samesite="Lax")
        changed["language"] = code
    if (theme := request.POST.get("theme")) is not None:
        if theme not in THEMES:
            return HttpResponseBadRequest("no such theme")
        response.set_cookie(THEME_COOKIE, theme, max_age=ONE_YEAR, httponly=True, samesite="Lax")
        changed["theme"] = theme
    if (keys := request.POST.get("keys")) is not None:
        if keys not in ("", KEYS_OFF):
            return HttpResponseBadRequest("no such choice of keys")
        response.set_cookie(KEYS_COOKIE, keys, max_age=ONE_YEAR, httponly=True, samesite="Lax")
    if changed and isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(**changed)
    return response


def _back(request: Request) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else reverse("preferences")
