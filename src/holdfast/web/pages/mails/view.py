"""Which mails one gets, and the link at the end of each by which it is switched off without signing in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import available_timezones

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from holdfast.domain.dashboards import EVERY, Every
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act.plays.colleagues import NOTIFIED
from holdfast.services.act.plays.second import ASKED, DECIDED
from holdfast.services.act.work_mail import ASSIGNED
from holdfast.services.prove import alert_mails, warning_mails
from holdfast.services.prove import digests as digest_acts
from holdfast.services.prove.files import READY
from holdfast.store import digests, mail_choices, message_settings, staff, staff_links
from holdfast.store.models import User
from holdfast.web.access import DECIDERS, EXPORTERS, READERS, WRITERS, for_everyone, may, only
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import person_id, refused


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of mail: its name, what it says of itself, and whether it is wanted."""

    name: str
    words: str
    below: str
    wanted: bool


@only(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: Request) -> HttpResponse:
    """What one gets by mail, to be switched on and off."""
    if request.method == "POST":
        return _choose(request)
    return _page(request)


def _page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    workspace = request.workspace
    return show(
        request,
        "mails/mails.html",
        status=status,
        place="preferences",
        sorts=_sorts(request),
        clock=digest_acts.clock_of(workspace, person_id(request)),
        clocks=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc")),
        has_digests=bool(digests.of_person(workspace, person_id(request))),
        reached=bool(message_settings.rules(workspace).public_url),
        wrong=wrong,
    )


def _sorts(request: Request) -> list[Sort]:
    reader, me = request.reader, person_id(request)
    chosen = mail_choices.chosen(request.workspace, me)
    role = request.user.role if isinstance(request.user, User) else ""
    found: list[tuple[str, Text, Text, bool]] = []
    if may(request.user, WRITERS):
        found += [
            (ASSIGNED, Text("A task or case becomes mine"), Text("not those I give to myself"), True),
            (NOTIFIED, Text("A play tells me of a customer"), Text("as the play says"), True),
        ]
    if may(request.user, DECIDERS):
        found += [
            (
                ASKED,
                Text("A play waits for a second person to launch it"),
                Text("not those I asked for"),
                True,
            ),
            (DECIDED, Text("What became of a play that I wanted launched"), Text("once it is decided"), True),
        ]
    if may(request.user, EXPORTERS):
        found.append((READY, Text("A file I asked for is ready"), Text("with the way to it"), True))
    usual = warning_mails.usual(role)
    found.append((warning_mails.SORT, warning_mails.WORDS, warning_mails.BELOW, usual))
    for code, words in alert_mails.KNOWN.items():
        usual = alert_mails.usual(role)
        found.append((alert_mails.sort_of(code), words, Text("an alert, once for each period"), usual))
    for each, title in digests.of_person(request.workspace, me):
        words = Text("Digest: {title}", title=title)
        found.append((f"digest.{each.digest.id}", words, _every(each.digest.every), True))
    return [
        Sort(name, reader.say(words), reader.say(below), chosen.get(name, usual))
        for name, words, below, usual in found
    ]


def _every(every: str) -> Text:
    known: dict[Every, Text] = EVERY
    return next((words for name, words in known.items() if name == every), Text("{every}", every=every))


def _choose(request: Request) -> HttpResponse:
    given, me = request.POST, person_id(request)
    wanted = set(given.getlist("mail"))
    mail_choices.choose(request.workspace, me, {each.name: each.name in wanted for each in _sorts(request)})
    clock = given.get("clock", "")
    if clock and clock != digest_acts.clock_of(request.workspace, me):
        try:
            digest_acts.choose_clock(request.workspace, me, clock)
        except Refusal as refusal:
            return _page(request, refused(refusal, request.reader), status=422)
    return say_next(HttpResponseRedirect(reverse("mails")), request.reader.gettext("It is noted."))


_Off = Callable[..., HttpResponse]


@for_everyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: Request, token: str) -> HttpResponse:
    """Switch one sort of mail off by the link in it: asked for on a page, done by one click (RFC 8058).

    A GET changes nothing, since mail scanners open every link. No cookie counts: the token says who it is.
    """
    workspace = request.workspace
    found = staff_links.read(workspace, token, now_us=int(datetime.now(UTC).timestamp() * 1_000_000))
    person = staff.colleague(workspace, found[0]) if found else None
    if found is None or person is None:
        return show(request, "mails/off.html", status=404, dead=True, done=False)
    if person.language:
        request.reader = Reader(person.language, workspace.zone)
    done = request.method == "POST"
    if done:
        wanted = request.POST.get("again") == "1"
        mail_choices.choose(workspace, person.id, {found[1]: wanted})
        done = not wanted
    response = show(
        request, "mails/off.html", dead=False, done=done, again=request.method == "POST" and not done
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
