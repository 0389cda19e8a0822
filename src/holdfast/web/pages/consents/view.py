"""``/settings/consents``: who agreed and who wants no more, from Mailchimp, Mautic or a CSV file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.consent import TOPIC_WORDS, TOPICS
from holdfast.domain.documents import MOST_BYTES as MOST_UPLOADED
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.bringing_consents import LONGEST_WORDING, OUTCOMES, Brought, Meant, bring
from holdfast.services.act.consent_files import FORMATS, read_files
from holdfast.web.access import DECIDERS, only
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.uploads import too_large
from holdfast.web.watching import changed
from holdfast.web.work_words import Typed, email, refused

MOST_FILES = 10


@only(DECIDERS)
@require_safe
def consents(request: Request) -> HttpResponse:
    """The form."""
    return _page(request)


@only(DECIDERS)
@require_POST
def take(request: Request) -> HttpResponse:
    """Take files in, or only say what would become of their rows."""
    given, form = request.POST, request.POST.get("form", "")
    try_out = "try" in given
    meant = Meant(
        f"{form}, brought by hand",
        tuple(each for each in TOPICS if each in given.getlist("topic")),
        given.get("wording", "").strip()[:LONGEST_WORDING],
        email(request),
    )
    try:
        with _kept(_files(request)) as paths:
            found = bring(
                request.workspace, read_files(paths, form), meant, now_us=actual_us(), try_out=try_out
            )
    except Refusal as refusal:
        return _page(request, refused(refusal, request.reader), status=422)
    if not try_out:
        changed(request, "consents.brought", "page:consents", rows=sum(found.counts.values()))
    return _page(request, found=found, tried=try_out)


def _files(request: Request) -> Sequence[UploadedFile[bytes]]:
    """The files that were brought. Refuses ("no_file") none, too many and too large ones.

    Where one is cut off, what stands behind it in the form is lost too: even that it is only tried out.
    """
    files = request.FILES.getlist("file")  # reads the request: whether it was cut off is known after
    if too_large(request) or not 0 < len(files) <= MOST_FILES:
        raise Refusal(
            "no_file",
            found=Text("No file was chosen, too many were, or one is too large."),
            expected=Text("Up to {n} files of an export.", n=MOST_FILES),
            remedy=Text(
                "Choose the ZIP or the CSV files of the export, together at most {most} MB; "
                "nothing was imported.",
                most=MOST_UPLOADED // 1_000_000,
            ),
        )
    return files


@contextmanager
def _kept(files: Sequence[UploadedFile[bytes]]) -> Iterator[list[tuple[str, Path]]]:
    """The files on disk while they are read."""
    with tempfile.TemporaryDirectory(prefix="holdfast-") as folder:
        paths: list[tuple[str, Path]] = []
        for number, each in enumerate(files):
            path = Path(folder) / str(number)
            with path.open("wb") as target:
                target.writelines(each.chunks())
            paths.append((str(each.name)[:200], path))
        yield paths


def _page(
    request: Request, wrong: str = "", *, found: Brought | None = None, tried: bool = False, status: int = 200
) -> HttpResponse:
    reader = request.reader
    given: Mapping[str, str] = request.POST.dict()
    chosen = request.POST.getlist("topic") if request.method == "POST" else ["news"]
    return show(
        request,
        "consents/consents.html",
        status=status,
        place="preferences",
        forms=[(name, reader.say(words)) for name, (words, _) in FORMATS.items()],
        topics=[(each, reader.say(TOPIC_WORDS[each]), each in chosen) for each in TOPICS],
        longest=LONGEST_WORDING,
        outcomes=[(reader.say(words), reader.number(found.counts[name])) for name, words in OUTCOMES.items()]
        if found is not None
        else [],
        rejected=[(each.place, reader.say(each.why)) for each in found.rejected] if found is not None else [],
        tried=tried,
        wrong=wrong,
        typed=Typed(given),
    )
