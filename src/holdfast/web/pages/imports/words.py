"""Imports in the reader's words: files that wait, work that goes on, what became of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast.domain.imports import ImportKind, Suspicion
from holdfast.domain.rejects import REASONS
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.registry import parts
from holdfast.services.collect.recover import HANDED_ON
from holdfast.services.collect.uploads.mapping import SURE, UNSURE, Field, Proposal
from holdfast.store.asked import Asked
from holdfast.store.imports import ImportRecord
from holdfast.store.live_sources import LIVE
from holdfast.store.uploads import UploadRecord
from holdfast.store.written import from_json
from holdfast.web.sizes import size_words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

NOT_SHOWN = (LIVE, HANDED_ON)
"""Kinds of imports that nobody started."""

STATES: dict[str, Text] = {
    "staging": Text("under way"),
    "committing": Text("under way"),
    "done": Text("done"),
    "undone": Text("undone"),
    "failed": Text("without effect"),
}
UPLOAD_STATES: dict[str, Text] = {
    "new": Text("being looked at"),
    "looked": Text("waits for its columns"),
    "asked": Text("being imported"),
    "refused": Text("cannot be used yet"),
    "gone": Text("not here any more"),
}
ODD: dict[str, tuple[Text, Text]] = {
    "one_column": (
        Text("Everything stands in one column."),
        Text("Say below which sign parts the cells."),
    ),
    "second_header": (
        Text("The first row looks like a second header."),
        Text("Its cells will be rejected; or say below that the table begins one row later."),
    ),
    "title_above": (
        Text("A title seems to stand above the table."),
        Text("Say below in which row the names of the columns stand."),
    ),
    "no_header": (
        Text("The first row holds values, so the columns have no names."),
        Text("They are called 1, 2, 3; say below if the first row names them after all."),
    ),
    "replaced": (
        Text("Some letters cannot be read in this encoding."),
        Text("Try another one below, such as cp1251, cp1250, cp1256 or gbk."),
    ),
}
"""What may be wrong with how a file is written, and what helps."""

DELIMITERS: tuple[tuple[str, Text], ...] = (
    (",", Text("comma")),
    (";", Text("semicolon")),
    ("\t", Text("tab")),
    ("|", Text("vertical bar")),
    ("whitespace", Text("blanks")),
)
DATE_FORMATS: tuple[tuple[str, Text], ...] = (
    ("", Text("as the values show")),
    ("day-first", Text("day before month: 31/12/2025")),
    ("month-first", Text("month before day: 12/31/2025")),
    ("iso", Text("year, month, day: 2025-12-31")),
    ("persian", Text("Persian calendar: 1404/10/10")),
    ("epoch", Text("seconds or milliseconds since 1970")),
)
DECIMALS: tuple[tuple[str, Text], ...] = (
    ("", Text("as the values show")),
    (".", Text("point: 1,234.50")),
    (",", Text("comma: 1.234,50")),
)


@dataclass(frozen=True, slots=True)
class ShownField:
    """A canonical column of the form: its source, how sure that is in a word, some values."""

    name: str
    meaning: str
    required: bool
    source: str
    sure: str
    badge: str
    examples: str


@dataclass(frozen=True, slots=True)
class ShownWork:
    """Work that goes on: what is done now, and how much of it; ``share`` is "" where nobody knows."""

    id: int
    open: bool
    step: str
    share: str
    amount: str
    trouble: str


@dataclass(frozen=True, slots=True)
class ShownImport:
    """A row of the list of imports."""

    id: int
    title: str
    source: str
    state: str
    done: bool
    when: str
    rows: str
    rejected: str


def kind_title(name: str, reader: Reader) -> str:
    """What a kind of import is called."""
    part = parts("imports").get(name)
    if part is None or not isinstance(part.declared, ImportKind):
        return name
    return reader.say(part.declared.title)


def shown_field(field: Field, reader: Reader) -> ShownField:
    """A field with how sure its guess is: a word and a shade, and the share for who wants it."""
    sure, badge = "", ""
    if field.sure is not None:
        share = reader.share(field.sure, 0)
        if field.sure >= SURE:
            sure, badge = reader.say(Text("sure, {share}", share=share)), "good"
        elif field.sure >= UNSURE:
            sure = reader.say(Text("likely, {share}", share=share))
        else:
            sure, badge = reader.say(Text("a guess, {share}", share=share)), "accent"
    return ShownField(
        field.name,
        reader.say(field.meaning),
        field.required,
        field.source,
        sure,
        badge,
        " · ".join(field.examples),
    )


def needs(proposal: Proposal, reader: Reader) -> str:
    """What a row of this kind must have, in a sentence."""
    groups = [" / ".join(group) for group in proposal.kind.required]
    return reader.say(Text("Needed: {columns}.", columns="; ".join(groups)))


def shown_work(work: Asked | None, reader: Reader) -> ShownWork | None:
    """Work with its step in words and its share as a number for the bar."""
    if work is None:
        return None
    share, amount = "", ""
    if work.total:
        share = f"{100 * min(work.done, work.total) / work.total:.1f}"
        amount = reader.share(min(work.done, work.total) / work.total, 0)
    step = reader.say(work.step) if work.step else reader.gettext("Waiting for its turn")
    trouble = reader.say(work.trouble) if work.trouble else ""
    return ShownWork(work.id, work.open, step, share, amount, trouble)


def reason_words(code: str, reader: Reader) -> str:
    """Why a row was not taken."""
    known = REASONS.get(code)
    return code if known is None else reader.say(known)


def suspicion_words(said: Suspicion | Mapping[str, Any], reader: Reader) -> str:
    """What is worth a look, with the first lines where it stands."""
    if isinstance(said, Suspicion):
        words, lines = reader.say(said.words), list(said.lines)
    else:
        text = from_json(said["said"]) if "said" in said else None
        words = reader.say(text) if isinstance(text, Text) else str(said["words"])
        lines = list(said["lines"])
    if not lines:
        return words
    listed = reader.list_of([reader.number(line) for line in lines[:5]])
    return f"{words} " + reader.say(Text("Line {lines}.", lines=listed))


def when(at_us: int, reader: Reader) -> str:
    """A moment in the reader's words."""
    return reader.moment(_EPOCH + timedelta(microseconds=at_us))


