"""Plays in the reader's words: what begins them, what each step does, when they are over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast.analytics.segment_words import Names as RuleNames
from holdfast.analytics.segment_words import rule_words
from holdfast.domain import plays as p
from holdfast.domain import surveys
from holdfast.domain.changes import KINDS
from holdfast.domain.consent import CHANNEL_WORDS
from holdfast.domain.effects import GRANT_KINDS
from holdfast.domain.event_words import event_words
from holdfast.domain.expression import Expression
from holdfast.domain.feasts import FEASTS
from holdfast.domain.money import Money
from holdfast.domain.plays import Play, PlayStep
from holdfast.domain.texts import Days, Share, Text
from holdfast.language import Reader, clock_time
from holdfast.services.act.plays.written import steps
from holdfast.services.collect.segments.words import names_of as rule_names
from holdfast.services.warn.catalogue import listed as signals
from holdfast.settings import Settings
from holdfast.store import segments
from holdfast.web.pages.dashboards.view import weekdays

PURPOSES: Mapping[p.PlayPurpose, Text] = {
    "marketing": Text("offers and news"),
    "service": Text("service: what customers have to be told"),
}
STATE_BADGES: Mapping[p.PlayState, str] = {"running": "good", "paused": "pressing", "draft": "", "ended": ""}

ICONS: Mapping[str, str] = {
    "message": "mail",
    "survey": "star",
    "wait": "clock",
    "branch": "fork",
    "split": "fork",
    "call": "phone",
    "task": "check",
    "credit": "gift",
    "offer": "gift",
    "points": "gift",
    "extension": "gift",
    "change_trait": "pen",
    "notify": "people",
    "needs_assessment": "note",
    "webhook": "export",
    "end": "close",
}
"""The picture of a step, by the name of its file; another file has that of an act."""

ANNOUNCED = "Change Announced"
_BEGINNING = 80
_FIELD = re.compile(r"\{\{.*?\}\}(\s*\{\{.*?\}\})*", re.DOTALL)
"""A field that fills itself, with the conditions around it: where a step is told, a gap is enough."""
_DAYS: Mapping[str, Text] = {"birth_date": Text("Birthday")}


@dataclass(frozen=True, slots=True)
class PlayNames:
    """What signals and segments are called here."""

    signals: Mapping[str, Text]
    segments: Mapping[str, str]
    rules: RuleNames


def names_of(settings: Settings) -> PlayNames:
    """What plays name, as it is called here."""
    return PlayNames(
        {each.signal.name: each.signal.title for each in signals(settings)},
        {each.key: each.title for each in segments.listed(settings)},
        rule_names(settings),
    )


def trigger_words(trigger: p.Trigger, names: PlayNames, reader: Reader) -> str:
    """What begins a play, in a line."""
    return reader.say(_TRIGGERS[type(trigger)](trigger, names, reader))


def _signal(trigger: p.SignalRaised, names: PlayNames, reader: Reader) -> Text:
    title = names.signals.get(trigger.key, trigger.key)
    if not trigger.strength:
        return Text("When the signal “{signal}” warns", signal=title)
    return Text(
        "When the signal “{signal}” warns with at least {strength}",
        signal=title,
        strength=Share(trigger.strength, 0),
    )


def _moved(trigger: p.SegmentMoved, names: PlayNames, reader: Reader) -> Text:
    title = names.segments.get(trigger.key, trigger.key)
    if trigger.entered:
        return Text("When somebody enters the segment “{segment}”", segment=title)
    return Text("When somebody leaves the segment “{segment}”", segment=title)


def _event(trigger: p.EventHappened, names: PlayNames, reader: Reader) -> Text:
    if not trigger.where:
        return Text("When “{event}” happens", event=event_words(trigger.name))
    kinds: Mapping[str, Text] = {kind: its.title for kind, its in KINDS.items()}
    told = reader.list_of(
        reader.say(kinds[value]) if value in kinds and trigger.name == ANNOUNCED else value
        for values in trigger.where.values()
        for value in values
    )
    return Text("When “{event}” happens with {values}", event=event_words(trigger.name), values=told)


def _date(trigger: p.DateComes, names: PlayNames, reader: Reader) -> Text:
    trait = _DAYS.get(trigger.trait) or Text("{name}", name=trigger.trait.replace("_", " "))
    told = {"trait": trait, "time": _clock(trigger.minute, reader)}
    if trigger.days == 0:
        return Text("On the day “{trait}”, at {time}", **told)
    if trigger.days < 0:
        return Text(
            "{n} day before “{trait}”, at {time}",
            "{n} days before “{trait}”, at {time}",
            n=-trigger.days,
            **told,
        )
    return Text(
        "{n} day after “{trait}”, at {time}", "{n} days after “{trait}”, at {time}", n=trigger.days, **told
    )


def _schedule(trigger: p.OnSchedule, names: PlayNames, reader: Reader) -> Text:
    time = _clock(trigger.minute, reader)
    if trigger.every == "week":
        return Text(
            "Every week on {weekday}, at {time}", weekday=dict(weekdays(reader))[trigger.on], time=time
        )
    if trigger.every == "month":
        return Text("Every month on day {day}, at {time}", day=trigger.on, time=time)
    return Text("Every day at {time}", time=time)


def _broadcast(trigger: p.Broadcast, names: PlayNames, reader: Reader) -> Text:
    if trigger.feast:
        return Text("Every year on the day: {feast}", feast=FEASTS[trigger.feast])
    if trigger.at is None:
        return Text("Once, as soon as it is launched")
    at = here_at(trigger.at, reader)
    return Text("Once, on {day} at {time}", day=at.date(), time=clock_time(at, reader.code))


def here_at(written: str, reader: Reader) -> datetime:
    """A moment of a play by the clock of the company: one that names no zone is of that clock already."""
    at = datetime.fromisoformat(written)
    return at if at.tzinfo is None else at.astimezone(reader.zone)


def _clock(minute: int, reader: Reader) -> str:
    return clock_time(datetime(2026, 1, 1, minute // 60, minute % 60, tzinfo=UTC), reader.code)


_TRIGGERS: Mapping[type[Any], Callable[[Any, PlayNames, Reader], Text]] = {
    p.SignalRaised: _signal,
    p.RiskAbove: lambda trigger, names, reader: Text(
        "When the risk rises to {risk} or more", risk=Share(trigger.risk, 0)
    ),
    p.HealthBelow: lambda trigger, names, reader: Text(
        "When the health falls below {health}", health=trigger.health
    ),
    p.SegmentMoved: _moved,
    p.EventHappened: _event,
    p.DateComes: _date,
    p.OnSchedule: _schedule,
    p.ByHand: lambda trigger, names, reader: Text("When one of you enrols a customer"),
    p.Broadcast: _broadcast,
}


def rule(expression: Expression | None, names: PlayNames, reader: Reader) -> str:
    """A rule in a line; "" for none."""
    return "" if expression is None else reader.say(rule_words(expression, names.rules))


def step_title(step: PlayStep, reader: Reader) -> str:
    """What kind of step it is."""
    return reader.say(steps()[step.do].title)


def step_sub(step: PlayStep, options: Any, names: PlayNames, reader: Reader) -> str:
    """What this step does, beside its kind."""
    if step.do in _SUBS:
        return _SUBS[step.do](options, names, reader)
    return str(getattr(options, "title", "") or getattr(options, "reason", "") or "")


def _message(options: Any, names: PlayNames, reader: Reader) -> str:
    said: Mapping[str, str] = options.content.get(reader.code) or next(iter(options.content.values()), {})
    written = said.get("subject") or said.get("text", "")[:_BEGINNING]
    what = _FIELD.sub("…", written) or options.template
    channel = CHANNEL_WORDS.get(options.channel)
    return f"{what} · {reader.say(channel)}" if channel is not None else str(what)


def _survey(options: Any, names: PlayNames, reader: Reader) -> str:
    said: Mapping[str, str] = options.content.get(reader.code) or next(iter(options.content.values()), {})
    return f"{said.get('question', '')} · {reader.say(surveys.KINDS[options.answer])}"


def _wait(options: Any, names: PlayNames, reader: Reader) -> str:
    said: list[str] = []
    if options.days:
        days = Days(options.days)
        said.append(
            reader.say(Text("{days} at most", days=days)) if _sooner(options) else reader.duration(days)
        )
    if options.hours:
        said.append(reader.say(Text("{n} hour", "{n} hours", n=options.hours)))
    if options.at:
        hour, minute = options.at.split(":")
        said.append(reader.say(Text("until {time}", time=_clock(int(hour) * 60 + int(minute), reader))))
    if options.event:
        said.append(reader.say(Text("or until “{event}”", event=event_words(options.event))))
    if options.until is not None:
        said.append(reader.say(Text("or until {rule}", rule=rule_words(options.until, names.rules))))
    return " · ".join(said)


def _sooner(options: Any) -> bool:
    return bool(options.event or options.until is not None)


def _grant(options: Any, names: PlayNames, reader: Reader) -> str:
    return f"{reader.number(options.amount)} · {options.reason}"


def _credit(options: Any, names: PlayNames, reader: Reader) -> str:
    return f"{reader.money(Money(options.amount, options.currency))} · {options.reason}"


def _offer(options: Any, names: PlayNames, reader: Reader) -> str:
    amount = (
        reader.share(options.amount / 100, 0) if options.sort == "discount" else reader.number(options.amount)
    )
    return f"{reader.say(GRANT_KINDS[options.sort])} {amount} · {options.reason}"


def _trait(options: Any, names: PlayNames, reader: Reader) -> str:
    return " = ".join(str(each) for each in (options.trait, options.value) if each)


_SUBS: Mapping[str, Callable[[Any, PlayNames, Reader], str]] = {
    "message": _message,
    "survey": _survey,
    "wait": _wait,
    "branch": lambda options, names, reader: reader.say(Text("asked of each customer here")),
    "split": lambda options, names, reader: reader.say(Text("each customer goes one way, for good")),
    "credit": _credit,
    "offer": _offer,
    "points": _grant,
    "extension": _grant,
    "change_trait": _trait,
}


def path_words(step: PlayStep, number: int, names: PlayNames, reader: Reader) -> str:
    """For whom a path of a branch or a split is."""
    path = step.paths[number]
    if step.do == p.SPLIT:
        return reader.share(path.share / 100, 0)
    if path.when is not None:
        return rule(path.when, names, reader)
    if path.happened:
        return reader.say(Text("“{event}” happened", event=event_words(path.happened)))
    return reader.say(Text("all others"))


def goal_words(play: Play, names: PlayNames, reader: Reader) -> str:
    """What a play is for; "" where it says nothing."""
    goal = play.goal
    if goal is None:
        return ""
    what = event_words(goal.event) if goal.rule is None else rule_words(goal.rule, names.rules)
    return reader.say(Text("{what}, within {days}", what=what, days=Days(goal.days)))


def exit_words(each: p.Exit, names: PlayNames, reader: Reader) -> str:
    """What ends an enrolment early."""
    if each.word is not None:
        return reader.say(p.EXIT_WORDS[each.word])
    return rule(each.rule, names, reader) or reader.say(event_words(each.event))
