"""The guided start in the reader's words: its steps, the rules and what they would mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from holdfast.domain.texts import Days, Text
from holdfast.language import Reader
from holdfast.services.keep.begin import STEPS, Begun, Pays, pays_of
from holdfast.settings import Settings

TITLES: dict[str, Text] = {
    "workspace": Text("Your company"),
    "customer": Text("Who can leave"),
    "files": Text("Your data"),
    "lost": Text("Who counts as lost"),
    "figures": Text("First figures"),
}
ABOUT: dict[str, Text] = {
    "workspace": Text("Its name, currency, time zone and calendar."),
    "customer": Text("Persons or accounts, under contract or not."),
    "files": Text("Bring files, or connect what you use."),
    "lost": Text("What each rule would mean on your data."),
    "figures": Text("Measure, and see who left and who is next."),
}
CALENDARS: dict[str, Text] = {
    "gregorian": Text("Gregorian"),
    "solar_hijri": Text("Persian (Solar Hijri)"),
}
UNITS: dict[str, tuple[Text, Text]] = {
    "person": (Text("A person"), Text("Each customer decides alone: a shop, an app, a gym.")),
    "account": (
        Text("An account"),
        Text("A company or household with several people in it, who stay or leave together."),
    ),
}
PAYS: dict[Pays, tuple[Text, Text]] = {
    "contract": (
        Text("Under a contract"),
        Text("Subscriptions, memberships, policies: leaving has a date."),
    ),
    "purchases": (
        Text("By coming back"),
        Text("They buy or use it when they like; who leaves only falls silent."),
    ),
    "both": (Text("Some so, some so"), Text("Subscribers and people who buy now and then.")),
}
RULES: dict[str, tuple[Text, Text]] = {
    "mixed": (
        Text("By contract, else by own rhythm"),
        Text("Who has a contract leaves when it ends; everybody else when silent for longer than is theirs."),
    ),
    "contract": (Text("By contract"), Text("Who leaves ends a subscription or deletes an account.")),
    "own_rhythm": (
        Text("By own rhythm"),
        Text("Silent for longer than this customer's own habit allows."),
    ),
    "company": (
        Text("By the company's habit"),
        Text("Silent for longer than is usual among all customers."),
    ),
    "category": (
        Text("By what was bought"),
        Text("Silent for longer than what they bought usually lasts."),
    ),
    "fixed": (Text("After a number of days"), Text("The same silence for everybody; easy to explain.")),
}
WANTED: dict[Pays, tuple[Text, ...]] = {
    "contract": (
        Text("Subscriptions: who, which plan, from when, until when, how much."),
        Text("Payments or invoices, if money is to be counted."),
        Text("Customers with their names and addresses, if you have them apart."),
    ),
    "purchases": (
        Text("Orders: who, when, how much. A year or more is good."),
        Text("Customers with their names and addresses, if you have them apart."),
        Text("Tickets, messages or use of an app, for earlier warnings."),
    ),
    "both": (
        Text("Subscriptions: who, which plan, from when, until when, how much."),
        Text("Orders: who, when, how much."),
        Text("Customers with their names and addresses, if you have them apart."),
    ),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the start: where it is, whether it is done, now, and what was decided in it."""

    name: str
    title: str
    about: str
    url: str
    done: bool
    now: bool
    summary: str


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with what it would mean; ``lost`` and ``left`` are "" where it was not tried."""

    rule: str
    title: str
    about: str
    chosen: bool
    recommended: bool
    lost: str
    left: str
    days: str


def steps(found: Begun, settings: Settings, here: str, reader: Reader) -> list[ShownStep]:
    """All steps; ``here`` is the one that is open ("" for the page of all)."""
    now = here or found.next or ""
    return [
        ShownStep(
            name,
            reader.say(TITLES[name]),
            reader.say(ABOUT[name]),
            reverse(f"start_{name}"),
            name in found.taken,
            name == now,
            summary(name, settings, found, reader) if name in found.taken else "",
        )
        for name in STEPS
    ]


def summary(name: str, settings: Settings, found: Begun, reader: Reader) -> str:
    """What was decided in a step, in a few words."""
    match name:
        case "workspace":
            parts = (
                settings.name,
                settings.currency,
                settings.timezone,
                _say(CALENDARS[settings.calendar], reader),
            )
            return " · ".join(part for part in parts if part)
        case "customer":
            unit, pays = UNITS[settings.unit][0], PAYS[pays_of(settings)][0]
            return f"{_say(unit, reader)} · {_say(pays, reader)}"
        case "files":
            return _say(Text("There is data."), reader) if found.has_data else ""
        case "lost":
            title = _say(RULES[settings.lost.rule][0], reader)
            days = settings.lost.after_days
            return f"{title}: {reader.duration(Days(days))}" if days else title
    return _say(Text("There are figures."), reader) if found.has_figures else ""


def progress(found: Begun, reader: Reader) -> str:
    """How far the start is, in a sentence."""
    done = len([step for step in STEPS if step in found.taken])
    if done == len(STEPS):
        return _say(Text("All steps are done. Each can be changed at any time."), reader)
    return _say(
        Text("{done} of {n} step is done.", "{done} of {n} steps are done.", done=done, n=len(STEPS)), reader
    )


def rules(chosen: str, weighed: Mapping[str, Any] | None, reader: Reader) -> list[ShownRule]:
    """Every rule that says something on the data, the recommended and the ``chosen`` one marked."""
    tried = {each["rule"]: each for each in weighed["rules"]} if weighed else {}
    names = [name for name in RULES if name in tried or not tried or name == chosen]
    return [_rule(name, tried.get(name), chosen, weighed, reader) for name in names]


def _rule(
    name: str,
    tried: Mapping[str, Any] | None,
    chosen: str,
    weighed: Mapping[str, Any] | None,
    reader: Reader,
) -> ShownRule:
    title, about = RULES[name]
    lost = left = days = ""
    if tried:
        lost = _say(
            Text(
                "{lost} of {n} customer counts as lost",
                "{lost} of {n} customers count as lost",
                lost=tried["lost"],
                n=tried["customers"],
            ),
            reader,
        )
        if tried["present_year_ago"]:
            left = _say(
                Text(
                    "Of {n} customer a year earlier, {left} left in that year ({share})",
                    "Of {n} customers a year earlier, {left} left in that year ({share})",
                    left=tried["left_in_year"],
                    n=tried["present_year_ago"],
                    share=reader.share(tried["left_in_year"] / tried["present_year_ago"], 0),
                ),
                reader,
            )
        if tried["days"]:
            silence = reader.duration(Days(tried["days"]))
            days = _say(Text("after a silence of {days}", days=silence), reader)
    recommended = weighed is not None and weighed["rule"] == name
    return ShownRule(
        name, _say(title, reader), _say(about, reader), name == chosen, recommended, lost, left, days
    )


def _say(text: Text, reader: Reader) -> str:
    return reader.say(text)
