"""``/settings/messages``: how mails leave, what proves them, whom safe mode lets through, and Stop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import cast

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.connectors import dns_records
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act import rules, setting_up
from holdfast.store import channel_settings, message_settings, outbox_reading
from holdfast.store.models import User
from holdfast.web.access import ADMINS, DECIDERS, may, only
from holdfast.web.pages.messages import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next

_FIELDS = {"bad_address": "listed", "bad_url": "public", "bad_machine": "machines"}


@only(DECIDERS)
@require_safe
def messages(request: Request) -> HttpResponse:
    """Everything about sending; what only an administrator changes is shown to deciders as it is."""
    return _shown(request)


@only(DECIDERS)
@require_POST
def stop(request: Request) -> HttpResponse:
    """Stop everything that would go out."""
    done = rules.stop(
        request.workspace, why=request.POST.get("why", ""), by=_who(request), now_us=actual_us()
    )
    said = Text("All sending is stopped.") if done else Text("Sending was stopped already.")
    return _done(request, said)


@only(ADMINS)
@require_POST
def start(request: Request) -> HttpResponse:
    """Let sending go on."""
    rules.start(request.workspace, by=_who(request), now_us=actual_us())
    return _done(request, Text("Sending goes on."))


@only(ADMINS)
@require_POST
def change(request: Request, do: str) -> HttpResponse:
    """Change one part of it; what is wrong is said beside it."""
    act = _CHANGES.get(do)
    if act is None:
        raise BadRequest(f"do={do}")
    try:
        return act(request)
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        return _shown(request, errors={_FIELDS.get(refusal.code, "page"): said}, typed=request.POST.dict())


@only(ADMINS)
@require_safe
def test(request: Request, test_id: int) -> HttpResponse:
    """What became of a mail to try."""
    found = outbox_reading.one(request.workspace, test_id)
    if found is None or found.person_id != cast(User, request.user).pk:
        raise Http404(str(test_id))
    return show(request, "messages/test.html", test=words.shown_test(found, request.reader))


def _set_smtp(request: Request) -> HttpResponse:
    typed = request.POST.dict()
    wrong = setting_up.set_smtp(request.workspace, typed, now_us=actual_us())
    if wrong:
        return _shown(request, wrong=wrong, typed=typed)
    return _done(request, Text("The mail server is kept."))


def _make_key(request: Request) -> HttpResponse:
    setting_up.make_key(request.workspace, now_us=actual_us())
    return _done(request, Text("A new key was made. Enter its record in the DNS."))


def _check(request: Request) -> HttpResponse:
    found = setting_up.check_domain(request.workspace, dns_records.usual(), now_us=actual_us())
    said = (
        Text("The domain passed. Safe mode has ended.")
        if found.passed
        else Text("The domain does not pass yet.")
    )
    return _done(request, said)


def _test(request: Request) -> HttpResponse:
    reader, person = request.reader, cast(User, request.user)
    touch_id = setting_up.ask_for_test(
        request.workspace,
        to=person.email,
        person_id=person.pk,
        subject=reader.say(words.TEST_SUBJECT),
        text=reader.say(words.test_text(request.workspace.name)),
        language=reader.code,
        now_us=actual_us(),
    )
    return HttpResponseRedirect(f"{reverse('messages')}?test={touch_id}#test")


def _list(request: Request) -> HttpResponse:
    rules.set_listed(request.workspace, request.POST.get("listed", ""))
    return _done(request, Text("The list is kept."))


def _basis(request: Request) -> HttpResponse:
    rules.set_basis(request.workspace, request.POST.get("basis", ""))
    return _done(request, Text("The choice is kept."))


def _public(request: Request) -> HttpResponse:
    rules.set_public_url(request.workspace, request.POST.get("public", ""))
    return _done(request, Text("The address is kept."))


def _machines(request: Request) -> HttpResponse:
    rules.set_machines(request.workspace, request.POST.get("machines", ""))
    return _done(request, Text("The machines are kept. Look at the domain again."))


def _clicks(request: Request) -> HttpResponse:
    message_settings.set_counts_clicks(request.workspace, bool(request.POST.get("clicks")))
    message_settings.set_counts_opens(request.workspace, bool(request.POST.get("opens")))
    return _done(request, Text("The choice is kept."))


_CHANGES: dict[str, Callable[[Request], HttpResponse]] = {
    "server": _set_smtp,
    "key": _make_key,
    "check": _check,
    "test": _test,
    "listed": _list,
    "basis": _basis,
    "clicks": _clicks,
    "public": _public,
    "machines": _machines,
}


def _shown(
    request: Request,
    *,
    wrong: Collection[str] = (),
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    holds, proven = message_settings.rules(workspace), message_settings.proven(workspace)
    kept = channel_settings.read(workspace, setting_up.EMAIL)
    given = {
        "listed": "\n".join(sorted(holds.listed)),
        "public": holds.public_url,
        "machines": " ".join(message_settings.senders(workspace)),
    } | dict(typed or {})
    return show(
        request,
        "messages/messages.html",
        status=422 if wrong or errors else 200,
        place="preferences",
        stop_words=words.stop_words(holds.stop, reader) if holds.stop else "",
        safe=holds.safe,
        fields=words.shown_fields(setting_up.form(workspace, typed), wrong, reader),
        is_set=kept is not None,
        trouble=reader.say(kept.trouble) if kept is not None and kept.trouble is not None else "",
        key=setting_up.key(workspace),
        findings=words.shown_findings(setting_up.findings_of(proven), reader) if proven else [],
        looked=words.moment(proven.at_us, reader) if proven else "",
        domain=proven.domain if proven else "",
        doubted=proven is not None and proven.passed and proven.doubted_us is not None,
        staff=sorted(holds.staff),
        typed=given,
        basis=holds.basis,
        counts_clicks=message_settings.counts_clicks(workspace),
        counts_opens=message_settings.counts_opens(workspace),
        bases=[(value, reader.say(each)) for value, each in words.BASES.items()],
        basis_hint=words.BASIS_HINT,
        test=_asked_test(request),
        errors={"listed": "", "public": "", "machines": "", "page": ""} | dict(errors or {}),
        may_set=may(request.user, ADMINS),
    )


def _asked_test(request: Request) -> words.ShownTest | None:
    asked = request.GET.get("test", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    found = outbox_reading.one(request.workspace, int(asked))
    if found is None or found.person_id != cast(User, request.user).pk:
        return None
    return words.shown_test(found, request.reader)


def _done(request: Request, said: Text) -> HttpResponse:
    return say_next(HttpResponseRedirect(reverse("messages")), request.reader.say(said))


def _who(request: Request) -> str:
    return cast(User, request.user).email
