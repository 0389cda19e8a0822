"""One brought file: how it is written, which column is which, what that does to its first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.imports import ColumnMap, ImportKind
from holdfast.domain.maps import check_map
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.import_file import import_kind
from holdfast.services.collect.uploads import bring_in, files, mapping
from holdfast.services.collect.uploads.look import look_anew, map_in
from holdfast.services.collect.uploads.mapping import Checked, Proposal
from holdfast.store import asked, uploads
from holdfast.store.uploads import UploadRecord
from holdfast.web import watching
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.imports import words
from holdfast.web.pages.imports.view import said
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.sizes import size_words
from holdfast.web.work_words import person_id

ROWS_SHOWN = 8
PROBLEMS_SHOWN = 10
OPTIONS = ("timezone", "date_format", "decimal", "currency", "event", "survey", "source")
"""Options of a map that the page asks for; those of the file are asked for by themselves."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the form said: a kind, a map, or why it is none."""

    kind: ImportKind
    map: ColumnMap
    refused: Refusal | None = None


@only(DECIDERS)
@require_safe
def file(request: Request, number: int) -> HttpResponse:
    """The file with the map that was chosen or guessed; where its import goes on, that."""
    record = _found(request, number)
    leads = _leads_elsewhere(request, record)
    if leads:
        return HttpResponseRedirect(leads)
    if record.state in ("new", "gone") or not record.layout:
        return _in_the_way(request, record)
    kind = request.GET.get("kind", "")
    try:
        proposal = mapping.propose(request.workspace, record, kind)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    typed = _Typed(proposal.kind, proposal.map)
    return _page(request, record, proposal, _checked(request, record, typed))


@only(DECIDERS)
@require_POST
def file_do(request: Request, number: int, do: str) -> HttpResponse:
    """Check a map, keep it and import, keep it under a name, look at the file anew, or forget it."""
    record = _found(request, number)
    if do not in _DO:
        raise Http404(f"nothing is done to a file by {do!r}")
    if record.state not in ("new", "looked", "refused", "gone"):
        return HttpResponseRedirect(reverse("import_file", args=(number,)))
    return _DO[do](request, record)


def _check(request: Request, record: UploadRecord) -> HttpResponse:
    """What the map of the form would do; nothing is kept."""
    watching.tried(request)
    typed = _typed(request, record)
    checked = _checked(request, record, typed)
    if request.htmx:
        return show(request, "imports/check.html", **_check_shown(request, checked))
    return _page(request, record, _proposal(request, record, typed), checked)


def _import(request: Request, record: UploadRecord) -> HttpResponse:
    """Keep the map and ask for the import; a map that cannot be used is said where it is."""
    typed = _typed(request, record)
    refused = typed.refused or _unfit(record, typed)
    if refused is not None:
        checked = Checked(refused=refused)
        return _page(request, record, _proposal(request, record, typed), checked, status=422)
    mapping.choose(request.workspace, record, typed.kind, typed.map, now_us=actual_us())
    if name := request.POST.get("name", "").strip():
        _keep_under(request, record.id, name)
    try:
        work = bring_in.ask_import(request.workspace, record.id, by_id=person_id(request), now_us=actual_us())
    except Refusal as refusal:
        return _page(request, record, _proposal(request, record, typed), Checked(refused=refusal), status=422)
    if work is None:
        return HttpResponseRedirect(reverse("import_file", args=(record.id,)))
    return HttpResponseRedirect(reverse("import_work", args=(work,)))


def _keep_under(request: Request, number: int, name: str) -> None:
    record = uploads.get(request.workspace, number)
    mapping.keep_map(request.workspace, record, name, by_id=person_id(request), now_us=actual_us())


def _anew(request: Request, record: UploadRecord) -> HttpResponse:
    """Look at the file again as it is said to be written."""
    try:
        look_anew(request.workspace, record, _file_options(request.POST.dict()), now_us=actual_us())
    except Refusal as refusal:
        if not record.layout:
            return _in_the_way(request, record, refusal)
        proposal = mapping.propose(request.workspace, record)
        return _page(request, record, proposal, Checked(refused=refusal), status=422)
    if uploads.get(request.workspace, record.id).state == "new":
        asked.ask(request.workspace, "look", record.id, by_id=person_id(request), now_us=actual_us())
    return HttpResponseRedirect(reverse("import_file", args=(record.id,)))


def _forget(request: Request, record: UploadRecord) -> HttpResponse:
    files.forget(request.workspace, record.id)
    return HttpResponseRedirect(reverse("imports"))


_DO = {"check": _check, "import": _import, "look": _anew, "forget": _forget}


def _file_options(typed: Mapping[str, str]) -> dict[str, Any]:
    """How the file is said to be written; what was left empty is found out again."""
    options: dict[str, Any] = {
        name: typed[name].strip() for name in ("encoding", "sheet") if typed.get(name, "").strip()
    }
    if typed.get("delimiter"):  # a tab is a blank that means something
        options["delimiter"] = typed["delimiter"]
    if typed.get("header") in ("yes", "no"):
        options["header"] = typed["header"] == "yes"
    row = typed.get("first_row", "").strip()
    if row and row != "1":
        options["first_row"] = int(row) if is_number(row) else row
    return options


