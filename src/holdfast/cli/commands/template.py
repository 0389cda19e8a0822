"""``holdfast template``: messages as files, to be kept beside code and carried to other workspaces."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.templates import Template

ORDER = 48
ACTIONS = ("list", "show", "export", "import", "publish")
_BY = "command line"


def _run(session: Session, action: str, name: str, file: Path | None) -> None:
    _ACTIONS[action](session, session.settings(), name, file)


def _list(session: Session, settings: Settings, name: str, file: Path | None) -> None:
    from holdfast.store import templates

    found = templates.listed(settings)
    rows = [(each.key, each.title, each.kind, str(each.published)) for each in found]
    answer = {"templates": [_answer(each) for each in found]}
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({3}))))


def _show(session: Session, settings: Settings, name: str, file: Path | None) -> None:
    found = _there(settings, name)
    written = json.dumps(_written(found), ensure_ascii=False, indent=1)
    session.finish(_answer(found) | {"template": _written(found)}, lambda: session.write(written))


def _export(session: Session, settings: Settings, name: str, file: Path | None) -> None:
    found = _there(settings, name)
    to = file or Path(f"{found.key}.json")
    to.write_text(json.dumps(_written(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    session.finish(
        _answer(found) | {"file": str(to)}, lambda: session.tell(Text("Written to {file}.", file=str(to)))
    )


def _import(session: Session, settings: Settings, name: str, file: Path | None) -> None:
    """A draft of what the file holds: made anew, or in the place of the draft there is."""
    from holdfast.domain.templates import parse_body
    from holdfast.services.act.messages import templates as acts
    from holdfast.store import templates

    given = _read(file)
    body = parse_body(given.get("body"))
    key, title = str(given.get("key", "")), str(given.get("title", ""))
    before = templates.keyed(settings, key) if key else None
    if before is not None and before.deleted_us is not None:
        templates.restore(settings, before.id)
        before = templates.keyed(settings, key)
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    if before is None:
        kind = str(given.get("kind", "message"))
        kept = acts.make(settings, title or key, kind, "en", by=_BY, now_us=now_us, key=key, draft=body)
    else:
        kept = acts.keep(settings, before, body, by=_BY, now_us=now_us, title=title)
    session.finish(_answer(kept), lambda: session.tell(_KEPT))


_KEPT = Text("It is kept as a draft. Publish it with `holdfast template publish NAME`.")


def _publish(session: Session, settings: Settings, name: str, file: Path | None) -> None:
    from holdfast.services.act.messages import templates as acts

    found = _there(settings, name)
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    number = acts.publish(settings, found, by=_BY, now_us=now_us)
    said = Text("Version {number} is what customers get from now on.", number=number)
    session.finish(_answer(found) | {"published": number}, lambda: session.tell(said))


_ACTIONS: dict[str, Callable[[Session, Settings, str, Path | None], None]] = {
    "list": _list,
    "show": _show,
    "export": _export,
    "import": _import,
    "publish": _publish,
}


def _there(settings: Settings, name: str) -> Template:
    from holdfast.store import templates

    found = templates.keyed(settings, name) if name else None
    if found is None or found.deleted_us is not None:
        raise Refusal(
            "no_such_template",
            found=Text("There is no template called {name}.", name=name or '""'),
            expected=Text("The key of a template of this workspace."),
            remedy=Text("List them with `holdfast template list`."),
        )
    return found


def _read(file: Path | None) -> dict[str, Any]:
    try:
        given = json.loads(file.read_text(encoding="utf-8")) if file is not None else None
    except (ValueError, RecursionError, UnicodeDecodeError):
        given = None
    if not isinstance(given, dict):
        raise Refusal(
            "bad_file",
            found=Text("There is no template in {file}.", file=str(file or '""')),
            expected=Text("A file that `holdfast template export` wrote, named with --file."),
            remedy=Text("Export one to see how it looks; nothing was changed."),
        )
    return given


def _written(found: Template) -> dict[str, Any]:
    from holdfast.domain.templates import body_as_json

    return {"key": found.key, "title": found.title, "kind": found.kind, "body": body_as_json(found.draft)}


def _answer(found: Template) -> dict[str, Any]:
    return {
        "key": found.key,
        "title": found.title,
        "kind": found.kind,
        "languages": list(found.draft.languages()),
        "variants": len(found.draft.variants),
        "published": found.published,
    }


COMMAND = Command(
    "template",
    Text("Write messages to files and read them back; list and publish them."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["name"], required=False, default="", metavar="NAME"),
        Option(
            "--file",
            words=Text("The file that is written or read."),
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
        ),
    ],
)