def shown_import(record: ImportRecord, reader: Reader) -> ShownImport:
    """An import as a row: what it brought, from which file, what became of it."""
    report = record.report
    read, rejected = report.get("rows_read"), report.get("rows_rejected")
    return ShownImport(
        record.id,
        kind_title(record.kind, reader),
        ", ".join(record.files) or record.source,
        reader.say(STATES.get(record.state, Text("under way"))),
        record.state == "done",
        when(record.finished_us or record.started_us, reader),
        reader.number(read) if isinstance(read, int) else "",
        reader.number(rejected) if isinstance(rejected, int) and rejected else "",
    )


def is_shown(record: ImportRecord) -> bool:
    """Whether an import was started by somebody: not what arrives live, not what another handed on."""
    return record.kind not in NOT_SHOWN


def counts(report: Mapping[str, Any], reader: Reader) -> list[tuple[str, str]]:
    """What became of the rows, as names and numbers."""
    found = [
        (Text("Rows read"), "rows_read"),
        (Text("Rows taken"), "rows_taken"),
        (Text("Rows rejected"), "rows_rejected"),
        (Text("Known before"), "duplicates"),
        (Text("Customers"), "customers"),
    ]
    return [(reader.say(words), reader.number(report[name])) for words, name in found if name in report]


def sentence(record: ImportRecord, reader: Reader) -> str:
    """What became of an import, in one sentence."""
    report: Mapping[str, Any] = record.report
    if record.state == "undone":
        return reader.say(Text("This import was undone: nothing of it counts."))
    if record.state == "failed":
        return reader.say(Text("This import came to nothing, and nothing of it was kept."))
    if record.state != "done":
        return reader.say(Text("This import is under way."))
    taken = Text("{n} row was taken", "{n} rows were taken", n=int(report.get("rows_taken", 0)))
    rejected = int(report.get("rows_rejected", 0))
    if not rejected:
        return reader.say(Text("{taken}; none was rejected.", taken=taken))
    wrong = Text("{n} row was rejected", "{n} rows were rejected", n=rejected)
    return reader.say(Text("{taken}, {rejected}.", taken=taken, rejected=wrong))


def span(report: Mapping[str, Any], reader: Reader) -> str:
    """From which day to which the events are, by the company's clock; "" without any."""
    first, last = report.get("first_at"), report.get("last_at")
    if not first or not last:
        return ""
    days = [datetime.fromisoformat(str(at)).astimezone(reader.zone).date() for at in (first, last)]
    return reader.span(days[0], days[1])


def waiting(records: Sequence[UploadRecord], reader: Reader) -> list[dict[str, Any]]:
    """Files that are not imported yet, as rows."""
    return [
        {
            "id": record.id,
            "name": record.name,
            "state": reader.say(UPLOAD_STATES[record.state]),
            "kind": kind_title(record.kind, reader) if record.kind else "",
            "size": size_words(record.size_bytes, reader),
            "trouble": reader.say(record.trouble) if record.trouble else "",
            "when": when(record.made_us, reader),
        }
        for record in records
    ]
