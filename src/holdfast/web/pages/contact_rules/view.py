"""``/settings/contact-rules``: how often, when and at which hours customers are written to."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.services.act import contact_rules as service
from holdfast.store import message_settings
from holdfast.web.access import ADMINS, DECIDERS, may, only
from holdfast.web.pages.contact_rules import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next


@only(DECIDERS)
@require_safe
def contact_rules(request: Request) -> HttpResponse:
    """The rules that hold, and what was sent month by month."""
    return _shown(request)


@only(ADMINS)
@require_POST
def try_out(request: Request) -> HttpResponse:
    """What these rules would have done with the messages of the last 30 days; nothing is kept."""
    typed = request.POST.dict()
    policy, wrong = service.typed_rules(typed)
    if policy is None:
        return _shown(request, typed=typed, wrong=wrong)
    return _shown(request, typed=typed, tried=service.try_out(request.workspace, policy, now_us=actual_us()))


@only(ADMINS)
@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep the rules: they hold for whatever goes from now on."""
    typed = request.POST.dict()
    policy, wrong = service.typed_rules(typed)
    if policy is None:
        return _shown(request, typed=typed, wrong=wrong)
    service.keep(request.workspace, policy, now_us=actual_us())
    said = request.reader.say(Text("The rules are kept. They hold for whatever goes from now on."))
    return say_next(HttpResponseRedirect(reverse("contact_rules")), said)


def _shown(
    request: Request,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, Text] | None = None,
    tried: service.Tried | None = None,
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    given = typed if typed is not None else words.typed_of(message_settings.contact_rules(workspace))
    errors = {name: reader.say(expected) for name, expected in (wrong or {}).items()}
    return show(
        request,
        "contact_rules/contact_rules.html",
        status=422 if errors else 200,
        place="preferences",
        lines=words.lines(given, errors, reader),
        typed=given,
        errors=errors,
        tried="" if tried is None else words.tried_words(tried, reader),
        held=[] if tried is None else words.held_words(tried, reader),
        months=words.shown_months(service.by_month(workspace, now_us=actual_us()), reader),
        may_set=may(request.user, ADMINS),
    )
