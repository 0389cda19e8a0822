"""``/p/<token>`` and ``/u/<token>``: a customer's wishes, and unsubscribing, by a link in a message.

No sign-in, no cookie, no script: the token says whose wishes they are. A POST needs nothing but the
token, since mail programs send one themselves (RFC 8058); a GET never changes anything, since mail
scanners open every link.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from holdfast.domain.consent import PACES, TOPICS, How
from holdfast.domain.links import Expired, Forged, Link, Use
from holdfast.domain.moments import actual_us
from holdfast.language import Reader
from holdfast.services.act import wishes as service
from holdfast.web.access import for_everyone
from holdfast.web.pages.wishes import words
from holdfast.web.reading import Request, known_language
from holdfast.web.show import show

_View = Callable[[Request, str, Link], HttpResponse]
_ONE_CLICK = "List-Unsubscribe"
"""The field that a mail program sends (RFC 8058, section 3.1)."""


def _by_link(use: Use) -> Callable[[_View], Callable[[Request, str], HttpResponse]]:
    """Open a page by its token, and answer clearly for one that is forged or too old."""

    def opening(view: _View) -> Callable[[Request, str], HttpResponse]:
        @wraps(view)
        def opened(request: Request, token: str) -> HttpResponse:
            try:
                link = service.opened(request.workspace, token, use, now_us=actual_us())
            except Forged:
                response = show(request, "wishes/dead.html", status=404, expired=False, languages=False)
            except Expired:
                response = show(request, "wishes/dead.html", status=410, expired=True, languages=False)
            else:
                asked = request.GET.get("lang", "")
                code = asked if known_language(asked) else link.language
                request.reader = Reader(code, request.workspace.zone)
                response = view(request, token, link)
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = "no-referrer"
            return response

        return opened

    return opening


@for_everyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link("wishes")
def wishes(request: Request, token: str, link: Link) -> HttpResponse:
    """What the customer wants to hear from us, and by POST what from now on."""
    workspace, reader = request.workspace, request.reader
    if request.method == "POST":
        _keep(request, link)
        again = reverse("wishes", args=[token])
        return HttpResponseRedirect(f"{again}?{_query(request)}said=1")
    found = service.wishes(workspace, link)
    return show(
        request,
        "wishes/wishes.html",
        languages=True,
        said=request.GET.get("said") == "1",
        nothing=not found.topics,
        lang=request.GET.get("lang", ""),
        topics=words.topics(found, reader),
        channels=words.channels(found, reader),
        paces=words.paces(found, reader),
        what=words.WHAT,
        how=words.HOW,
        often=words.OFTEN,
        pause=words.PAUSE,
        pauses=words.pauses(service.paused_until(workspace, link, now_us=actual_us()), reader),
    )


@for_everyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link("unsubscribe")
def unsubscribe(request: Request, token: str, link: Link) -> HttpResponse:
    """A button; by POST, whoever sent it, the end of these messages."""
    workspace, reader = request.workspace, request.reader
    question = reader.say(words.unsubscribe_words(link.channel, workspace.name))
    done = request.method == "POST"
    if done:
        how: How = "one_click" if _ONE_CLICK in request.POST else "page"
        since = service.unsubscribe(workspace, link, how, wording=question, now_us=actual_us())
    else:
        since = service.wishes(workspace, link).refused_us
    again = service.token_for(workspace, link, "wishes")
    return show(
        request,
        "wishes/unsubscribe.html",
        languages=True,
        done=done,
        since="" if since is None else words.day(since, reader),
        question=question,
        wishes_url=f"{reverse('wishes', args=[again])}?{_query(request)}".rstrip("?&"),
    )


def _keep(request: Request, link: Link) -> None:
    """Keep what was chosen; what is none of the choices is passed over."""
    said = words.wording(request.reader, request.workspace.name)
    if "nothing" in request.POST:
        service.refuse_all(request.workspace, link, wording=said[""], now_us=actual_us())
        return
    pace = request.POST.get("pace", "")
    service.keep(
        request.workspace,
        link,
        [each for each in request.POST.getlist("topic") if each in TOPICS],
        request.POST.getlist("channel"),
        PACES[PACES.index(pace)] if pace in PACES else "",
        wording=said,
        now_us=actual_us(),
    )
    _keep_pause(request, link)


def _keep_pause(request: Request, link: Link) -> None:
    chosen = request.POST.get("pause", "")
    if chosen == words.GO_ON:
        service.pause(request.workspace, link, None, now_us=actual_us())
    elif chosen in {str(days) for days in service.PAUSES}:
        service.pause(request.workspace, link, int(chosen), now_us=actual_us())


def _query(request: Request) -> str:
    """The language that was chosen on the page, to be kept."""
    asked = request.GET.get("lang", "")
    return f"lang={asked}&" if known_language(asked) else ""
