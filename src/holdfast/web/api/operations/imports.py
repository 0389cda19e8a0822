"""Imports: files into the customer base, what became of their rows, and undoing one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.import_file import import_kind
from holdfast.services.collect.recover import HANDED_ON
from holdfast.services.collect.uploads import bring_in, files, mapping
from holdfast.services.collect.uploads.look import is_quick, look
from holdfast.store import asked, uploads
from holdfast.store import imports as stored
from holdfast.store.live_sources import LIVE
from holdfast.store.uploads import NewUpload, UploadRecord
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    Upload,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.shapes import plain

_STATES = ("new", "looked", "asked", "refused", "gone")
_PIECE = 1_000_000


class Import(Answered, frozen=True):
    """An import and what became of its rows; ``report`` as `holdfast import --json` documents it."""

    id: int
    kind: str
    source: str
    files: list[str]
    state: str
    started_at: datetime
    finished_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    report: dict[str, Any]


class Work(Answered, frozen=True):
    """Long work that goes on elsewhere: waiting, running, done or failed.

    ``done`` of ``total`` units are finished (null: nobody knows how many there are).
    """

    id: int
    kind: str
    state: str
    step: str | None
    done: int
    total: int | None
    trouble: str | None
    result: Any


class Column(Answered, frozen=True):
    """A column that the kind knows, and the one of the file that stands for it ("" for none)."""

    name: str
    meaning: str
    required: bool
    source: str
    sure: float | None
    examples: list[str]


class Uploaded(Answered, frozen=True):
    """A file that was brought: new (not looked at), looked, asked (being imported), done or refused."""

    id: int
    name: str
    bytes: int
    state: str
    kind: str
    trouble: str | None
    columns: list[Column]
    unused: list[str]
    import_id: int | None


class Uploads(Answered, frozen=True):
    """Files that were not imported yet, the newest first."""

    items: list[Uploaded]


class FileQuery(Asked, kw_only=True, frozen=True):
    """What the file is called, and what its rows are where that is known."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    kind: Annotated[str, Meta(max_length=60)] = ""


class Mapped(Asked, kw_only=True, frozen=True):
    """Which column of the file is which; options as in a map file (docs/how-to/map-columns.md).

    Those of how the file is written (`encoding`, `delimiter`, `quote`, `header`, `sheet`, `first_row`) let it
    be looked at anew; what is left out stays. Without a header columns are called by their number, "1".
    """

    kind: Annotated[str, Meta(min_length=1, max_length=60)]
    columns: Annotated[dict[str, str], Meta(max_length=200)]
    options: Annotated[dict[str, str | int | bool], Meta(max_length=30)] = {}  # noqa: RUF012


@operation("GET", "/imports", scope=READ)
def list_imports(call: Call, query: Paging) -> Page[Import]:
    """List the imports, the newest first."""
    before = cursors.where(call, query, int)
    found = stored.newest(call.settings, most=query.limit + 1, before=before, without=(HANDED_ON, LIVE))
    return cursors.page(
        call,
        query,
        found,
        place=lambda each: each.id,
        show=lambda each: _import(call, each),
    )


@operation("GET", "/imports/{import_id}", scope=READ)
def get_import(call: Call, import_id: Id) -> Import:
    """Get one import with its report."""
    return _import(call, stored.get(call.settings, import_id))


@operation("POST", "/imports/{import_id}/undo", scope=ADMIN, roles=DECIDERS, status=202)
def undo_import(call: Call, import_id: Id) -> Work:
    """Undo an import: everything that it brought is taken back; look at the work to see how far it is."""
    stored.get(call.settings, import_id)
    number = asked.ask(call.settings, "undo", import_id, by_id=call.person.pk, now_us=call.actual_us)
    return get_work(call, number)


@operation("GET", "/uploads", scope=READ, roles=DECIDERS)
def list_uploads(call: Call) -> Uploads:
    """List the files that were brought and not imported yet."""
    return Uploads(items=[_uploaded(call, each) for each in uploads.listed(call.settings, _STATES)])


