"""``holdfast key``: with what programs and websites may send events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.store.write_keys import WriteKey

ORDER = 53


def _run(
    session: Session,
    action: str,
    named: str | None,
    name: str | None,
    scope: str,
    browser: bool,
    origin: tuple[str, ...],
    acts_for: str,
    days: int | None,
) -> None:
    given = name or named or ""
    if action == "list":
        _list(session)
    elif not given:
        raise click.UsageError(session.say(Text("Say which key: --name NAME.")))
    elif action == "create":
        _create(session, given, scope, browser, origin, acts_for, days)
    else:
        _revoke(session, given)


def _create(
    session: Session,
    name: str,
    scope: str,
    browser: bool,
    origins: tuple[str, ...],
    acts_for: str,
    days: int | None,
) -> None:
    from holdfast.services.collect.keys import create_key

    made, key = create_key(
        session.settings(),
        name,
        scope=scope,
        browser=browser,
        origins=origins,
        acts_for=acts_for,
        days=days,
        now=session.now(),
    )
    session.finish({"key": key, **_told(made)}, lambda: _show_made(session, made, key))


def _show_made(session: Session, made: WriteKey, key: str) -> None:
    session.tell(Text("The key of {name}, shown this once: {key}", name=made.name, key=key))
    if made.browser and not made.origins:
        session.tell(Text("Any site may use it. Bind it with --origin https://your-site.example."))


def _revoke(session: Session, named: str) -> None:
    from holdfast.services.collect.keys import revoke_key

    key = revoke_key(session.settings(), named, now=session.now())
    session.finish(
        {"revoked": key.shown, "name": key.name},
        lambda: session.tell(Text("The key {shown} of {name} is revoked.", shown=key.shown, name=key.name)),
    )


def _list(session: Session) -> None:
    from holdfast.store import write_keys

    settings = session.settings()
    found = write_keys.listed(settings)
    reader = session.reader(settings)
    rows = [
        (
            key.name,
            f"{key.shown}...",
            key.scope,
            session.say(Text("browser")) if key.browser else session.say(Text("server")),
            session.say(_state(key, session.now())),
            reader.moment(_moment(key.made_us)),
        )
        for key in found
    ]
    session.finish({"keys": [_told(key) for key in found]}, lambda: session.write(columns(rows)))


def _state(key: WriteKey, now: datetime) -> Text:
    from holdfast.store.write_keys import expired

    if key.revoked_us is not None:
        return Text("revoked")
    ended = expired(key, int(now.timestamp() * 1_000_000))
    return Text("ended") if ended else Text("in use")


def _told(key: WriteKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "source": key.source or None,
        "scope": key.scope,
        "browser": key.browser,
        "origins": list(key.origins),
        "shown": key.shown,
        "made_at": _moment(key.made_us),
        "acts_for": key.person_id,
        "expires_at": None if key.expires_us is None else _moment(key.expires_us),
        "revoked_at": None if key.revoked_us is None else _moment(key.revoked_us),
    }


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command(
    "key",
    Text("Make, list and revoke the keys with which programs and websites send events."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["create", "list", "revoke"])),
        click.Argument(["named"], required=False, metavar="[NAME]"),
        Option("--name", words=Text("The program or site that has the key."), metavar="NAME"),
        Option(
            "--scope",
            words=Text(
                "What the key is for: ingest sends events, metrics reads /metrics; read, write and admin "
                "open the API."
            ),
            default="ingest",
            show_default=True,
            metavar="SCOPE",
        ),
        Option(
            "--browser",
            words=Text("The key will be public, in a page: it may do less."),
            is_flag=True,
        ),
        Option(
            "--origin",
            words=Text("A site that may use the browser key; may be given several times."),
            multiple=True,
            metavar="SITE",
        ),
        Option(
            "--acts-for",
            words=Text("E-mail address of whom a key of the API acts for: it opens no more than they may."),
            default="",
            metavar="EMAIL",
        ),
        Option("--days", words=Text("After so many days the key opens nothing."), type=int, metavar="N"),
    ],
)
