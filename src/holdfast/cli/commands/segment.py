"""``holdfast segment``: named rules over customers, and who meets them."""

from __future__ import annotations

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
    from holdfast.domain.expression import Expression
    from holdfast.settings import Settings
    from holdfast.store.segments import KeptSegment

ORDER = 47
ACTIONS = ("list", "show", "preview", "create", "change", "delete", "members", "ready", "fit")


def _run(
    session: Session,
    action: str,
    name: str,
    rule: str,
    file: Path | None,
    title: str,
    limit: int,
    after: int | None,
) -> None:
    settings = session.settings()
    given = _Given(name, rule, file, title, limit, after)
    _ACTIONS[action](session, settings, given)


class _Given:
    """What stands on the command line after the action."""

    def __init__(
        self, name: str, rule: str, file: Path | None, title: str, limit: int, after: int | None
    ) -> None:
        self._name, self._rule, self._file, self.title = name, rule, file, title
        self.limit, self.after = limit, after

    @property
    def name(self) -> str:
        """The segment's name; refuses where none was given."""
        if not self._name:
            raise _missing(Text("NAME"))
        return self._name

    def rule(self) -> Expression:
        """The rule that was given, in JSON or as a file."""
        from holdfast.domain.written_expressions import read_rule

        if self._file is not None:
            return read_rule(self._file.read_text(encoding="utf-8"))
        if not self._rule:
            raise _missing(Text("--rule"))
        return read_rule(self._rule)

    @property
    def has_rule(self) -> bool:
        """Whether one was given."""
        return bool(self._rule or self._file)


def _missing(what: Text) -> Refusal:
    return Refusal(
        "missing_argument",
        found=Text("{what} is missing.", what=what),
        expected=Text("For example `holdfast segment preview --rule '{rule}'`.", rule=_EXAMPLE),
        remedy=Text("Give it and try again; nothing was changed."),
    )


_EXAMPLE = '{"fact": "orders", "at_least": 3}'


def _list(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.moments import moment_of
    from holdfast.store import segments

    kept = segments.listed(settings)
    since = moment_of(settings, _now_us(session)).today - 7
    moved = segments.changes(settings, since_day=since)
    answer = {
        "segments": [
            _segment(each)
            | dict(zip(("entered_7_days", "left_7_days"), moved.get(each.id, (0, 0)), strict=True))
            for each in kept
        ]
    }
    rows = [(each.key, each.title, "" if each.size is None else str(each.size)) for each in kept]
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({2}))))


def _change_of(entered: int, left: int) -> dict[str, int]:
    return {"entered_7_days": entered, "left_7_days": left}


