"""``/act/plays/rules``: what holds of all plays: whom no marketing touches, who launches, what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.texts import Text
from holdfast.store import plays as stored
from holdfast.store import plays_proved
from holdfast.web import watching
from holdfast.web.access import DECIDERS, only
from holdfast.web.figures import currency_sign, percent_sign
from holdfast.web.pages.plays import costs
from holdfast.web.pages.plays.fields import number
from holdfast.web.pages.segments import form
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next

FIELDS = ("hold_out", "approve_above")

MOST_HELD_OUT = 50
"""Per cent: more would leave most customers alone for the sake of counting."""

MOST_ALONE = 100_000_000

_GROUPS = re.compile(r"(?<=\d)[,.\s\u2019\u066c](?=\d{3}(?!\d))")
"""What stands between the thousands of a whole number, in any of our languages."""


@only(DECIDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: Request) -> HttpResponse:
    """What holds, and the form that changes it."""
    if request.method != "POST":
        return _page(request)
    typed = {name: request.POST.get(name, "").strip()[:20] for name in (*FIELDS, *costs.names())}
    errors, (held, alone) = _read(typed)
    wrong, prices = costs.read(request.workspace, typed)
    errors |= wrong
    if errors:
        return _page(request, typed, errors)
    stored.save_settings(request.workspace, hold_out=held / 100, approve_above=int(alone))
    plays_proved.set_costs(request.workspace, prices)
    watching.changed(request, "play_rules.changed", "setting:plays", hold_out=held / 100)
    said = request.reader.say(Text("Kept. It holds for whoever enters from now on."))
    return say_next(HttpResponseRedirect(reverse("plays")), said)


def _read(typed: Mapping[str, str]) -> tuple[dict[str, Text], tuple[float, float]]:
    """What is wrong with what was typed, by field, and its numbers."""
    held, alone = form.as_number(typed["hold_out"]), form.as_number(_GROUPS.sub("", typed["approve_above"]))
    errors: dict[str, Text] = {}
    if held is None or not 0 <= held <= MOST_HELD_OUT:
        errors["hold_out"] = Text("A number from 0 to {most}.", most=MOST_HELD_OUT)
    if alone is None or alone != int(alone) or not 0 <= alone <= MOST_ALONE:
        errors["approve_above"] = Text("A whole number from 0 to {most}.", most=MOST_ALONE)
    return errors, (float(held or 0), float(alone or 0))


def _page(
    request: Request, typed: Mapping[str, str] | None = None, errors: Mapping[str, Text] | None = None
) -> HttpResponse:
    reader, workspace = request.reader, request.workspace
    kept = stored.read_settings(workspace)
    if errors:
        watching.tried(request)
    return show(
        request,
        "plays/rules.html",
        status=422 if errors else 200,
        place="outbox",
        typed=typed
        or {
            "hold_out": number(f"{kept.hold_out * 100:g}", reader),
            "approve_above": number(kept.approve_above, reader),
        },
        costs=costs.shown(typed or costs.kept(workspace, reader), errors or {}, reader),
        currency=currency_sign(workspace.currency or NO_CURRENCY, reader),
        percent=percent_sign(reader),
        errors={name: reader.say(errors[name]) if errors and name in errors else "" for name in FIELDS},
    )