@operation("POST", "/uploads", scope=ADMIN, roles=DECIDERS, status=201)
def bring_file(call: Call, query: FileQuery, body: Upload) -> Uploaded:
    """Bring a file: CSV, XLSX, JSON Lines or Parquet, packed or not.

    The body is the file. It is looked at, and which column is which is guessed; nothing is imported yet.
    An archive becomes its files: the first of them is answered.
    """
    files.check_room(call.settings, body.size)
    with files.receiving(call.settings) as arrived, arrived.open("wb") as file:
        while piece := body.content.read(_PIECE):
            file.write(piece)
    new = NewUpload(query.name, arrived.stat().st_size, query.kind)
    number = files.receive(call.settings, arrived, new, by_id=call.person.pk, now_us=call.actual_us)
    if is_quick(files.path_of(call.settings, uploads.get(call.settings, number))):
        number = look(call.settings, number, now_us=call.actual_us)[0]
    else:
        asked.ask(call.settings, "look", number, by_id=call.person.pk, now_us=call.actual_us)
    return get_upload(call, number)


@operation("GET", "/uploads/{upload_id}", scope=READ, roles=DECIDERS)
def get_upload(call: Call, upload_id: Id) -> Uploaded:
    """Get a file that was brought, with the columns as they are chosen or guessed."""
    return _uploaded(call, uploads.get(call.settings, upload_id))


@operation("PUT", "/uploads/{upload_id}/map", scope=ADMIN, roles=DECIDERS)
def map_upload(call: Call, upload_id: Id, body: Mapped) -> Uploaded:
    """Say what the rows of a file are, and which column is which."""
    record = uploads.get(call.settings, upload_id)
    if record.state in ("asked", "done"):
        raise _not_waiting(upload_id)
    kind = import_kind(body.kind)
    record = mapping.written_so(call.settings, record, body.options, now_us=call.actual_us)
    if record.state == "refused" and not record.layout:
        return get_upload(call, upload_id)  # its trouble says what is in the way
    chosen = mapping.map_typed(record, body.columns, mapping.of_values(body.options))
    mapping.choose(call.settings, record, kind, chosen, now_us=call.actual_us)
    if record.state == "new":
        asked.ask(call.settings, "look", record.id, by_id=call.person.pk, now_us=call.actual_us)
    return get_upload(call, upload_id)


@operation("POST", "/uploads/{upload_id}/import", scope=ADMIN, roles=DECIDERS, status=202)
def import_upload(call: Call, upload_id: Id) -> Work:
    """Import a file as it is mapped; look at the work to see how far it is."""
    number = bring_in.ask_import(call.settings, upload_id, by_id=call.person.pk, now_us=call.actual_us)
    if number is None:
        raise _not_waiting(upload_id)
    return get_work(call, number)


@operation("DELETE", "/uploads/{upload_id}", scope=ADMIN, roles=DECIDERS)
def delete_upload(call: Call, upload_id: Id) -> None:
    """Take a file away that is not being imported."""
    uploads.get(call.settings, upload_id)
    if not files.forget(call.settings, upload_id):
        raise _not_waiting(upload_id)


@operation("GET", "/work/{work_id}", scope=READ)
def get_work(call: Call, work_id: Id) -> Work:
    """See how far some long work is."""
    found = asked.get(call.settings, work_id)
    if found is None:
        raise not_here("work", work_id)
    return Work(
        id=found.id,
        kind=found.kind,
        state=found.state,
        step=None if found.step is None else call.say(found.step),
        done=found.done,
        total=found.total,
        trouble=None if found.trouble is None else call.say(found.trouble),
        result=plain(call, found.result),
    )


def _not_waiting(upload_id: int) -> Refusal:
    return not_here("file that waits to be imported", upload_id)


def _import(call: Call, record: stored.ImportRecord) -> Import:
    return Import(
        id=record.id,
        kind=record.kind,
        source=record.source,
        files=list(record.files),
        state=record.state,
        started_at=moment(record.started_us),
        finished_at=moment_or_none(record.finished_us),
        first_at=moment_or_none(record.first_us),
        last_at=moment_or_none(record.last_us),
        report=plain(call, record.report),
    )


def _uploaded(call: Call, record: UploadRecord) -> Uploaded:
    looked = record.state in ("looked", "refused") and bool(record.layout)
    proposal = mapping.propose(call.settings, record) if looked else None
    fields = () if proposal is None else proposal.fields
    return Uploaded(
        id=record.id,
        name=record.name,
        bytes=record.size_bytes,
        state=record.state,
        kind=record.kind if proposal is None else proposal.kind.name,
        trouble=None if record.trouble is None else call.say(record.trouble),
        columns=[
            Column(
                name=each.name,
                meaning=call.say(each.meaning),
                required=each.required,
                source=each.source,
                sure=each.sure,
                examples=list(each.examples),
            )
            for each in fields
        ],
        unused=[] if proposal is None else list(proposal.unused),
        import_id=record.import_id,
    )
