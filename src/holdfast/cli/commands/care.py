"""``holdfast care``: what our own people know of customers, and the work that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.collect.care.who import Who
    from holdfast.settings import Settings

ORDER = 46

BY = "command line"
"""Who is said to have written, where nobody is named."""

NOBODY = "nobody"


def _run(session: Session, action: str, words: tuple[str, ...], by: str, state: str, limit: int) -> None:
    settings = session.settings()
    if action == "points":
        _points(session, settings, state, limit)
    elif action == "gaps":
        _gaps(session, settings, limit)
    else:
        _write(session, settings, action, words, by)


def _write(session: Session, settings: Settings, action: str, words: Sequence[str], by: str) -> None:
    from holdfast.services.collect.care.who import named

    act, wanted = _ACTS[action]
    if len(words) != len(wanted):
        raise click.UsageError(f"holdfast care {action} {' '.join(wanted)}")
    about = named(settings, words[0])
    now_us = int(settings.now(session.now()).timestamp() * 1_000_000)
    answer = {"unit_id": about.unit_id} | act(settings, about, words[1:], by, now_us)
    session.finish(answer, lambda: session.tell(Text("It is written down.")))


def _note(settings: Settings, about: Who, words: Sequence[str], by: str, now_us: int) -> dict[str, Any]:
    from holdfast.services.collect.care.notes import write_note

    return {"note": write_note(settings, about, words[0], by=by, now_us=now_us)}


def _owner(settings: Settings, about: Who, words: Sequence[str], by: str, now_us: int) -> dict[str, Any]:
    from holdfast.services.collect.care.owners import person_named, set_owner

    person = None if words[0] == NOBODY else person_named(settings, words[0])
    set_owner(settings, about, person, by=by, now_us=now_us)
    return {"owner": None if person is None else words[0]}


def _say(settings: Settings, about: Who, words: Sequence[str], by: str, now_us: int) -> dict[str, Any]:
    from holdfast.services.collect.care.traits import edit_trait

    changed = edit_trait(settings, about, words[0], words[1], by=by, now_us=now_us)
    return {"trait": words[0], "changed": changed}


def _document(settings: Settings, about: Who, words: Sequence[str], by: str, now_us: int) -> dict[str, Any]:
    from holdfast.services.collect.care.documents import add_document

    path = Path(words[0])
    if not path.is_file():
        raise click.UsageError(f"{path}: no such file")
    with path.open("rb") as file:
        kept = add_document(settings, about, path.name, file, by=by, now_us=now_us)
    return {"document": kept.name, "type": kept.media_type, "bytes": kept.size}


_ACTS: Mapping[str, tuple[Callable[..., dict[str, Any]], tuple[str, ...]]] = {
    "note": (_note, ("CUSTOMER", "TEXT")),
    "owner": (_owner, ("CUSTOMER", "EMAIL")),
    "say": (_say, ("CUSTOMER", "TRAIT", "VALUE")),
    "document": (_document, ("CUSTOMER", "FILE")),
}


def _points(session: Session, settings: Settings, state: str, limit: int) -> None:
    from holdfast.store.point_lists import PointFilter, kept_counts, list_points

    rows, _ = list_points(settings, PointFilter(state), limit=limit)
    currency = settings.currency or NO_CURRENCY
    answer = {
        "counts": kept_counts(settings),
        "points": [
            {
                "unit_id": row.unit_id,
                "name": row.name,
                "kind": row.kind,
                "value": row.value,
                "state": row.state,
                "worth": Money(row.value_minor, currency).amount,
            }
            for row in rows
        ],
    }
    reader = session.reader(settings)
    lines = [(row.name, row.value, row.state, reader.money(Money(row.value_minor, currency))) for row in rows]
    session.finish(
        answer,
        lambda: (
            session.write(columns(lines, numbers=frozenset({3})))
            if lines
            else session.tell(Text("No contact point needs mending."))
        ),
    )


def _gaps(session: Session, settings: Settings, limit: int) -> None:
    from holdfast.services.collect.care.needs import need_fields
    from holdfast.store.needs import gaps

    fields = need_fields(settings)
    rows, _ = gaps(settings, len(fields), limit=limit)
    reader = session.reader(settings)
    answer = {
        "fields": [field.trait for field in fields],
        "gaps": [{"unit_id": row.unit_id, "name": row.name, "known": row.known} for row in rows],
    }
    lines = [
        (row.name, reader.say(Text("{known} of {all} known", known=row.known, all=len(fields))))
        for row in rows
    ]
    session.finish(
        answer,
        lambda: session.write(columns(lines)) if lines else session.tell(Text("Nobody has gaps.")),
    )


COMMAND = Command(
    "care",
    Text("Write about a customer (note, owner, say, document), or list what is to be mended (points, gaps)."),
    _run,
    [
        click.Argument(["action"], type=click.Choice([*_ACTS, "points", "gaps"])),
        click.Argument(["words"], metavar="[CUSTOMER] [WHAT]...", nargs=-1),
        Option(
            "--by",
            words=Text("Who writes: an e-mail address."),
            default=BY,
            show_default=True,
            metavar="EMAIL",
        ),
        Option(
            "--state",
            words=Text("List only contact points of this state."),
            type=click.Choice(["", "bounced", "stale", "missing", "never_used"]),
            default="",
        ),
        Option(
            "--limit",
            words=Text("How many to list."),
            type=click.IntRange(min=1),
            default=20,
            show_default=True,
        ),
    ],
)
