"""Erasures, certificates and rules, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from holdfast.domain.retention import GROUP, GROUPS, Rule
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.keep.erase.certificate import Copy
from holdfast.services.keep.erase.told import STATES, Planned, moment, remarks, sentence
from holdfast.services.keep.erase.whom import Whom
from holdfast.store.erasure import ErasureRecord
from holdfast.store.personal import holdings as all_holdings
from holdfast.store.retention import KeptRule

_KINDS = {"proven": "ok", "remains": "late"}


@dataclass(frozen=True, slots=True)
class ListedErasure:
    """One line of the list."""

    id: int
    when: str
    by: str
    state: str
    badge: str
    refused: str
    lifted: bool


@dataclass(frozen=True, slots=True)
class Certified:
    """An erasure as its page shows it."""

    id: int
    title: str
    state: str
    badge: str
    sentence: str
    facts: list[tuple[str, str]]
    rows: list[tuple[str, str]]
    remarks: list[str]
    copies: list[tuple[str, str]]
    may_lift: bool
    lifted: str


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with how much is older."""

    what: str
    words: str
    theirs: bool
    days: str
    older: str
    by: str


def of_person(who: Whom, plan: Planned, reader: Reader) -> Markup:
    """How much is known of somebody, and since when it matters."""
    rows = Text("{n} row", "{n} rows", n=sum(plan.rows.values()))
    return reader.say_html(
        Text(
            "{rows} about {name} lie in {n} table, beside their events.",
            "{rows} about {name} lie in {n} tables, beside their events.",
            rows=rows,
            name=who.name,
            n=len(plan.rows),
        ),
        strong=("rows", "name"),
    )


def holdings(plan: Planned, reader: Reader) -> list[tuple[str, str]]:
    """What is held, with how many rows, the most first."""
    known = all_holdings()
    return [
        (reader.say(known[table].words), reader.number(count))
        for table, count in sorted(plan.rows.items(), key=lambda each: -each[1])
        if table in known
    ]


def copies(found: Sequence[Copy], reader: Reader) -> list[tuple[str, str]]:
    """Backups that go on holding somebody, and until when."""
    return [_copy(each.place, each.expires_us, reader) for each in found]


def _copy(place: str, expires_us: int, reader: Reader) -> tuple[str, str]:
    return place, reader.say(Text("until {moment}", moment=reader.moment(_at(expires_us))))


def all_of_them(found: Sequence[ErasureRecord], reader: Reader) -> Markup:
    """How many were erased, and how many are on their way."""
    if not found:
        return reader.say_html(Text("Nobody was erased yet."))
    going = sum(each.state != "proven" for each in found)
    done = Text("{n} customer", "{n} customers", n=len(found))
    if not going:
        return reader.say_html(
            Text("{done} erased, each proven by a scan of everything.", done=done), strong=("done",)
        )
    return reader.say_html(
        Text(
            "{done} erased; {n} is not proven yet.",
            "{done} erased; {n} are not proven yet.",
            done=done,
            n=going,
        ),
        strong=("done", "n"),
    )


def listed(found: Sequence[ErasureRecord], reader: Reader) -> list[ListedErasure]:
    """The list, the newest first."""
    return [
        ListedErasure(
            each.id,
            reader.moment(_at(each.asked_us)),
            each.asked_by,
            reader.say(STATES[each.state]),
            _KINDS.get(each.state, ""),
            _refused(each, reader),
            each.lifted_us is not None,
        )
        for each in found
    ]


def _refused(each: ErasureRecord, reader: Reader) -> str:
    if not each.refused:
        return ""
    return reader.say(Text("{n} dropped since", "{n} dropped since", n=each.refused))