def _show(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.define import find
    from holdfast.services.collect.segments.words import said

    segment = find(settings, given.name)
    words = said(settings, segment.rule)
    session.finish(_segment(segment) | {"rule": segment.rule, "words": words}, lambda: session.tell(words))


def _preview(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.preview import preview

    found = preview(settings, given.rule(), _now_us(session))
    sample = [{"unit_id": each.unit_id, "name": each.name} for each in found.sample]
    answer = {"count": found.count, "everybody": found.everybody, "sample": sample}
    session.finish(answer, lambda: session.tell(_count_words(found.count, found.everybody)))


def _create(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.define import create, find
    from holdfast.services.collect.segments.refresh import refresh_all

    now_us = _now_us(session)
    made = create(settings, given.title or given.name, given.rule(), now_us=now_us, key=given.name)
    refresh_all(settings, now_us, only=[made.key])
    _tell_segment(session, find(settings, made.key))


def _change(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.domain.written_expressions import parse
    from holdfast.services.collect.segments.define import change, find
    from holdfast.services.collect.segments.refresh import refresh_all

    now_us, before = _now_us(session), find(settings, given.name)
    rule = given.rule() if given.has_rule else parse(before.rule)
    change(settings, before.key, given.title or before.title, rule, now_us=now_us)
    refresh_all(settings, now_us, only=[before.key])
    _tell_segment(session, find(settings, before.key))


def _delete(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.define import delete, find

    segment = find(settings, given.name)
    delete(settings, segment.key, now_us=int(datetime.now(UTC).timestamp() * 1_000_000))
    session.finish(
        {"key": segment.key, "deleted": True},
        lambda: session.tell(Text("{title} is deleted.", title=segment.title)),
    )


def _members(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.define import find
    from holdfast.store import segments

    segment = find(settings, given.name)
    found = segments.members(settings, segment.id, after=given.after, limit=given.limit + 1)
    shown = found[: given.limit]
    answer = {
        "key": segment.key,
        "size": segment.size,
        "members": [
            {
                "unit_id": each.unit_id,
                "name": each.name,
                "state": each.state,
                "entered_at": _at(each.entered_us),
            }
            for each in shown
        ],
        "next": shown[-1].unit_id if len(found) > given.limit else None,
    }
    rows = [(str(each.unit_id), each.name, each.state) for each in shown]
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({0}))))


def _ready(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments.ready_made import make
    from holdfast.services.collect.segments.refresh import refresh_due
    from holdfast.store import segments

    now_us = _now_us(session)
    made = {each.key for each in make(settings, given.name, session.say, now_us=now_us)}
    refresh_due(settings, now_us)
    kept = [each for each in segments.listed(settings) if each.key in made]
    rows = [(each.key, each.title, str(each.size or 0)) for each in kept]
    session.finish(
        {"segments": [_segment(each) for each in kept]},
        lambda: session.write(columns(rows, numbers=frozenset({2}))),
    )


def _fit(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.collect.segments import ideal
    from holdfast.services.collect.segments.ideal_words import as_answer, lines

    if given.title:
        ideal.choose(settings, "" if given.title == "best" else given.title)
    found = ideal.look(settings, _now_us(session))
    reader = session.reader(settings)

    def show() -> None:
        for line in lines(found):
            session.write(reader.say(line))

    session.finish(as_answer(found), show)


def _tell_segment(session: Session, segment: KeptSegment) -> None:
    words = Text("{title}: {n} customer", "{title}: {n} customers", title=segment.title, n=segment.size or 0)
    session.finish(_segment(segment), lambda: session.tell(words))


def _count_words(count: int, everybody: int) -> Text:
    return Text(
        "{n} of {everybody} customers meets the rule.",
        "{n} of {everybody} customers meet the rule.",
        n=count,
        everybody=everybody,
    )


def _segment(each: KeptSegment) -> dict[str, Any]:
    return {
        "key": each.key,
        "title": each.title,
        "size": each.size,
        "ready": each.ready,
        "made_by": each.made_by,
        "made_at": _at(each.made_us),
        "checked_at": _at(each.checked_us),
    }


def _at(moment_us: int | None) -> datetime | None:
    return None if moment_us is None else datetime.fromtimestamp(moment_us / 1_000_000, UTC)


def _now_us(session: Session) -> int:
    return int(session.now().timestamp() * 1_000_000)


_ACTIONS: dict[str, Callable[[Session, Settings, _Given], None]] = {
    "list": _list,
    "show": _show,
    "preview": _preview,
    "create": _create,
    "change": _change,
    "delete": _delete,
    "members": _members,
    "ready": _ready,
    "fit": _fit,
}

COMMAND = Command(
    "segment",
    Text("List, preview, make and look into segments: named rules over customers."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["name"], required=False, default="", metavar="NAME"),
        Option("--rule", words=Text("The rule, as JSON."), default="", metavar="JSON"),
        Option(
            "--rule-file",
            "file",
            words=Text("A file that holds the rule."),
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
        ),
        Option(
            "--title",
            words=Text("What the segment is called; for fit, the segment of the ideal customers, or best."),
            default="",
            metavar="TITLE",
        ),
        Option(
            "--limit",
            words=Text("How many members to list."),
            type=click.IntRange(min=1, max=10_000),
            default=50,
            show_default=True,
        ),
        Option(
            "--after",
            words=Text("List those after this one: the next of the answer before."),
            type=int,
            metavar="ID",
        ),
    ],
)
