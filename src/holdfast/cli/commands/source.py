"""``holdfast source``: providers that tell of events by webhook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.fetching import moment
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 54


@dataclass(frozen=True, slots=True)
class _Given:
    """What stands on the command line after the action."""

    named: str
    name: str
    options: Mapping[str, str]
    secrets: Mapping[str, str]
    address: str


def _run(
    session: Session,
    action: str,
    named: str | None,
    name: str | None,
    option: Sequence[str],
    secret: Sequence[str],
    address: str | None,
) -> None:
    if action != "list" and not named:
        raise click.UsageError(session.say(Text("Say which: holdfast source {action} NAME.", action=action)))
    secrets = {key: secret_given(key, value) for key, value in _pairs(session, secret).items()}
    given = _Given(named or "", name or "", _pairs(session, option), secrets, address or "")
    _ACTIONS[action](session, session.settings(), given)


def _list(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.sources.setting_up import listed

    found = [source for source, _ in listed(settings)]
    answer = [
        {
            "name": each.name,
            "kind": each.kind,
            "enabled": each.enabled,
            "last_event_at": moment(each.last_us),
            "trouble": each.trouble,
        }
        for each in found
    ]
    reader = session.reader(settings)
    rows = [
        (
            each.name,
            each.kind,
            session.say(Text("on") if each.enabled else Text("off")),
            reader.moment(last) if (last := moment(each.last_us)) else "",
            "" if each.trouble is None else session.say(each.trouble),
        )
        for each in found
    ]
    session.finish({"sources": answer}, lambda: session.write(columns(rows)))


def _add(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.sources.setting_up import add, view

    made = add(
        settings,
        given.named,
        name=given.name,
        options=given.options,
        secrets=given.secrets,
        address=given.address,
        now=session.now(),
    )
    shown = view(settings, made.name, address=given.address or "https://YOUR-HOST")
    steps = shown.part.steps if shown.part else ()
    answer = {
        "name": made.name,
        "kind": made.kind,
        "address": shown.hook,
        "steps": [str(step) for step in steps],
    }

    def show() -> None:
        session.tell(Text("{name} is connected. The address to paste there:", name=made.name))
        session.write(f"\n  {shown.hook}\n")
        for step in steps:
            session.write(f"- {session.say(step)}")

    session.finish(answer, show)


def _change(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.sources.setting_up import change

    change(
        settings,
        given.named,
        options=given.options,
        secrets=given.secrets,
        address=given.address,
        now=session.now(),
    )
    session.finish(
        {"name": given.named},
        lambda: session.tell(
            Text("{name} is changed; an old signing secret holds for 24 hours more.", name=given.named)
        ),
    )


def _switch(enabled: bool) -> Callable[[Session, Settings, _Given], None]:
    def act(session: Session, settings: Settings, given: _Given) -> None:
        from holdfast.services.collect.sources.setting_up import enable

        enable(settings, given.named, enabled)
        said = Text("{name} is switched on.", name=given.named)
        if not enabled:
            said = Text("{name} is switched off.", name=given.named)
        session.finish({"name": given.named, "enabled": enabled}, lambda: session.tell(said))

    return act


def _test(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.sources.setting_up import try_out

    tried = try_out(settings, given.named)
    answer = {"name": given.named, "examples": [{"kind": kind, "becomes": names} for kind, names in tried]}
    rows = [(kind, "->", ", ".join(names)) for kind, names in tried]
    session.finish(answer, lambda: session.write(columns(rows)))


def _pairs(session: Session, given: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign:
            raise click.UsageError(session.say(Text("Write {given} as NAME=VALUE.", given=each)))
        found[name] = value
    return found


def secret_given(name: str, value: str) -> str:
    """A secret as it is given: itself, ``@FILE``, or ``-`` for a line from the keyboard or a pipe.

    Refuses ("no_file") a file that cannot be read.
    """
    if value.startswith("@"):
        return _in_file(Path(value[1:]))
    if value != "-":
        return value
    if sys.stdin.isatty():
        return str(click.prompt(name, hide_input=True, err=True))
    return sys.stdin.readline().strip()


def _in_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            "no_file",
            found=Text("There is no secret in {file}.", file=str(path)),
            expected=Text("A text file with the secret alone in it, which may be read by whoever runs this."),
            remedy=Text("Check the name and the folder."),
        ) from error


_ACTIONS: dict[str, Callable[[Session, Settings, _Given], None]] = {
    "list": _list,
    "add": _add,
    "change": _change,
    "test": _test,
    "on": _switch(True),
    "off": _switch(False),
}

COMMAND = Command(
    "source",
    Text("Connect providers that tell of events by webhook: Stripe, Shopify, Zendesk, HubSpot."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(list(_ACTIONS))),
        click.Argument(["named"], required=False, metavar="[NAME|KIND]"),
        Option(
            "--name", words=Text("What a new source is to be called, otherwise as its kind."), metavar="NAME"
        ),
        Option(
            "--option",
            words=Text("An option of the source; the page of its kind lists them."),
            multiple=True,
            metavar="NAME=VALUE",
        ),
        Option(
            "--secret",
            words=Text("A secret of the source: NAME=@FILE, or NAME=- to be asked for it."),
            multiple=True,
            metavar="NAME=VALUE",
        ),
        Option(
            "--address",
            words=Text("Where the provider reaches Holdfast, like https://holdfast.example.com."),
            metavar="URL",
        ),
    ],
)
