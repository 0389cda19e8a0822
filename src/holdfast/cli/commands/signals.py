"""``holdfast signals``: early warnings, what each is worth, and how it is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.scorecards import Scorecard
    from holdfast.language import Reader
    from holdfast.services.warn.reading import Raised, SignalRow
    from holdfast.settings import Settings

ORDER = 46
ACTIONS = ("list", "episodes", "replay", "scorecard", "set")


@dataclass(frozen=True, slots=True)
class _Given:
    """What stands on the command line after the action."""

    name: str
    values: Mapping[str, float]
    on: bool | None
    anew: bool
    limit: int

    @property
    def key(self) -> str:
        """The signal's name; refuses where none was given."""
        if not self.name:
            raise Refusal(
                "missing_argument",
                found=Text("{what} is missing.", what=Text("NAME")),
                expected=Text("For example `{command}`.", command="holdfast signals replay payment_failed"),
                remedy=Text("Give it and try again; nothing was changed."),
            )
        return self.name


def _run(
    session: Session,
    action: str,
    name: str,
    value: tuple[str, ...],
    on: bool | None,
    anew: bool,
    limit: int,
) -> None:
    given = _Given(name, dict(map(_pair, value)), on, anew, limit)
    _ACTIONS[action](session, session.settings(), given)


def _pair(written: str) -> tuple[str, float]:
    name, _, number = written.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise Refusal(
            "bad_signal_setting",
            found=Text("--value says {written}.", written=written),
            expected=Text("A name and a number, for example {example}.", example="--value declined=2"),
            remedy=Text("Mend it and try again; nothing was changed."),
        ) from None


