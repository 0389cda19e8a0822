"""``holdfast quarantine``: events that could not be understood, listed, replayed, dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.quarantine import Asked, QuarantinedEvent

ORDER = 54


def _run(
    session: Session,
    action: str,
    event_ids: tuple[int, ...],
    every: bool,
    code: str,
    state: str,
    before: int,
    most: int,
) -> None:
    from holdfast.store.quarantine import Asked

    settings = session.settings()
    asked = Asked(state, code, 0, before)
    if action == "list":
        _list(session, settings, asked, most)
    elif not event_ids and not every:
        raise click.UsageError(session.say(Text("Say which events by their numbers, or --all.")))
    elif action == "drop":
        _drop(session, settings, event_ids, asked if every else None)
    else:
        _replay(session, settings, event_ids, asked if every else None)


def _list(session: Session, settings: Settings, asked: Asked, most: int) -> None:
    from holdfast.store import quarantine

    found = quarantine.listed(settings, asked, most)
    reader = session.reader(settings)
    rows = [
        (str(each.id), reader.moment(_moment(each.received_us)), each.source, session.say(each.found))
        for each in found
    ]
    answer = {"counts": quarantine.counted(settings), "events": [_told(each) for each in found]}
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({0}))))


def _replay(session: Session, settings: Settings, event_ids: tuple[int, ...], asked: Asked | None) -> None:
    from holdfast.services.collect import quarantine as service
    from holdfast.store import quarantine

    replayed = refused = 0
    if asked is not None:
        done = service.replay_all(settings, asked)
        replayed, refused = done.replayed, done.refused
    for event_id in event_ids:
        event = quarantine.by_id(settings, event_id)
        if service.replay(settings, event_id, event.event if event else "") is None:
            replayed += 1
        else:
            refused += 1
    session.finish(
        {"replayed": replayed, "refused": refused},
        lambda: session.tell(
            Text(
                "{sent}; {left}.",
                sent=Text("{n} event is on its way again", "{n} events are on their way again", n=replayed),
                left=Text("{n} cannot be understood yet", "{n} cannot be understood yet", n=refused),
            )
        ),
    )


def _drop(session: Session, settings: Settings, event_ids: tuple[int, ...], asked: Asked | None) -> None:
    from holdfast.services.collect import quarantine as service
    from holdfast.store import quarantine

    dropped = service.drop(settings, event_ids)
    while asked is not None and (page := quarantine.listed(settings, asked, 500)):
        if not (gone := service.drop(settings, [each.id for each in page])):
            break
        dropped += gone
    session.finish(
        {"dropped": dropped},
        lambda: session.tell(Text("{n} event is dropped.", "{n} events are dropped.", n=dropped)),
    )


def _told(event: QuarantinedEvent) -> dict[str, object]:
    return {
        "id": event.id,
        "source": event.source,
        "received_at": _moment(event.received_us),
        "endpoint": event.endpoint,
        "browser": event.browser,
        "code": event.code,
        "found": event.found,
        "expected": event.expected,
        "remedy": event.remedy,
        "state": event.state,
        "event": event.event,
    }


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command(
    "quarantine",
    Text("List, replay or drop the events that could not be understood."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["list", "replay", "drop"])),
        click.Argument(["event_ids"], nargs=-1, type=int, metavar="[NUMBER]..."),
        Option("--all", "every", words=Text("All that are asked for."), is_flag=True),
        Option("--code", words=Text("Only those with this reason."), default="", metavar="CODE"),
        Option(
            "--state",
            words=Text("Only those that are: waiting, replayed, dropped."),
            type=click.Choice(["waiting", "replayed", "dropped"]),
            default="waiting",
            show_default=True,
            metavar="STATE",
        ),
        Option(
            "--before",
            words=Text("Only those with a smaller number: the next page."),
            type=click.IntRange(0),
            default=0,
            metavar="NUMBER",
        ),
        Option(
            "--most",
            words=Text("At most so many."),
            type=click.IntRange(1, 10_000),
            default=50,
            show_default=True,
        ),
    ],
)
