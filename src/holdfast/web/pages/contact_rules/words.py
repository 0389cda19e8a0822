"""Contact rules in the reader's words: a line for each channel, and what trying them out found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.domain.pressure import EVERY, PERS, Policy
from holdfast.domain.texts import Share, Text
from holdfast.domain.touch import TOUCH_CHANNELS
from holdfast.domain.written_pressure import CHANNELS, written
from holdfast.language import Reader, dates
from holdfast.services.act.contact_rules import LOOKED_AT, MonthSent, Tried

CODE_WORDS: Mapping[str, Text] = {
    "cap": Text("for lack of room"),
    "quiet_hours": Text("in quiet hours"),
    "rest_day": Text("on a day of rest"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """The rules of one channel (``code`` "all": of all together).

    ``caps`` are (name, value, what is wrong).
    """

    code: str
    name: str
    caps: tuple[tuple[str, str, str], ...]
    start: str
    until: str
    service: bool
    error: str


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A month of what was sent; shares are of the messages sent."""

    name: str
    sent: str
    unsubscribed: str
    complaints: str


def typed_of(policy: Policy) -> dict[str, str]:
    """The form that says these rules."""
    said = written(policy)
    typed = {f"cap-{cap['channel'] or 'all'}-{cap['per']}": str(cap["most"]) for cap in said["caps"]}
    for each in said["quiet"]:
        channel = each["channel"]
        typed |= {f"from-{channel}": each["start"], f"until-{channel}": each["end"]}
        typed |= {f"service-{channel}": "1"} if each["service"] else {}
    for name in ("weekends", "holidays", "service_counts"):
        typed |= {name: "1"} if said[name] else {}
    typed["floor_days"] = "" if policy.floor_days is None else str(policy.floor_days)
    return typed | {"lapse_days": str(policy.lapse_days)}


def lines(typed: Mapping[str, str], wrong: Mapping[str, str], reader: Reader) -> list[Line]:
    """The table of the form: all channels together, then each."""
    names = {EVERY: reader.gettext("All together")} | {
        channel: reader.say(TOUCH_CHANNELS[channel])  # type: ignore[index]
        for channel in CHANNELS
    }
    return [
        Line(
            code,
            names[channel],
            tuple(
                (name, typed.get(name, ""), wrong.get(name, ""))
                for per in PERS
                for name in (f"cap-{code}-{per}",)
            ),
            typed.get(f"from-{code}", ""),
            typed.get(f"until-{code}", ""),
            typed.get(f"service-{code}") == "1",
            wrong.get(f"from-{code}", ""),
        )
        for channel in (EVERY, *CHANNELS)
        for code in (channel or "all",)
    ]


def tried_words(tried: Tried, reader: Reader) -> str:
    """What the rules would have done."""
    if not tried.messages:
        return reader.gettext(
            "Nothing of offers and news went in the last 30 days: there is nothing to try on."
        )
    held = reader.say(
        Text("{n} would have waited", "{n} would have waited", n=tried.held_in_all)
        if tried.held_in_all
        else Text("none would have waited")
    )
    said = Text(
        "Of the {n} message of offers and news of the last 30 days, {held}.",
        "Of the {n} messages of offers and news of the last 30 days, {held}.",
        n=tried.messages,
        held=held,
    )
    if tried.messages >= LOOKED_AT:
        said = Text(
            "Of the newest {n} message of offers and news of the last 30 days, {held}.",
            "Of the newest {n} messages of offers and news of the last 30 days, {held}.",
            n=tried.messages,
            held=held,
        )
    return reader.say(said)


def held_words(tried: Tried, reader: Reader) -> list[tuple[str, str]]:
    """Why they would have waited, the commonest first."""
    return [
        (reader.say(CODE_WORDS[code]) if code in CODE_WORDS else code, reader.number(count))
        for code, count in tried.held.items()
    ]


def shown_months(found: Sequence[MonthSent], reader: Reader) -> list[ShownMonth]:
    """What was sent and what it cost, month by month."""
    return [
        ShownMonth(
            dates.month(each.first, reader.code),
            reader.number(each.sent),
            _with_share(each.unsubscribed, each.sent, reader),
            _with_share(each.complaints, each.sent, reader),
        )
        for each in found
    ]


def _with_share(count: int, of: int, reader: Reader) -> str:
    if not count or not of:
        return reader.number(count)
    return reader.say(Text("{n} ({share})", n=count, share=Share(count / of, 2)))
