"""The page of write keys: who may send events, a new key, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.keys import create_key
from holdfast.store import write_keys as stored
from holdfast.store.models import User
from holdfast.store.people import listed as people_here
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.keys import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address

_FIELDS = {
    "bad_origin": "sites",
    "not_for_browsers": "sites",
    "no_such_person": "acts_for",
    "not_allowed": "acts_for",
    "bad_days": "days",
}
_TYPED = {"name": "", "use": "browser", "sites": "", "acts_for": "", "days": ""}


@only(DECIDERS)
@require_safe
def write_keys(request: Request) -> HttpResponse:
    """Every key, and the form for a new one."""
    return _shown(request, {})


@only(DECIDERS)
@require_POST
def create(request: Request) -> HttpResponse:
    """Make a key and show it this once; says what is wrong where it is."""
    typed = request.POST.dict()
    person = cast(User, request.user)
    given = cast(dict[str, Any], words.read_form(typed))
    try:
        key, secret = create_key(
            request.workspace, **given, made_by=person.email, maker_role=person.role, now=datetime.now(UTC)
        )
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
        return _shown(request, typed, errors={_FIELDS.get(refusal.code, "name"): said})
    return _shown(request, {}, made=words.made(key, secret, our_address(request)))


@only(DECIDERS)
@require_POST
def revoke(request: Request, key_id: int) -> HttpResponse:
    """Take a key back: what it sends from now on is refused."""
    stored.revoke(request.workspace, key_id, now_us=int(datetime.now(UTC).timestamp() * 1_000_000))
    return HttpResponseRedirect(reverse("write_keys"))


def _shown(
    request: Request,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    made: words.MadeKey | None = None,
) -> HttpResponse:
    found, people = stored.listed(request.workspace), people_here(request.workspace)
    return show(
        request,
        "keys/keys.html",
        status=422 if errors else 200,
        place="collect",
        sentence=words.sentence(found, request.reader),
        keys=words.shown(found, {each.id: each.called for each in people}, request.reader),
        people=[each.email for each in people if each.active],
        typed=_TYPED | dict(typed),
        errors=dict.fromkeys(_TYPED, "") | dict(errors or {}),
        made=made,
    )
