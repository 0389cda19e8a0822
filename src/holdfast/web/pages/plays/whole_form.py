"""Forms of what holds for a play as a whole: purpose, priority, budget, hold-out; its goal; its exits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from holdfast.domain import plays as p
from holdfast.domain.consent import TOPIC_WORDS, TOPICS
from holdfast.domain.money import Money
from holdfast.domain.plays import Play
from holdfast.domain.texts import Text
from holdfast.domain.written_plays import as_json
from holdfast.language import Reader
from holdfast.web.figures import percent_sign
from holdfast.web.pages.plays import fields, words
from holdfast.web.pages.plays.begin_form import share
from holdfast.web.pages.plays.fields import Offers, ShownField, number, whole
from holdfast.web.pages.plays.words import PlayNames
from holdfast.web.pages.segments import form
from holdfast.web.pages.segments.form import Group

_PER: Mapping[str, Text] = {"month": Text("a month"), "all": Text("in all")}
_GOALS: Mapping[str, Text] = {"event": Text("Something happens"), "rule": Text("A rule holds")}


def typed_from(play: Play, currency: str, reader: Reader) -> dict[str, str]:
    """What stands in the form of a whole play."""
    budget, again = play.budget or p.Budget(), play.again_after_days
    amount = "" if budget.amount_minor is None else f"{_major(budget):f}"
    return {
        "title": play.title,
        "description": play.description,
        "purpose": play.purpose,
        "topic": play.topic,
        "priority": str(play.priority),
        "hold_out": number(f"{play.hold_out * 100:g}", reader),
        "again": "" if again is None else number(again, reader),
        "ends_on": "" if play.ends_on is None else play.ends_on.isoformat(),
        "follow": "" if play.follow_days is None else number(play.follow_days, reader),
        "amount": number(amount, reader),
        "currency": budget.currency or currency,
        "touches": "" if budget.touches is None else number(budget.touches, reader),
        "per": budget.per,
    }


def _major(budget: p.Budget) -> Decimal:
    return Money(budget.amount_minor or 0, budget.currency).amount


def shown(typed: Mapping[str, str], reader: Reader) -> list[ShownField]:
    """The fields of a whole play."""

    def field(name: str, label: Text, shape: Any = "line", **more: Any) -> ShownField:
        hint = more.pop("hint", None)
        said = "" if hint is None else reader.say(hint)
        return ShownField(name, reader.say(label), shape, typed.get(name, ""), said, **more)

    priorities = tuple((str(each), reader.number(each)) for each in range(p.HIGHEST_PRIORITY + 1))
    return [
        field("title", Text("Title")),
        field("description", Text("What it does"), "lines"),
        field("purpose", Text("Purpose"), "choice", choices=_said(words.PURPOSES, reader)),
        field(
            "topic",
            Text("Topic"),
            "choice",
            choices=tuple((str(each), reader.say(TOPIC_WORDS[each])) for each in TOPICS),
            hint=Text("What customers must have agreed to."),
        ),
        field(
            "priority",
            Text("Priority"),
            "choice",
            choices=priorities,
            hint=Text("Of plays that want the same customer the higher one goes first."),
        ),
        field(
            "hold_out",
            Text("Held out, to compare with"),
            "number",
            unit=percent_sign(reader),
            hint=Text("Without them nobody can tell whether the play helps."),
        ),
        field("again", Text("May enter again after days"), "number", hint=Text("Empty: never.")),
        field("ends_on", Text("Last day"), "day", hint=Text("Empty: no last day.")),
        field(
            "follow",
            Text("Followed for days"),
            "number",
            hint=Text("So long after the entry it is looked at who left. Empty: as the risk looks ahead."),
        ),
        field("amount", Text("To spend at most"), "number"),
        field("currency", Text("Currency")),
        field("touches", Text("Messages at most"), "number"),
        field("per", Text("The budget is meant"), "choice", choices=_said(_PER, reader)),
    ]


def _said(texts: Mapping[Any, Text], reader: Reader) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), reader.say(said)) for code, said in texts.items())


def whole_json(play: Play, posted: Mapping[str, str]) -> dict[str, Any]:
    """The play with what was typed of it as a whole, as JSON."""
    typed = {name: value.replace("\r\n", "\n").strip() for name, value in posted.items()}
    again = typed.get("again", "")
    content = {
        **as_json(play),
        "title": typed.get("title", ""),
        "description": typed.get("description", ""),
        "purpose": typed.get("purpose", ""),
        "topic": typed.get("topic", ""),
        "priority": whole(typed.get("priority", "")),
        "hold_out": share(typed.get("hold_out", "") or "0"),
        "re_entry": {"after_days": whole(again)} if again else {"never": True},
        "ends_on": typed.get("ends_on") or None,
        "follow_days": whole(typed["follow"]) if typed.get("follow") else None,
        "budget": _budget(typed),
    }
    return {name: value for name, value in content.items() if value is not None}


def _budget(typed: Mapping[str, str]) -> dict[str, Any] | None:
    amount, touches = typed.get("amount", ""), typed.get("touches", "")
    if not amount and not touches:
        return None
    found: dict[str, Any] = {"per": typed.get("per", "")}
    if touches:
        found["touches"] = whole(touches)
    if amount:
        currency, value = typed.get("currency", "").upper(), form.as_number(amount)
        minor = amount if value is None else Money.of(value, currency).minor
        found |= {"amount_minor": minor, "currency": currency}
    return found


def goal_typed(goal: p.Goal | None, reader: Reader) -> dict[str, str]:
    """What stands in the form of a goal, beside its rule."""
    goal = goal or p.Goal()
    of = "event" if goal.rule is None else "rule"
    return {"of": of, "event": goal.event, "days": number(goal.days, reader)}


def goal_rule(goal: p.Goal | None) -> Group:
    """The rule of a goal as fields."""
    return form.NEW if goal is None or goal.rule is None else form.shown(goal.rule)


def goal_fields(typed: Mapping[str, str], known: Offers, reader: Reader) -> list[ShownField]:
    """The fields of a goal."""
    of = typed.get("of", "event")
    said = reader.say
    return [
        ShownField("of", said(Text("It is met when")), "choice", of, choices=_said(_GOALS, reader)),
        ShownField("event", said(Text("What happens")), "line", typed.get("event", ""), offered=known.events),
        ShownField("days", said(Text("Within days")), "number", typed.get("days", "")),
    ]


def goal_json(play: Play, posted: Mapping[str, str], rule: Group) -> dict[str, Any]:
    """The play with the goal that was typed; without one where nothing was."""
    content, event = as_json(play), posted.get("event", "").strip()
    days = whole(posted.get("days", "").strip() or "30")
    content.pop("goal", None)
    if posted.get("of") == "rule":
        return content if fields.is_empty(rule) else {**content, "goal": _by_rule(rule, days)}
    return {**content, "goal": {"event": event, "days": days}} if event else content


def _by_rule(rule: Group, days: Any) -> dict[str, Any]:
    return {"rule": fields.json_of(rule), "days": days}


def exits_typed(play: Play) -> dict[str, str]:
    """What stands in the form of the exits: words are ticked, the others are kept."""
    typed = {f"word.{each.word}": "1" for each in play.exits if each.word is not None}
    return typed | {f"keep.{place}": "1" for place, each in enumerate(play.exits) if each.word is None}


def exits_fields(
    play: Play, typed: Mapping[str, str], known: Offers, names: PlayNames, reader: Reader
) -> list[ShownField]:
    """The fields of the exits: the words, those that are there to be kept, and one event more."""
    found = [
        ShownField(f"word.{word}", reader.say(said), "tick", typed.get(f"word.{word}", ""))
        for word, said in p.EXIT_WORDS.items()
    ]
    for place, each in enumerate(play.exits):
        if each.word is None:
            said = words.exit_words(each, names, reader)
            found.append(ShownField(f"keep.{place}", said, "tick", typed.get(f"keep.{place}", "")))
    label = reader.say(Text("One more: when this happens"))
    return [*found, ShownField("event", label, "line", typed.get("event", ""), offered=known.events)]


def exits_json(play: Play, posted: Mapping[str, str], rule: Group) -> dict[str, Any]:
    """The play with the exits that were ticked, and what was added."""
    content = as_json(play)
    there = content.pop("exits", [])
    exits: list[Any] = [word for word in p.EXIT_WORDS if posted.get(f"word.{word}")]
    exits += [
        each for place, each in enumerate(there) if not isinstance(each, str) and posted.get(f"keep.{place}")
    ]
    if event := posted.get("event", "").strip():
        exits.append({"event": event})
    if not fields.is_empty(rule):
        exits.append(fields.json_of(rule))
    return {**content, "exits": exits} if exits else content