def _list(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.warn.reading import signal_list

    rows = signal_list(settings, now=session.now())
    reader = session.reader(settings)

    def show() -> None:
        lines = [
            (
                row.signal.name,
                reader.say(row.signal.title),
                reader.say(Text("on") if row.on else Text("off")),
                reader.number(row.open_count),
                "" if row.scorecard is None else reader.say(row.scorecard.words),
            )
            for row in rows
        ]
        session.write(columns(lines, numbers=frozenset({3})))

    session.finish({"signals": [_signal(row) for row in rows]}, show)


def _episodes(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.warn.catalogue import find
    from holdfast.services.warn.reading import open_episodes, storms

    if given.name:
        find(settings, given.name)
    page = open_episodes(settings, None, now=session.now(), signal=given.name, limit=given.limit)
    blown = storms(settings, now=session.now())
    reader = session.reader(settings)
    answer = {
        "episodes": [_episode(each) for each in page.rows],
        "more": page.next is not None,
        "storms": [
            {"signal": each.signal_key, "day": each.day, "customers": each.customers, "usual": each.usual}
            for each in blown
        ],
    }

    def show() -> None:
        for storm in blown:
            session.tell(
                Text(
                    "{signal}: {n} customer on {day}; usual are {usual}.",
                    "{signal}: {n} customers on {day}; usual are {usual}.",
                    signal=storm.title,
                    n=storm.customers,
                    day=storm.day,
                    usual=round(storm.usual, 1),
                )
            )
        session.write(columns([_line(each, reader) for each in page.rows]))

    session.finish(answer, show)


def _replay(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.warn.setting import replayed

    card = replayed(settings, given.key, given.values or None, now=session.now())
    session.finish(card.as_json() | {"words": card.words}, lambda: _tell(session, card))


def _scorecard(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.warn import records
    from holdfast.services.warn.catalogue import find
    from holdfast.services.warn.reading import signal_list

    if given.name:
        find(settings, given.name)
    if given.anew:
        with session.progress() as progress:
            records.make(settings, now=session.now(), progress=progress)
    rows = signal_list(settings, now=session.now())
    cards = [row.scorecard for row in rows if row.scorecard and given.name in ("", row.signal.name)]

    def show() -> None:
        if not cards:
            session.tell(
                Text(
                    "No signal was replayed yet. `{command}` does it.",
                    command="holdfast signals scorecard --anew",
                )
            )
        for card in cards:
            _tell(session, card)

    session.finish({"scorecards": [card.as_json() | {"words": card.words} for card in cards]}, show)


def _set(session: Session, settings: Settings, given: _Given) -> None:
    from holdfast.services.warn import setting
    from holdfast.services.warn.catalogue import find

    before = find(settings, given.key)
    values = {**before.tuned.values, **given.values}
    on = before.on if given.on is None else given.on
    setting.change(settings, given.key, values, on, by=who(), now=session.now())
    after = find(settings, given.key)
    answer = {"signal": given.key, "on": after.on, "values": after.tuned.settings}
    said = Text("{signal} is set; from the next night on it is asked so.", signal=after.signal.title)
    session.finish(answer, lambda: session.tell(said))


def _tell(session: Session, card: Scorecard) -> None:
    """The record of a signal in a few lines."""
    session.write(card.signal)
    session.tell(card.words)
    for line in _lines(card):
        session.tell(line)


def _lines(card: Scorecard) -> list[Text]:
    from holdfast.domain.texts import Days, Share

    said = [
        Text(
            "{n} warning of {warned} different customers, from {start} to {end}.",
            "{n} warnings of {warned} different customers, from {start} to {end}.",
            n=card.episodes,
            warned=card.warned,
            start=card.from_day,
            end=card.to_day,
        )
    ]
    if card.left_with is not None and card.left_without is not None:
        said.append(
            Text(
                "Of those warned of {with_warning} left within {days}, of others {without}.",
                with_warning=Share(card.left_with),
                without=Share(card.left_without),
                days=Days(card.horizon_days),
            )
        )
    if card.lift is not None and card.lift_low is not None and card.lift_high is not None:
        said.append(
            Text(
                "That is {lift} times as many (95 % interval {low} to {high}).",
                lift=round(card.lift, 2),
                low=round(card.lift_low, 2),
                high=round(card.lift_high, 2),
            )
        )
    if card.lead_days is not None:
        said.append(Text("Half of the warnings came {days} or more ahead.", days=Days(card.lead_days)))
    return said


def _signal(row: SignalRow) -> dict[str, Any]:
    return {
        "signal": row.signal.name,
        "code": row.signal.code,
        "title": row.signal.title,
        "meaning": row.signal.meaning,
        "cause": row.signal.cause,
        "on": row.on,
        "own": row.own,
        "values": row.values,
        "open": row.open_count,
        "raised_7_days": row.raised_last_7_days,
        "verdict": None if row.scorecard is None else row.scorecard.verdict,
    }


def _episode(each: Raised) -> dict[str, Any]:
    return {
        "episode_id": each.episode_id,
        "unit_id": each.unit_id,
        "name": each.name,
        "signal": each.signal_key,
        "began": each.began,
        "strength": each.strength,
        "risk": each.risk,
        "value_at_risk_minor": each.value_at_risk_minor,
        "evidence": list(each.evidence),
        "first_look": each.first_look,
    }


def _line(each: Raised, reader: Reader) -> tuple[str, ...]:
    return (
        each.name or str(each.unit_id),
        reader.say(each.title),
        reader.day(each.began),
        "; ".join(reader.say(line) for line in each.evidence[:2]),
    )


_ACTIONS: dict[str, Callable[[Session, Settings, _Given], None]] = {
    "list": _list,
    "episodes": _episodes,
    "replay": _replay,
    "scorecard": _scorecard,
    "set": _set,
}

COMMAND = Command(
    "signals",
    Text("List early warnings, replay them on the past, see what each is worth, and set them."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["name"], required=False, default="", metavar="NAME"),
        Option(
            "--value",
            words=Text("A setting and its number, as often as need be; for replay and set."),
            multiple=True,
            metavar="NAME=NUMBER",
        ),
        Option("--on/--off", "on", words=Text("Switch the signal on or off; for set."), default=None),
        Option("--anew", words=Text("Replay every signal first; for scorecard."), is_flag=True),
        Option(
            "--limit",
            words=Text("How many warnings to list."),
            type=click.IntRange(min=1, max=10_000),
            default=50,
            show_default=True,
        ),
    ],
)
