"""Apps of the company in which our messages stand: connected and changed, with the line for their pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.domain.refusals import Refusal
from holdfast.services.act import in_app
from holdfast.services.act.in_app import AppOptions
from holdfast.store.in_app import KIND
from holdfast.web.access import ADMINS, only
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

_FIELDS = {
    "bad_name": "name",
    "name_taken": "name",
    "bad_namespace": "namespace",
    "bad_origin": "origins",
    "too_long": "title",
}


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_app(request: Request) -> HttpResponse:
    """The form for an app; its secret is shown this once."""
    if request.method != "POST":
        typed = {"name": "app", "title": request.workspace.name, "namespace": "customer"}
        return _form(request, None, typed)
    typed = request.POST.dict()
    try:
        source, secret = in_app.add_app(
            request.workspace,
            typed.get("name", "").strip(),
            typed.get("namespace", "").strip(),
            _options(typed),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return _form(request, None, typed, refusal)
    return _form(request, source, _typed_of(source), secret=secret)


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def one_app(request: Request, name: str) -> HttpResponse:
    """One app: what to put into its pages, how its server signs, and the form."""
    source = _there(request, name)
    if request.method != "POST":
        return _form(request, source, _typed_of(source))
    typed = request.POST.dict()
    try:
        in_app.change_app(request.workspace, source, _options(typed))
    except Refusal as refusal:
        return _form(request, source, _typed_of(source) | typed, refusal)
    return HttpResponseRedirect(reverse("app_one", args=[name]))


@only(ADMINS)
@require_POST
def new_secret(request: Request, name: str) -> HttpResponse:
    """A new secret, shown this once; the old one holds no longer."""
    source = _there(request, name)
    return _form(request, source, _typed_of(source), secret=in_app.renew_secret(request.workspace, source))


def _there(request: Request, name: str) -> LiveSource:
    from holdfast.store import live_sources

    found = live_sources.by_name(request.workspace, name)
    if found is None or found.kind != KIND:
        raise Http404(name)
    return found


def _options(typed: Mapping[str, str]) -> AppOptions:
    sites = tuple(dict.fromkeys(typed.get("origins", "").replace(",", " ").split()))[:20]
    return AppOptions(typed.get("title", "").strip(), sites)


def _typed_of(source: LiveSource) -> dict[str, str]:
    kept = in_app.app_options(source.options)
    return {"title": kept.title, "origins": " ".join(kept.origins), "namespace": source.namespace}


def _form(
    request: Request,
    source: LiveSource | None,
    typed: Mapping[str, str],
    refusal: Refusal | None = None,
    *,
    secret: str = "",
) -> HttpResponse:
    reader, errors = request.reader, dict.fromkeys(("name", "namespace", "title", "origins", ""), "")
    if refusal is not None:
        said = f"{reader.say(refusal.found)} {reader.say(refusal.expected)}"
        errors[_FIELDS.get(refusal.code, "")] = said
    return show(
        request,
        "inbox/app.html",
        status=422 if refusal is not None else 200,
        place="inbox",
        source=source,
        typed=dict.fromkeys(("name", "namespace", "title", "origins"), "") | dict(typed),
        errors=errors,
        secret=secret,
        **_told(request, source),
    )


def _told(request: Request, source: LiveSource | None) -> dict[str, str]:
    """What whoever builds the app has to put into it."""
    address, name = our_address(request), source.name if source else ""
    return {
        "snippet": f'<script async src="{address}{reverse("in_app_script")}" data-app="{name}" '
        'data-customer="CUSTOMER_ID" data-proof="PROOF"></script>',
        "signing": 'hmac.new(secret.encode(), customer_id.encode(), "sha256").hexdigest()',
        "policy": f"script-src {address}; connect-src {address}",
    }