def _typed(request: Request, record: UploadRecord) -> _Typed:
    given = request.POST.dict()
    try:
        kind = import_kind(given.get("kind", record.kind))
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    columns = {column.name: given.get(f"map-{column.name}", "") for column in kind.columns}
    options = {name: given.get(name, "").strip() for name in OPTIONS if name in given}
    try:
        return _Typed(kind, mapping.map_typed(record, columns, options))
    except Refusal as refusal:
        chosen = ColumnMap({name: source for name, source in columns.items() if source})
        return _Typed(kind, chosen, refusal)


def _proposal(request: Request, record: UploadRecord, typed: _Typed) -> Proposal:
    """What the form said, as the page shows it."""
    from dataclasses import replace

    from holdfast.services.collect.uploads.look import as_chosen

    as_typed = replace(record, kind=typed.kind.name, chosen=as_chosen(typed.map))
    return mapping.propose(request.workspace, as_typed, typed.kind.name)


def _checked(request: Request, record: UploadRecord, typed: _Typed) -> Checked:
    refused = typed.refused or _unfit(record, typed)
    if refused is not None:
        return Checked(refused=refused)
    return mapping.check(request.workspace, record, typed.kind, typed.map, now_us=actual_us())


def _unfit(record: UploadRecord, typed: _Typed) -> Refusal | None:
    try:
        check_map(typed.map, typed.kind, tuple(record.layout["columns"]))
    except Refusal as refusal:
        return refusal
    return None


def _leads_elsewhere(request: Request, record: UploadRecord) -> str:
    """Where a file is looked at that is not waiting for a map: its work, or what it became."""
    if record.state == "done" and record.import_id is not None:
        return reverse("import_one", args=(record.import_id,))
    if record.state == "asked":
        work = asked.latest(request.workspace, "import", record.id)
        return reverse("import_work", args=(work.id,)) if work and work.open else ""
    if record.state == "new":
        work = asked.latest(request.workspace, "look", record.id)
        return reverse("import_work", args=(work.id,)) if work and work.open else ""
    return ""


def _in_the_way(request: Request, record: UploadRecord, refusal: Refusal | None = None) -> HttpResponse:
    """A file that cannot be shown as a table: why, and what can be said about it to help."""
    trouble = request.reader.say(record.trouble) if record.trouble else ""
    return show(
        request,
        "imports/trouble.html",
        status=422 if refusal else 200,
        place="collect",
        file=record,
        trouble=said(refusal, request) if refusal else trouble,
        layout=_layout(record),
        delimiters=words.DELIMITERS,
        back=_back(record),
    )


def _layout(record: UploadRecord) -> dict[str, Any]:
    options = map_in(record).options
    plain = {"encoding": "", "delimiter": "", "header": None, "sheet": "", "sheets": (), "format": ""}
    return {**plain, **record.layout, "first_row": options.first_row}


def _back(record: UploadRecord) -> str:
    return reverse("import_one", args=(record.mends_id,)) if record.mends_id else reverse("imports")


def _page(
    request: Request, record: UploadRecord, proposal: Proposal, checked: Checked, *, status: int = 200
) -> HttpResponse:
    reader = request.reader
    kinds = [(kind.name, reader.say(kind.title), reader.say(kind.meaning)) for kind in mapping.kinds()]
    required = [words.shown_field(each, reader) for each in proposal.fields if each.required]
    rest = [words.shown_field(each, reader) for each in proposal.fields if not each.required]
    options = proposal.map.options
    return show(
        request,
        "imports/file.html",
        status=status,
        place="collect",
        file=record,
        size=size_words(record.size_bytes, reader),
        trouble=reader.say(record.trouble) if record.trouble else "",
        layout=_layout(record),
        odd=[tuple(map(reader.say, words.ODD[code])) for code in record.layout.get("odd", ())],
        kinds=kinds,
        kind=proposal.kind,
        needs=words.needs(proposal, reader),
        better=words.kind_title(proposal.better, reader) if proposal.better else "",
        better_name=proposal.better,
        required=required,
        found=[each for each in rest if each.source],
        others=[each for each in rest if not each.source],
        unused=proposal.unused,
        rest=proposal.kind.rest,
        columns=record.layout["columns"],
        rows=files.first_rows(request.workspace, record.id)[:ROWS_SHOWN],
        options=options,
        stand_ins=sorted(set(proposal.kind.stand_ins.values()) & {"event", "survey"}),
        date_formats=words.DATE_FORMATS,
        decimals=words.DECIMALS,
        delimiters=words.DELIMITERS,
        by=record.chosen.get("by", ""),
        **_check_shown(request, checked),
    )


def _check_shown(request: Request, checked: Checked) -> dict[str, Any]:
    reader = request.reader
    reasons = sorted((checked.reasons or {}).items(), key=lambda each: -each[1])
    return {
        "check_refused": said(checked.refused, request) if checked.refused else "",
        "looked_at": reader.number(checked.looked_at),
        "taken": reader.number(checked.taken),
        "all_taken": checked.taken == checked.looked_at,
        "reasons": [(words.reason_words(code, reader), reader.number(n)) for code, n in reasons],
        "problems": [
            {
                "line": reader.number(each.line),
                "why": words.reason_words(each.code, reader),
                "cells": [(name, cell) for name, cell in each.cells.items() if cell][:8],
            }
            for each in checked.problems[:PROBLEMS_SHOWN]
        ],
        "suspicious": [words.suspicion_words(each, reader) for each in checked.suspicious],
    }


def _found(request: Request, number: int) -> UploadRecord:
    try:
        return uploads.get(request.workspace, number)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
