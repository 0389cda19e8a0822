"""The form of what begins a play: one for each kind of trigger, and back to JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holdfast.domain import plays as p
from holdfast.domain import written_triggers
from holdfast.domain.feasts import FEASTS
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.web.figures import percent_sign
from holdfast.web.pages.dashboards.view import weekdays
from holdfast.web.pages.plays.fields import Offers, ShownField, chosen, number, whole
from holdfast.web.pages.plays.words import PlayNames, here_at
from holdfast.web.pages.segments import form

KINDS: Mapping[str, Text] = {
    "signal": Text("A signal warns"),
    "risk": Text("The risk rises"),
    "health": Text("The health falls"),
    "segment_entered": Text("Somebody enters a segment"),
    "segment_left": Text("Somebody leaves a segment"),
    "event": Text("Something happens"),
    "date": Text("A day comes"),
    "schedule": Text("Again and again"),
    "by_hand": Text("One of you enrols"),
    "broadcast": Text("Once, to everybody in the audience"),
}
_EVERY: Mapping[str, Text] = {"day": Text("Day"), "week": Text("Week"), "month": Text("Month")}
_FEASTS: Mapping[str, Text] = {"": Text("on none"), **FEASTS}
_AFTER: Mapping[str, Text] = {"before": Text("days before"), "after": Text("days after")}


def kind_of(trigger: p.Trigger) -> str:
    """The kind of a trigger, as its JSON calls it."""
    return next(iter(written_triggers.as_json(trigger)))


def typed_from(trigger: p.Trigger, reader: Reader) -> dict[str, str]:
    """What stands in the form of a trigger that was written before."""
    match trigger:
        case p.SignalRaised(key, strength):
            return {"key": key, "strength": number(round(strength * 100), reader)}
        case p.RiskAbove(risk):
            return {"share": number(f"{risk * 100:g}", reader)}
        case p.HealthBelow(health):
            return {"health": number(health, reader)}
        case p.SegmentMoved(key, _):
            return {"key": key}
        case p.EventHappened(name, where):
            return {"event": name, **{column: ", ".join(values) for column, values in where.items()}}
        case p.Broadcast(at, feast):
            return {"moment": here_at(at, reader).isoformat()[:16] if at else "", "feast": feast}
        case _:
            return _timed(trigger, reader)


def _timed(trigger: p.Trigger, reader: Reader) -> dict[str, str]:
    if isinstance(trigger, p.DateComes):
        return {
            "trait": trigger.trait,
            "days": number(abs(trigger.days), reader),
            "side": "before" if trigger.days < 0 else "after",
            "at": written_triggers.clock(trigger.minute),
            "yearly": "1" if trigger.yearly else "",
        }
    if isinstance(trigger, p.OnSchedule):
        at = {"every": trigger.every, "at": written_triggers.clock(trigger.minute)}
        on = {"week": "weekday", "month": "day"}.get(trigger.every)
        return at if on is None else at | {on: str(trigger.on)}
    return {}


def shown(
    kind: str, typed: Mapping[str, str], known: Offers, names: PlayNames, reader: Reader
) -> list[ShownField]:
    """The fields of a kind of trigger."""

    def field(name: str, label: Text, shape: Any = "line", **more: Any) -> ShownField:
        return ShownField(name, reader.say(label), shape, typed.get(name, more.pop("usual", "")), **more)

    per_cent = {"unit": percent_sign(reader)}
    at = field("at", Text("At"), "time", usual="09:00")
    fields: dict[str, Callable[[], list[ShownField]]] = {
        "signal": lambda: [
            field("key", Text("Signal"), "choice", choices=_signals(names, reader)),
            field("strength", Text("At least so strong"), "number", **per_cent),
        ],
        "risk": lambda: [field("share", Text("To at least"), "number", **per_cent)],
        "health": lambda: [field("health", Text("Below"), "number")],
        "segment_entered": lambda: [field("key", Text("Segment"), "choice", choices=known.segments)],
        "segment_left": lambda: [field("key", Text("Segment"), "choice", choices=known.segments)],
        "event": lambda: [
            field("event", Text("What happens"), offered=known.events),
            field("code", Text("Only with these codes"), hint=reader.gettext("Between commas; empty: any.")),
            field("product", Text("Only with these products")),
            field("source", Text("Only from these sources")),
        ],
        "date": lambda: [
            field("trait", Text("Which day"), offered=known.traits),
            field("days", Text("Days"), "number", usual=number(0, reader)),
            field("side", Text("Before or after"), "choice", choices=_said(_AFTER, reader)),
            at,
            field("yearly", Text("Every year again, as a birthday"), "tick"),
        ],
        "schedule": lambda: [
            field("every", Text("Every"), "choice", choices=_said(_EVERY, reader)),
            field("weekday", Text("Of a week: on"), "choice", choices=chosen(weekdays(reader))),
            field("day", Text("Of a month: on day"), "number", usual=number(1, reader)),
            at,
        ],
        "by_hand": list,
        "broadcast": lambda: [
            field("moment", Text("When"), "moment", hint=reader.gettext("Empty: as soon as it is launched.")),
            field("feast", Text("Or every year on a feast"), "choice", choices=_said(_FEASTS, reader)),
        ],
    }
    return fields[kind]()


def _signals(names: PlayNames, reader: Reader) -> tuple[tuple[str, str], ...]:
    return tuple((key, reader.say(title)) for key, title in names.signals.items())


def _said(texts: Mapping[str, Text], reader: Reader) -> tuple[tuple[str, str], ...]:
    return tuple((code, reader.say(words)) for code, words in texts.items())


def json_of(kind: str, posted: Mapping[str, str]) -> dict[str, Any]:
    """The trigger that was typed, as JSON; whoever reads it refuses what is wrong."""
    typed = {name: value.strip() for name, value in posted.items()}
    if kind in ("date", "schedule", "broadcast"):
        return _timed_json(kind, typed, typed.get("at", ""))
    match kind:
        case "signal":
            strength = share(typed.get("strength", ""))
            return {"signal": typed.get("key", "")} | ({"strength": strength} if strength else {})
        case "risk":
            return {"risk": share(typed.get("share", ""))}
        case "health":
            return {"health": whole(typed.get("health", ""))}
        case "segment_entered" | "segment_left":
            return {kind: typed.get("key", "")}
        case "event":
            columns = {name: form.several(typed.get(name, "")) for name in written_triggers.COLUMNS}
            where = {name: values for name, values in columns.items() if values}
            return {"event": typed.get("event", "")} | ({"where": where} if where else {})
        case _:
            return {"by_hand": True}


def _timed_json(kind: str, typed: Mapping[str, str], at: str) -> dict[str, Any]:
    if kind == "date":
        return _date(typed, at)
    if kind == "schedule":
        return {"schedule": _schedule(typed, at)}
    if typed.get("feast"):
        return {"broadcast": {"feast": typed["feast"]}}
    return {"broadcast": {"at": typed.get("moment", "")}}


def _date(typed: Mapping[str, str], at: str) -> dict[str, Any]:
    days = whole(typed.get("days", "") or "0")
    if typed.get("side") == "before" and isinstance(days, int):
        days = -days
    yearly = {"yearly": True} if typed.get("yearly") else {}
    return {"date": typed.get("trait", ""), "days": days, "at": at} | yearly


def _schedule(typed: Mapping[str, str], at: str) -> dict[str, Any]:
    every = typed.get("every", "")
    if every == "day":
        return {"every": every, "at": at}
    on = typed.get("weekday", "") if every == "week" else typed.get("day", "")
    return {"every": every, "on": whole(on), "at": at}


def share(written: str) -> Any:
    """A share from per cent, in digits of any script; what is no number stays as it was typed."""
    found = form.as_number(written) if written else None
    return float(found) / 100 if found is not None else written
