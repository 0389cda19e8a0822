"""``/s/<token>``: one question to a customer, answered by a button. No sign-in, no cookie, no script.

The link says whose answer it is. A GET never keeps anything, since mail scanners open every link: an answer
in the address is only chosen already.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from holdfast.domain import surveys
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.surveys import Answer
from holdfast.language import Reader
from holdfast.services.act import survey_letters
from holdfast.services.act import surveys as service
from holdfast.store.surveys import Asked
from holdfast.web.access import for_everyone
from holdfast.web.reading import Request, known_language
from holdfast.web.show import show


@for_everyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, token: str) -> HttpResponse:
    """The question with what can be answered; by POST the answer, once."""
    response = _answered(request, token)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answered(request: Request, token: str) -> HttpResponse:
    try:
        asked = service.opened(request.workspace, token, now_us=actual_us())
    except Refusal as refusal:
        said = refusal.found
        return show(request, "surveys/dead.html", status=410, said=said, languages=False)
    if asked is None:
        return show(request, "surveys/dead.html", status=404, said=None, languages=False)
    chosen = request.GET.get("lang", "")
    code = next((each for each in (chosen, asked.language) if known_language(each)), request.reader.code)
    request.reader = Reader(code, request.workspace.zone)
    if request.method != "POST" or asked.answered_us is not None:
        return _page(request, asked, request.GET.get("a", ""))
    given = Answer(
        surveys.as_score(request.POST.get("a", ""), asked.kind, len(asked.choices)),
        request.POST.get("words", "")
        .replace("\r\n", "\n")
        .replace("\0", "")
        .strip()[: surveys.LONGEST_WORDS],
    )
    if not surveys.is_answer(asked.kind, given):
        return _page(request, asked, "", given.words, status=422)
    service.answer(request.workspace, asked, given, now_us=actual_us())
    again = reverse("survey_answer", args=[token])
    return HttpResponseRedirect(f"{again}?lang={chosen}" if known_language(chosen) else again)


def _page(request: Request, asked: Asked, chosen: str, words: str = "", *, status: int = 200) -> HttpResponse:
    reader = request.reader
    scale = survey_letters.SCALE.get(asked.kind)
    return show(
        request,
        "surveys/answer.html",
        status=status,
        languages=True,
        question=asked.question,
        asked_in=asked.language,
        done=asked.answered_us is not None,
        options=survey_letters.labels(asked.kind, asked.choices, reader),
        scale="" if scale is None else reader.say(scale),
        chosen=surveys.as_score(chosen, asked.kind, len(asked.choices)),
        words=words,
        wrong=status != 200,
        most=surveys.LONGEST_WORDS,
        lang=request.GET.get("lang", "") if known_language(request.GET.get("lang", "")) else "",
    )
