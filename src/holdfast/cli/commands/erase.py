"""``holdfast erase``: a person, or an account, goes from everywhere, and it is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holdfast.cli import account
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.keep.erase.told import Planned
    from holdfast.settings import Settings
    from holdfast.store.erasure import ErasureRecord

ORDER = 71


def _run(
    session: Session,
    wanted: str | None,
    with_contacts: bool,
    at_once: bool,
    yes: bool,
    carry_on: bool,
    certificate: int | None,
    lift: int | None,
) -> None:
    if wanted is not None:
        _erase(session, wanted, with_contacts, at_once, yes)
    elif carry_on:
        _carry_on(session)
    elif certificate is not None:
        _certificate(session, certificate)
    elif lift is not None:
        _lift(session, lift)
    else:
        _list(session)


def _erase(session: Session, wanted: str, with_contacts: bool, at_once: bool, yes: bool) -> None:
    from holdfast.services.keep.erase.steps import erase
    from holdfast.services.keep.erase.told import as_json, planned
    from holdfast.services.keep.erase.whom import whom

    settings = session.settings()
    who = whom(settings, wanted, with_contacts=with_contacts)
    now_us = int(session.now().timestamp() * 1_000_000)
    plan = planned(settings, who, now_us=now_us)
    if not yes:
        answer = {"would_erase": {"kind": who.kind, "name": who.name, "rows": plan.rows}}
        session.finish(answer, lambda: _show_plan(session, plan))
        return
    with session.progress() as progress:
        record = erase(settings, who, by=account.who(), now_us=now_us, at_once=at_once, progress=progress)
    session.finish(as_json(record), lambda: _show(session, settings, record))


def _show_plan(session: Session, plan: Planned) -> None:
    from holdfast.store.personal import holdings

    found = holdings()
    session.tell(Text("This would erase {name}:", name=plan.whom.name))
    rows = [(str(count), session.say(found[table].words)) for table, count in plan.rows.items()]
    session.write(columns(rows, numbers=frozenset({0})))
    session.tell(Text("and every event, text and file about them. It cannot be undone."))
    if plan.whom.contacts and not plan.whom.with_contacts:
        session.tell(
            Text(
                "{n} person of this account stays; --with-contacts erases them too.",
                "{n} people of this account stay; --with-contacts erases them too.",
                n=plan.whom.contacts,
            )
        )
    session.tell(Text("Nothing was changed. Add --yes to erase."))


def _show(session: Session, settings: Settings, record: ErasureRecord) -> None:
    from holdfast.services.keep.erase.told import moment, remarks, sentence

    reader = session.reader(settings)
    session.tell(Text("Erasure {id}:", id=str(record.id)))
    session.write(reader.say(sentence(record)))
    for each in remarks(record):
        session.write(f"- {reader.say(each)}")
    for copy in (record.certificate or {}).get("backups", ()):
        until = moment(copy["expires_us"])
        if until is not None:
            words = Text(
                "The backup {place} still holds them until {moment}.",
                place=copy["place"],
                moment=reader.moment(until),
            )
            session.write(f"- {reader.say(words)}")


def _carry_on(session: Session) -> None:
    from holdfast.services.keep.erase.steps import carry_on
    from holdfast.services.keep.erase.told import as_json

    settings = session.settings()
    with session.progress() as progress:
        done = carry_on(settings, now_us=int(session.now().timestamp() * 1_000_000), progress=progress)

    def show() -> None:
        for record in done:
            _show(session, settings, record)
        if not done:
            session.tell(Text("Nothing is due."))

    session.finish({"erasures": [as_json(record) for record in done]}, show)


def _certificate(session: Session, number: int) -> None:
    from holdfast.services.keep.erase.steps import get
    from holdfast.services.keep.erase.told import as_json

    settings = session.settings()
    record = get(settings, number)
    session.finish(as_json(record), lambda: _show(session, settings, record))


def _lift(session: Session, number: int) -> None:
    from holdfast.services.keep.erase.listing import write_list
    from holdfast.services.keep.erase.steps import get
    from holdfast.services.keep.erase.told import as_json
    from holdfast.store import erasure

    settings = session.settings()
    get(settings, number)
    now_us = int(session.now().timestamp() * 1_000_000)
    erasure.lift(settings, number, by=account.who(), now_us=now_us)
    write_list(settings)
    words = Text("What arrives under the ids of erasure {id} is taken in again.", id=str(number))
    session.finish(as_json(get(settings, number)), lambda: session.tell(words))


def _list(session: Session) -> None:
    from holdfast.services.keep.erase.told import STATES, as_json, moment
    from holdfast.store import erasure

    settings = session.settings()
    found = erasure.listed(settings)
    reader = session.reader(settings)
    rows = [
        (
            str(each.id),
            session.say(STATES[each.state]),
            reader.moment(at),
            session.say(
                Text("{n} event or row dropped since", "{n} events or rows dropped since", n=each.refused)
            ),
        )
        for each in found
        if (at := moment(each.asked_us)) is not None
    ]
    session.finish(
        {"erasures": [as_json(each) for each in found]},
        lambda: session.write(columns(rows, numbers=frozenset({0}))),
    )


COMMAND = Command(
    "erase",
    Text("Erase a person or an account everywhere, and prove it; without a name, list the erasures."),
    _run,
    [
        click.Argument(["wanted"], required=False, metavar="[ID]"),
        Option("--with-contacts", words=Text("Of an account, its people too."), is_flag=True),
        Option(
            "--now",
            "at_once",
            words=Text("Leave no day to readers of events: only while nobody else is at work."),
            is_flag=True,
        ),
        Option("--yes", words=Text("Do it; without, only what would be erased is said."), is_flag=True),
        Option("--carry-on", words=Text("Do what is due of erasures that have begun."), is_flag=True),
        Option(
            "--certificate",
            words=Text("Show how an erasure stands, and its certificate."),
            type=int,
            metavar="N",
        ),
        Option(
            "--lift",
            words=Text("Let in again what arrives under the ids of an erasure."),
            type=int,
            metavar="N",
        ),
    ],
)
