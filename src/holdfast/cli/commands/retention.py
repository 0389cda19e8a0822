"""``holdfast retention``: for how long which events are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.domain.retention import Rule
    from holdfast.services.keep.retention import Expired
    from holdfast.settings import Settings
    from holdfast.store.retention import KeptRule

ORDER = 72


def _run(session: Session, action: str, what: str | None, days: int | None, dry_run: bool) -> None:
    settings = session.settings()
    now_us = int(session.now().timestamp() * 1_000_000)
    if action == "set":
        _set(session, settings, what, days, now_us)
    elif action == "remove":
        _remove(session, settings, what)
    elif action == "run" and not dry_run:
        _expire(session, settings, now_us)
        return
    _list(session, settings, now_us)


def _set(session: Session, settings: Settings, what: str | None, days: int | None, now_us: int) -> None:
    from holdfast.domain.retention import Rule, check_rule
    from holdfast.store import retention

    if what is None or days is None:
        raise click.UsageError(session.say(Text("Say what and for how long: set group:browsing 180.")))
    retention.set_rule(settings, check_rule(Rule(what, days)), by=who(), now_us=now_us)


def _remove(session: Session, settings: Settings, what: str | None) -> None:
    from holdfast.domain.refusals import Refusal
    from holdfast.store import retention

    if not what or not retention.remove_rule(settings, what):
        raise Refusal(
            "no_such_rule",
            found=Text("There is no rule for {name}.", name=what or ""),
            expected=Text("One of the rules that `holdfast retention` lists."),
            remedy=Text("Nothing was changed."),
        )


def _expire(session: Session, settings: Settings, now_us: int) -> None:
    from holdfast.services.keep.retention import expire
    from holdfast.store import retention

    with session.progress() as progress:
        done = expire(settings, now_us=now_us, progress=progress)
    words = Text(
        "{n} event was deleted, {texts} texts with them.",
        "{n} events were deleted, {texts} texts with them.",
        n=done.events,
        texts=done.texts,
    )
    emptied = Text(
        "{n} message of yours lost its words.", "{n} messages of yours lost their words.", n=done.messages
    )

    def show() -> None:
        session.tell(words)
        if done.messages:
            session.tell(emptied)

    session.finish(_answer(retention.rules(settings), done), show)


def _list(session: Session, settings: Settings, now_us: int) -> None:
    from holdfast.services.keep.retention import preview
    from holdfast.store import retention

    kept = retention.rules(settings)
    found = preview(settings, [each.rule for each in kept], now_us=now_us)
    rows = [
        (
            each.rule.what,
            session.say(Text("{n} day", "{n} days", n=each.rule.days)),
            session.say(_older(each.rule, found.by_rule.get(each.rule.what, 0))),
            session.say(each.rule.words),
        )
        for each in kept
    ]

    def show() -> None:
        session.write(columns(rows) if rows else session.say(Text("Everything is kept: there is no rule.")))

    session.finish(_answer(kept, found), show)


def _older(rule: Rule, n: int) -> Text:
    if rule.of_messages:
        return Text("{n} message is older", "{n} messages are older", n=n)
    return Text("{n} event is older", "{n} events are older", n=n)


def _answer(kept: list[KeptRule], found: Expired) -> dict[str, object]:
    return {
        "rules": [
            {
                "what": each.rule.what,
                "days": each.rule.days,
                "older": found.by_rule.get(each.rule.what, 0),
                "by": each.changed_by,
            }
            for each in kept
        ],
        "events": found.events,
        "texts": found.texts,
        "messages": found.messages,
        "deleted": found.done,
    }


COMMAND = Command(
    "retention",
    Text("For how long events are kept: list, set and remove rules; delete what is older."),
    _run,
    [
        click.Argument(
            ["action"], type=click.Choice(["list", "set", "remove", "run"]), required=False, default="list"
        ),
        click.Argument(["what"], required=False, metavar="[EVENT|group:NAME]"),
        click.Argument(["days"], required=False, type=int, metavar="[DAYS]"),
        Option("--dry-run", words=Text("With run: only count what would be deleted."), is_flag=True),
    ],
)
