"""The page of what is kept for how long: rules by sort of event, and what they would delete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.domain.retention import Rule, check_rule
from holdfast.services.keep.retention import preview
from holdfast.store import retention
from holdfast.store.models import User
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.privacy import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present


@only(DECIDERS)
@require_safe
def kept(request: Request) -> HttpResponse:
    """Every rule, how much is older, and the form for another."""
    return _shown(request, {})


@only(DECIDERS)
@require_POST
def keep(request: Request) -> HttpResponse:
    """Decide for how long events of a sort are kept; with ``look`` only say what would go."""
    typed = request.POST.dict()
    try:
        rule = check_rule(Rule(words.what(typed), words.days(typed)))
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
        return _shown(request, typed, error=said)
    if "look" in typed:
        return _shown(request, typed, looked=rule)
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    retention.set_rule(request.workspace, rule, by=cast(User, request.user).email, now_us=now_us)
    return HttpResponseRedirect(reverse("retention"))


@only(DECIDERS)
@require_POST
def keep_all(request: Request) -> HttpResponse:
    """Take a rule away: what is there is kept again."""
    retention.remove_rule(request.workspace, request.POST.get("what", ""))
    return HttpResponseRedirect(reverse("retention"))


def _shown(
    request: Request, typed: Mapping[str, str], *, error: str = "", looked: Rule | None = None
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    rules = retention.rules(workspace)
    counted = [each.rule for each in rules if looked is None or each.rule.what != looked.what]
    asked = [*counted, *([] if looked is None else [looked])]
    now_us = int(present(workspace).timestamp() * 1_000_000)
    found = preview(workspace, asked, now_us=now_us)
    return show(
        request,
        "privacy/retention.html",
        status=422 if error else 200,
        place="preferences",
        sentence=words.rules_sentence(rules, reader),
        rules=words.rules(rules, found.by_rule, reader),
        groups=words.groups(reader),
        looked=None if looked is None else words.looked(looked, found.by_rule.get(looked.what, 0), reader),
        last=words.last_time(retention.last_run(workspace), reader),
        typed={"group": "", "name": "", "days": ""} | dict(typed),
        error=error,
    )
