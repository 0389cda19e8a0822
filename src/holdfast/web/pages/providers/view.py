"""Identity providers: listed, entered, changed, switched off, removed."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.domain.colleagues import GIVES
from holdfast.domain.refusals import Refusal
from holdfast.services.people import providers as service
from holdfast.services.people.providers import Entered
from holdfast.store import providers as stored
from holdfast.store.providers import Provider
from holdfast.web import signing
from holdfast.web.access import ADMINS, only
from holdfast.web.pages.own.view import by
from holdfast.web.pages.people.words import roles
from holdfast.web.pages.sign_in.closed import said
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address

_FIELDS = {
    "bad_name": "name",
    "bad_label": "label",
    "no_client": "client_id",
    "no_domain": "domains",
    "role_above": "role",
    "unknown_role": "role",
}
_NEW: dict[str, str] = {
    "name": "", "label": "", "issuer": "", "client_id": "", "domains": "",
    "role": "read_only", "makes_people": "on", "own_second_factor": "",
}  # fmt: skip


@only(ADMINS)
@require_safe
@proved
def provider_list(request: Request) -> HttpResponse:
    """Every provider."""
    found = stored.listed(request.workspace)
    return show(request, "providers/list.html", place="preferences", providers=found)


@only(ADMINS)
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def provider_add(request: Request) -> HttpResponse:
    """Enter a provider; says what is wrong where it is."""
    if request.method != "POST":
        return _form(request, _NEW)
    name = request.POST.get("name", "").strip().lower()
    if stored.by_name(request.workspace, name) is not None:
        return HttpResponseRedirect(reverse("provider", args=[name]))
    return _kept(request, name, None)


@only(ADMINS)
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def provider(request: Request, provider: str) -> HttpResponse:
    """Show a provider, and change it. The secret is never shown; left empty it stays."""
    kept = stored.by_name(request.workspace, provider)
    if kept is None:
        raise Http404(provider)
    return _kept(request, provider, kept) if request.method == "POST" else _form(request, _typed(kept), kept)


@only(ADMINS)
@require_POST
@proved
def provider_do(request: Request, provider: str, do: str) -> HttpResponse:
    """Switch a provider on or off, or remove it."""
    if stored.by_name(request.workspace, provider) is None or do not in ("on", "off", "remove"):
        raise Http404(do)
    if do == "remove":
        service.remove(request.workspace, provider, by=by(request), now=signing.now())
    else:
        service.switch(request.workspace, provider, do == "on", by=by(request), now=signing.now())
    return HttpResponseRedirect(reverse("providers"))


def _kept(request: Request, name: str, kept: Provider | None) -> HttpResponse:
    typed = {each: request.POST.get(each, "") for each in _NEW}
    entered = Entered(
        name,
        typed["label"],
        typed["issuer"],
        typed["client_id"],
        request.POST.get("secret", ""),
        tuple(typed["domains"].replace(",", " ").split()),
        typed["role"],
        bool(typed["makes_people"]),
        bool(typed["own_second_factor"]),
    )
    try:
        made = service.keep(request.workspace, entered, by=by(request), now=signing.now())
    except Refusal as refusal:
        where = _FIELDS.get(refusal.code, "issuer")
        return _form(request, typed, kept, errors={where: said(request, refusal)})
    return HttpResponseRedirect(f"{reverse('provider', args=[made.name])}?done=1")


def _form(
    request: Request,
    typed: Mapping[str, str],
    kept: Provider | None = None,
    *,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    offered = [role for role in GIVES[by(request).role] if role != "admin"]
    back = reverse("sign_in_back", args=[kept.name]) if kept else ""
    return show(
        request,
        "providers/form.html",
        status=422 if errors else 200,
        place="preferences",
        kept=kept,
        typed=typed,
        errors=dict.fromkeys((*_FIELDS.values(), "issuer"), "") | dict(errors or {}),
        roles=roles(offered, request.reader),
        back=f"{our_address(request)}{back}" if kept else "",
        ours=our_address(request),
        done="done" in request.GET,
    )


def _typed(kept: Provider) -> dict[str, str]:
    return {
        "name": kept.name,
        "label": kept.label,
        "issuer": kept.issuer,
        "client_id": kept.client_id,
        "domains": " ".join(kept.domains),
        "role": kept.default_role,
        "makes_people": "on" if kept.makes_people else "",
        "own_second_factor": "on" if kept.own_second_factor else "",
    }
