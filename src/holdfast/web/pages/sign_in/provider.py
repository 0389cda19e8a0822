"""Signing in by word of an identity provider: led there, and back.

Led there by a link and not by a form: a browser that obeys our policy sends no form elsewhere, not even by
way of us. What is begun is kept in the session, for ten minutes and one answer.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.connectors.oidc import Attempt, Claims, Client, begin, not_believed
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.people import arrive
from holdfast.services.people.providers import oidc, wanted
from holdfast.store import providers, second_factor
from holdfast.store.models import User
from holdfast.store.providers import Provider
from holdfast.web import signing
from holdfast.web.access import for_everyone
from holdfast.web.pages.sign_in.closed import closed
from holdfast.web.reading import Request
from holdfast.web.visitor import our_address

FLOW = "flow"
"""In the session: what was begun with a provider, and what for ("sign_in", "link", "prove")."""

_TEN_MINUTES_US = 600_000_000


@for_everyone
@require_safe
def sign_in_with(request: Request, provider: str) -> HttpResponse:
    """Lead somebody to the provider, to come back signed in; with ``invitation`` they come by its link."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(signing.ours(request, request.GET.get("next", ""), reverse("overview")))
    try:
        return lead(
            request,
            provider,
            why="sign_in",
            wanted_page=signing.ours(request, request.GET.get("next", ""), reverse("overview")),
            invitation=request.GET.get("invitation", "")[:100],
        )
    except Refusal as refusal:
        return closed(request, refusal)


def lead(request: Request, name: str, *, why: str, wanted_page: str, invitation: str = "") -> HttpResponse:
    """Begin with a provider. Refuses one that there is not, that is off, or that does not answer."""
    provider = _on(request, name)
    attempt = begin()
    client = _client(request, provider)
    address = oidc().way_there(client, attempt, anew=why == "prove", now_s=signing.now().timestamp())
    request.session[FLOW] = {
        "provider": provider.name,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "why": why,
        "next": wanted_page,
        "invitation": invitation,
        "person": request.user.pk if request.user.is_authenticated else None,
        "at": actual_us(),
    }
    return HttpResponseRedirect(address)


@for_everyone
@require_safe
def sign_in_back(request: Request, provider: str) -> HttpResponse:
    """Where the provider leads back to: who came is let in, linked, or has proved who they are."""
    flow: Any = request.session.pop(FLOW, None)
    try:
        known = _on(request, provider)
        claims = _claims(request, known, flow)
        if flow["why"] == "sign_in":
            return _let_in(request, known, claims, flow)
        return _for_who_is_here(request, known, claims, flow)
    except Refusal as refusal:
        signing.refused(request, None, f"provider {provider[:40]}: {refusal.code}")
        return closed(request, refusal)


def _claims(request: Request, provider: Provider, flow: Any) -> Claims:
    """What the provider says, for the attempt that this browser began and no other."""
    asked = request.GET
    fits = (
        flow is not None
        and flow["provider"] == provider.name
        and actual_us() - flow["at"] < _TEN_MINUTES_US
        and hmac.compare_digest(flow["state"].encode(), asked.get("state", "").encode())
        and asked.get("iss", provider.issuer) == provider.issuer
        and flow["person"] == (request.user.pk if request.user.is_authenticated else None)
    )
    if not fits:
        raise not_believed(Text("This answer does not belong to a sign-in that was begun in this browser."))
    if not asked.get("code") or "error" in asked:
        raise not_believed(Text("{provider} did not sign you in.", provider=provider.label))
    attempt = Attempt(flow["state"], flow["nonce"], flow["verifier"])
    return oidc().who_came(
        _client(request, provider),
        attempt,
        asked["code"],
        anew=flow["why"] == "prove",
        now_s=signing.now().timestamp(),
    )


def _let_in(request: Request, provider: Provider, claims: Claims, flow: Any) -> HttpResponse:
    came = arrive.arrive(
        request.workspace,
        provider,
        claims,
        invitation=flow["invitation"],
        language=request.reader.language.code,
        now=signing.now(),
    )
    if not came.linked:
        request.session[signing.TO_LINK] = {
            "person": came.person_id,
            "provider": provider.name,
            "label": provider.label,
            "sub": claims.sub,
        }
        return HttpResponseRedirect(reverse("sign_in"))
    person = User.objects.get(pk=came.person_id)
    if not provider.own_second_factor and second_factor.is_on(request.workspace, person.pk):
        signing.ask_for_code(request, person, flow["next"], by=provider.name)
        return HttpResponseRedirect(reverse("sign_in_code"))
    signing.let_in(request, person, by=provider.name, factor=provider.own_second_factor)
    return HttpResponseRedirect(signing.ours(request, flow["next"], reverse("overview")))


def _for_who_is_here(request: Request, provider: Provider, claims: Claims, flow: Any) -> HttpResponse:
    """Link the provider to who is signed in, or take its word that they are still the same."""
    workspace, person_id = request.workspace, int(request.user.pk or 0)
    if flow["why"] == "link":
        arrive.link_here(workspace, person_id, provider, claims, now=signing.now())
    elif providers.person_of(workspace, provider.issuer, claims.sub, now_us=actual_us()) == person_id:
        signing.prove(request)
    else:
        raise not_believed(Text("You signed in there as somebody else."))
    return HttpResponseRedirect(signing.ours(request, flow["next"], reverse("own_sign_in")))


def _on(request: Request, name: str) -> Provider:
    provider = wanted(request.workspace, name)
    if not provider.enabled:
        raise Refusal(
            "provider_off",
            found=Text("Nobody signs in with {provider} at the moment.", provider=provider.label),
            expected=Text("A way in that an administrator has switched on."),
            remedy=Text("Sign in with your password, or ask whoever runs Holdfast here."),
        )
    return provider


def _client(request: Request, provider: Provider) -> Client:
    back = f"{our_address(request)}{reverse('sign_in_back', args=[provider.name])}"
    secret = providers.secret_of(request.workspace, provider.id)
    return Client(provider.issuer, provider.client_id, secret, back)
