"""How an erasure stands, in words for people and keys for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast.domain.texts import Text
from holdfast.services.keep.erase.certificate import Copy, left
from holdfast.services.keep.erase.whom import Whom
from holdfast.settings import Settings
from holdfast.store.erasure import ErasureRecord

STATES: dict[str, Text] = {
    "asked": Text("asked for"),
    "forgotten": Text("deleted from the database"),
    "cut": Text("deleted; old files wait"),
    "proven": Text("proven"),
    "remains": Text("something is left"),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """What an erasure would delete: rows by table (with words), events are counted when they are cut."""

    whom: Whom
    rows: dict[str, int]
    copies: tuple[Copy, ...]


def planned(settings: Settings, whom: Whom, *, now_us: int) -> Planned:
    """What there is to erase of ``whom``, and which backups would still hold it."""
    from holdfast import store
    from holdfast.store import backups, personal

    store.connect(settings)
    rows = {
        table: count
        for table, holding in personal.holdings().items()
        if holding.shown and (count := personal.count(table, holding, whom.subjects))
    }
    copies = tuple(
        Copy(each.place, each.made_us, each.expires_us)
        for each in backups.listed(settings)
        if each.gone_us is None and each.expires_us > now_us
    )
    return Planned(whom, rows, copies)


def sentence(record: ErasureRecord) -> Text:
    """How an erasure stands, in one sentence."""
    if record.state == "proven":
        return Text("Everything was deleted, and a scan of everything found nothing any more.")
    if record.state == "remains":
        n = 0 if record.certificate is None else left(record.certificate)
        return Text(
            "{n} trace was found by the scan; it is looked for again each night.",
            "{n} traces were found by the scan; they are looked for again each night.",
            n=n,
        )
    if record.state == "cut":
        return Text(
            "The database and the files of now hold nothing any more. Old files of events, which readers may "
            "have open, are deleted from {moment} on; then everything is scanned.",
            moment=moment(record.clean_from_us),
        )
    return Text("It has begun, and goes on with the next tick of the worker.")


def remarks(record: ErasureRecord) -> Sequence[Text]:
    """What the certificate says beside its figures."""
    from holdfast.store.written import from_json

    if record.certificate is None:
        return ()
    found: Sequence[Text] = from_json(record.certificate)["remarks"]
    return found


def as_json(record: ErasureRecord) -> dict[str, Any]:
    """The keys that ``holdfast erase --json`` documents."""
    certified = record.certificate
    return {
        "erasure": record.id,
        "kind": record.kind,
        "state": record.state,
        "asked_at": moment(record.asked_us),
        "asked_by": record.asked_by,
        "rows": dict(record.done.get("rows", {})),
        "events": int(record.done.get("events", 0)),
        "old_files_go_from": moment(record.clean_from_us),
        "scanned_at": moment(record.scanned_us),
        "left": None if certified is None else left(certified),
        "mentions": None if certified is None else certified["mentions"],
        "backups": None
        if certified is None
        else [
            {"place": each["place"], "expires_at": moment(each["expires_us"])}
            for each in certified["backups"]
        ],
        "remarks": [str(each) for each in remarks(record)],
        "keys": record.keys,
        "refused": record.refused,
        "lifted_at": moment(record.lifted_us),
    }


def moment(at_us: int | None) -> datetime | None:
    """A moment in UTC."""
    return None if at_us is None else datetime.fromtimestamp(at_us / 1_000_000, UTC)