def certified(record: ErasureRecord, reader: Reader) -> Certified:
    """One erasure: what was deleted, what was looked through, what is left and where."""
    held: Mapping[str, Any] = record.certificate or {}
    facts = [
        (Text("Asked for"), f"{reader.moment(_at(record.asked_us))}, {record.asked_by}"),
        (Text("Deleted from the database"), _moment(record.forgotten_us, reader)),
        (Text("Deleted from files"), _moment(record.cut_us, reader)),
        (Text("Old files go from"), _moment(record.clean_from_us, reader)),
        (Text("Everything scanned"), _moment(record.scanned_us, reader)),
        (Text("Events deleted"), reader.number(int(record.done.get("events", 0)))),
        (Text("Ids and addresses that may not come back"), reader.number(record.keys)),
        (Text("Dropped under them since"), reader.number(record.refused)),
        *_looked_through(held.get("looked_through"), reader),
    ]
    known = all_holdings()
    deleted = [
        (
            reader.say(known[table].words if table in known else Text("{name}", name=table)),
            reader.number(count),
        )
        for table, count in sorted(record.done.get("rows", {}).items(), key=lambda each: -int(each[1]))
    ]
    kind = Text("An account") if record.kind == "account" else Text("A person")
    return Certified(
        record.id,
        reader.say(Text("Erasure {id}: {kind}", id=record.id, kind=kind)),
        reader.say(STATES[record.state]),
        _KINDS.get(record.state, ""),
        reader.say(_in_words(record, reader)),
        [(reader.say(name), value) for name, value in facts if value],
        deleted,
        [reader.say(each) for each in remarks(record)],
        [_copy(each["place"], each["expires_us"], reader) for each in held.get("backups", ())],
        record.lifted_us is None and record.forgotten_us is not None,
        _moment(record.lifted_us, reader),
    )


def _in_words(record: ErasureRecord, reader: Reader) -> Text:
    said = sentence(record)
    if "moment" in said.values and record.clean_from_us is not None:
        return Text(said.msgid, moment=reader.moment(_at(record.clean_from_us)))
    return said


def _looked_through(held: Mapping[str, Any] | None, reader: Reader) -> list[tuple[Text, str]]:
    if held is None:
        return []
    return [
        (Text("Parquet files decoded"), reader.number(held["parquet_files"])),
        (Text("Other files read"), reader.number(held["files"])),
        (Text("Packages unpacked"), reader.number(held["packages"])),
    ]


def rules_sentence(found: Sequence[KeptRule], reader: Reader) -> Markup:
    """What is decided, in one sentence."""
    if not found:
        return reader.say_html(Text("Everything is kept: nobody has decided otherwise."))
    n = Text("{n} rule", "{n} rules", n=len(found))
    return reader.say_html(
        Text("{rules} say for how long events are kept; what is older goes each night.", rules=n),
        strong=("rules",),
    )


def rules(found: Sequence[KeptRule], older: Mapping[str, int], reader: Reader) -> list[ShownRule]:
    """The rules, each with how much is older."""
    return [
        ShownRule(
            each.rule.what,
            reader.say(each.rule.words),
            not each.rule.what.startswith(GROUP),
            reader.say(Text("{n} day", "{n} days", n=each.rule.days)),
            reader.number(older.get(each.rule.what, 0)),
            each.changed_by,
        )
        for each in found
    ]


def groups(reader: Reader) -> list[tuple[str, str]]:
    """The sorts of events that a rule can name."""
    return [(f"{GROUP}{name}", reader.say(group.words)) for name, group in GROUPS.items()]


def looked(rule: Rule, older: int, reader: Reader) -> str:
    """What a rule would delete."""
    if rule.of_messages:
        return reader.say(
            Text(
                "{n} message is older than {days} days and would lose its words tonight.",
                "{n} messages are older than {days} days and would lose their words tonight.",
                n=older,
                days=rule.days,
            )
        )
    return reader.say(
        Text(
            "{n} event is older than {days} days and would go tonight: {what}",
            "{n} events are older than {days} days and would go tonight: {what}",
            n=older,
            days=rule.days,
            what=rule.words,
        )
    )


def last_time(found: tuple[int, Mapping[str, Any]] | None, reader: Reader) -> str:
    """When events were last deleted, and how many."""
    if found is None:
        return ""
    at_us, report = found
    return reader.say(
        Text(
            "Last time, {moment}: {n} event deleted.",
            "Last time, {moment}: {n} events deleted.",
            moment=reader.moment(_at(at_us)),
            n=int(report.get("events", 0)),
        )
    )


def what(typed: Mapping[str, str]) -> str:
    """The sort or the name that was chosen: a name that was typed goes before."""
    return typed.get("name", "").strip() or typed.get("group", "")


def days(typed: Mapping[str, str]) -> int:
    """The number that was typed, in digits of any script; 0 for none."""
    written = typed.get("days", "").strip()
    return int(written) if written.isdecimal() and len(written) < 9 else 0


def _moment(at_us: int | None, reader: Reader) -> str:
    at = moment(at_us)
    return "" if at is None else reader.moment(at)


def _at(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
