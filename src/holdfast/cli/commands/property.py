"""``holdfast property``: what the properties of events mean, by the names under which they come."""

from __future__ import annotations

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 56


def _run(session: Session, action: str, event: str | None, column: str | None, path: str | None) -> None:
    needed = {"list": (), "map": (event, column, path), "clear": (event, column), "seen": (event,)}
    if any(each is None for each in needed[action]):
        raise click.UsageError(
            session.say(Text("Say the event, the column and the property, in this order."))
        )
    if action == "list":
        _list(session)
    elif action == "seen":
        _seen(session, event or "")
    else:
        _map(session, event or "", column or "", (path or "") if action == "map" else "")


def _list(session: Session) -> None:
    from holdfast.services.collect.property_map import event_names
    from holdfast.store import property_map

    settings = session.settings()
    maps = property_map.maps(settings)
    names = event_names(settings)
    events = [{"name": each.name, "events": each.events, "map": maps.get(each.name, {})} for each in names]
    came = {each.name for each in names}
    events += [{"name": name, "events": 0, "map": told} for name, told in maps.items() if name not in came]
    reader = session.reader(settings)
    rows = [
        (
            each.name,
            reader.number(each.events),
            reader.list_of(f"{path} -> {column}" for column, path in maps.get(each.name, {}).items()),
        )
        for each in names
    ]
    session.finish({"events": events}, lambda: session.write(columns(rows, numbers=frozenset({1}))))


def _seen(session: Session, event: str) -> None:
    from holdfast.services.collect.property_map import properties_of

    found = properties_of(session.settings(), event)
    session.finish({"event": event, "properties": found}, lambda: session.write(columns(list(found.items()))))


def _map(session: Session, event: str, column: str, path: str) -> None:
    from holdfast.services.collect.property_map import map_property

    map_property(session.settings(), event, column, path)
    said = (
        Text("{property} fills {column} of {event} from now on.", property=path, column=column, event=event)
        if path
        else Text("Nothing of one's own fills {column} of {event} any more.", column=column, event=event)
    )
    session.finish({"event": event, "column": column, "property": path or None}, lambda: session.tell(said))


COMMAND = Command(
    "property",
    Text("List the names of events, and map their properties to columns."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["list", "seen", "map", "clear"])),
        click.Argument(["event"], required=False, metavar="[EVENT]"),
        click.Argument(["column"], required=False, metavar="[COLUMN]"),
        click.Argument(["path"], required=False, metavar="[PROPERTY]"),
    ],
)
