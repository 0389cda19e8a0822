"""Whoever was erased stays so: what arrives under an erased id or address is dropped, and counted.

A new id that comes with an erased address is the same person and is dropped like the old ones; an id
that is known already only loses that address. Until somebody lifts the erasure: see
:func:`holdfast.store.erasure.lift`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.identity import ACCOUNT
from holdfast.domain.imports import Staged
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.leaving_out import forget_addresses, leave_out, staged_subjects
from holdfast.services.collect.understood import ANONYMOUS, CUSTOMER, Key, Reading, Understood
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.arriving import BadEvent
    from holdfast.store.live_sources import LiveSource

CODE = "erased"
"""Why rows of an import were not taken."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """An id that arrives, with the addresses that come with it, in ``rows`` rows or events."""

    key: Key
    addresses: tuple[Key, ...] = ()
    rows: int = 1


@dataclass(slots=True)
class Sorted:
    """``gone`` ids are dropped (with how many rows), ``same`` among them are new ones by their address;
    ``addresses`` are taken from whoever stays.
    """

    gone: dict[Key, int] = field(default_factory=dict)
    same: dict[Key, Key] = field(default_factory=dict)
    addresses: set[Key] = field(default_factory=set)


def sort_out(settings: Settings, arriving: Sequence[Arriving]) -> Sorted | None:
    """Which of those who arrive were erased; ``None`` where nobody was, at the cost of one look."""
    from holdfast.store import arriving as stored
    from holdfast.store.erasure import erased_among

    erased = erased_among(settings, _all_keys(arriving))
    if not erased:
        return None
    found = Sorted()
    by_address = {
        each.key for each in arriving if each.key not in erased and not erased.isdisjoint(each.addresses)
    }
    known = stored.known_subjects(sorted(by_address)).keys() if by_address else set()
    for each in arriving:
        hers = [address for address in each.addresses if address in erased]
        if each.key in erased or (hers and each.key not in known):
            found.gone[each.key] = found.gone.get(each.key, 0) + each.rows
            if each.key not in erased:
                found.same[each.key] = hers[0]
        elif hers:
            found.addresses.update(hers)
    return found


def _all_keys(arriving: Iterable[Arriving]) -> set[Key]:
    return {key for each in arriving for key in (each.key, *each.addresses)}


def note(settings: Settings, found: Sorted | None, now_us: int) -> None:
    """Count what was dropped, and remember new ids of the erased; joins the transaction."""
    from holdfast.store import erasure

    if found is None:
        return
    for key, address in found.same.items():
        erasure.same_person(settings, key, address, now_us)
    erasure.count_refused(settings, {key: rows for key, rows in found.gone.items() if rows}, now_us)


def without_erased(
    settings: Settings,
    reading: Reading,
    addresses_of: Callable[[Understood], tuple[Key, ...]],
    sources: Mapping[int, LiveSource],
) -> tuple[Reading, Sorted | None]:
    """What calls amount to without the erased, and who was dropped (``None``: nobody).

    ``addresses_of`` gives the addresses that come with a call, in their one spelling. Events that could
    not be understood are dropped too where they name somebody erased.
    """
    if not _any_erased(settings):
        return reading, None
    bad = [(each, _named(each, sources)) for each in reading.bad]
    arriving = [Arriving(each.about, addresses_of(each)) for each in reading.good]
    arriving += [Arriving(key, (), 0) for each in reading.good for key in each.keys if key != each.about]
    arriving += [Arriving(key) for _, named in bad for key in named]
    found = sort_out(settings, arriving)
    if found is None:
        return reading, None
    kept = (_without(each, found) for each in reading.good if each.about not in found.gone)
    return Reading(
        [each for each in kept if each is not None],
        [each for each, named in bad if found.gone.keys().isdisjoint(named)],
    ), found


def _named(bad: BadEvent, sources: Mapping[int, LiveSource]) -> list[Key]:
    """Whom an event names that could not be understood, as far as it can be read."""
    try:
        said = json.loads(bad.event)
    except ValueError:
        return []
    if not isinstance(said, dict):
        return []
    source = sources.get(bad.source_id)
    traits = said.get("traits")
    email = traits.get("email") if isinstance(traits, dict) else None
    named = (
        (source.namespace if source else CUSTOMER, said.get("userId")),
        (ANONYMOUS, said.get("anonymousId")),
        ("email", email.strip().lower() if isinstance(email, str) else None),
    )
    return [(space, key) for space, key in named if isinstance(key, str) and key]


def _without(each: Understood, found: Sorted) -> Understood | None:
    """A call of somebody who stays, without what was erased; ``None`` if it is about such an account."""
    if each.account in found.gone and each.call.kind == "group":
        return None
    spoken = {value for _, value in found.addresses}
    return replace(
        each,
        account=None if each.account in found.gone else each.account,
        together=tuple(pair for pair in each.together if pair[0] not in found.gone),
        email="" if each.email.strip().lower() in spoken else each.email,
        phone="" if found.addresses and any(kind == "phone" for kind, _ in found.addresses) else each.phone,
    )


def leave_out_erased(settings: Settings, engine: EmbeddedEngine, staged: Staged, *, now_us: int) -> Staged:
    """The stage of an import without rows about the erased; they count as rejected, and are kept nowhere."""
    if not _any_erased(settings):
        return staged
    subjects = [] if staged.subjects is None else staged_subjects(engine, staged.subjects)
    if staged.rejects is not None:
        _forget_rejects(settings, staged.rejects, {CUSTOMER, *(namespace for namespace, *_ in subjects)})
    found = sort_out(settings, _arriving(subjects))
    if found is None:
        return staged
    keys = sorted(found.gone)
    kept_subjects = _left_out(engine, staged.subjects, keys)
    rest = replace(
        staged,
        events=_left_out(engine, staged.events, keys),
        subjects=kept_subjects,
        traits=_left_out(engine, staged.traits, keys),
        texts=_left_out(engine, staged.texts, keys),
    )
    if kept_subjects is not None:
        forget_addresses(engine, kept_subjects, _by_column(found, _gone_accounts(found.gone)))
    note(settings, found, now_us)
    count = sum(found.gone.values())
    if not count:
        return rest
    reasons = {**staged.reject_reasons, CODE: staged.reject_reasons.get(CODE, 0) + count}
    return replace(rest, rows_rejected=staged.rows_rejected + count, reject_reasons=reasons)


def _forget_rejects(settings: Settings, path: Path, namespaces: Set[str]) -> None:
    """Take rows that name the erased out of the rejected rows: these are kept as they were sent.

    Which cell names whom nobody knows of a row that could not be read: every word of it is asked for.
    """
    from holdfast.store.erasure import erased_among

    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        head, *rows = csv.reader(text)
    named = [_maybe_named(" ".join(row[3:]), namespaces) for row in rows]
    erased = erased_among(settings, {key for keys in named for key in keys})
    kept = [row for row, keys in zip(rows, named, strict=True) if erased.isdisjoint(keys)]
    if len(kept) < len(rows):
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows([head, *kept])
        with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            packed.write(written.getvalue().encode())


_WORD = re.compile(r"[^\s,;|\t\"']+")
_NUMBER = re.compile(r"\+?\d{7,15}")


def _maybe_named(raw: str, namespaces: Set[str]) -> list[Key]:
    found: list[Key] = []
    for word in _WORD.findall(raw):
        found += [(namespace, word) for namespace in namespaces]
        if "@" in word:
            found.append(("email", word.lower().strip("<>()")))
        elif _NUMBER.fullmatch(word):
            found.append(("phone", "+" + word.lstrip("+0")))
    return found


def _any_erased(settings: Settings) -> bool:
    from holdfast import store
    from holdfast.store.erasure import any_erased

    store.connect(settings)
    return any_erased()


def _arriving(subjects: Iterable[tuple[str, str, str | None, str | None, str | None, int]]) -> list[Arriving]:
    found = []
    for namespace, key, email, phone, account, rows in subjects:
        told = (("email", email), ("phone", phone))
        addresses = tuple((kind, value) for kind, value in told if value)
        found.append(Arriving((namespace, key), addresses, rows))
        if account is not None:
            found.append(Arriving((ACCOUNT, account), (), 0))
    return found


def _gone_accounts(gone: Collection[Key]) -> list[str]:
    return [key for namespace, key in gone if namespace == ACCOUNT]


def _by_column(found: Sorted, accounts: Sequence[str]) -> dict[str, list[str]]:
    """Addresses and accounts to take from subjects who stay."""
    return {
        "email": [value for kind, value in found.addresses if kind == "email"],
        "phone": [value for kind, value in found.addresses if kind == "phone"],
        "account_key": list(accounts),
    }


def _left_out(engine: EmbeddedEngine, path: Path | None, keys: Sequence[Key]) -> Path | None:
    if path is None or not keys:
        return path
    return path if leave_out(engine, path, keys) else None
