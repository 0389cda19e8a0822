"""Documents of a customer: taken in, handed out as files to be saved, taken away, brought back."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care import documents
from holdfast.services.collect.care.who import Who, who
from holdfast.web.access import READERS, WRITERS, only
from holdfast.web.pages.customer.acts import acted, email, now_us
from holdfast.web.reading import Request
from holdfast.web.uploads import too_large


@only(WRITERS)
@require_POST
def add_document(request: Request, unit_id: int) -> HttpResponse:
    """Keep one file with a customer."""

    def act(about: Who) -> tuple[str, int]:
        file = request.FILES.get("file")  # reads the request: whether it was cut off is known after
        if too_large(request):
            raise documents.too_large()
        if file is None or file.name is None or file.file is None:
            raise _nothing()
        documents.add_document(
            request.workspace,
            about,
            file.name,
            cast(BinaryIO, file.file),
            by=email(request),
            now_us=now_us(request),
        )
        return "document_added", 0

    return acted(request, unit_id, "document", act)


@only(READERS)
@require_safe
def document(request: Request, unit_id: int, document_id: int) -> FileResponse:
    """A document as a file to be saved: never shown in the page, never run, whatever is in it."""
    try:
        found, content = documents.open_document(
            request.workspace, who(request.workspace, unit_id), document_id
        )
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


@only(WRITERS)
@require_POST
def change_document(request: Request, unit_id: int, document_id: int, do: str) -> HttpResponse:
    """Take a document away, or bring it back."""

    def act(about: Who) -> tuple[str, int]:
        if do == "delete":
            documents.delete_document(
                request.workspace, about, document_id, by=email(request), now_us=now_us(request)
            )
            return "document_deleted", document_id
        if do != "restore":
            raise Http404(f"nothing is done to a document by {do!r}")
        documents.restore_document(request.workspace, about, document_id)
        return "document_restored", document_id

    return acted(request, unit_id, "document", act)


def _nothing() -> Refusal:
    return Refusal(
        "no_file",
        found=Text("No file was chosen."),
        expected=Text("One file."),
        remedy=Text("Choose a file, then add it."),
    )
