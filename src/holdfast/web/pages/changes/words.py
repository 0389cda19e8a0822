"""Changes of ours in words: how far each is, what came of it, when it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from holdfast.domain.changes import KINDS
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act.changes.progress import STAGES, Progress, Stage, Standing

BADGES: dict[Stage, str] = {
    "entered": "",
    "prepared": "",
    "waits": "accent",
    "telling": "accent",
    "told": "good",
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change in a row; ``warning`` says that its notice nears or is late, "" for neither."""

    key: str
    title: str
    kind: str
    stage: str
    badge: str
    effect: str
    notice: str
    customers: str
    told: str
    warning: str


def shown(found: Standing, on: date, reader: Reader) -> ShownChange:
    """One change."""
    kept, counted = found.change, found.concerned
    return ShownChange(
        kept.key,
        kept.title,
        reader.say(KINDS[kept.kind].title),
        reader.say(STAGES[found.stage]),
        BADGES[found.stage],
        _day(kept.effect_on, reader),
        _day(kept.notice_on, reader),
        reader.number(counted.customers),
        reader.number(counted.told),
        warning(found, on, reader),
    )


def warning(found: Standing, on: date, reader: Reader) -> str:
    """That its notice nears and nobody has launched it, or that it comes late."""
    notice, late = found.change.notice_on, found.late
    if found.stage in ("entered", "prepared"):
        if late > 0:
            return reader.say(
                Text(
                    "Customers hear of it {n} day later than is fair.",
                    "Customers hear of it {n} days later than is fair.",
                    n=late,
                )
            )
        if notice is not None and notice <= on:
            return reader.say(Text("The notice should go out today."))
        return ""
    if late > 0:
        return reader.say(
            Text("The notice was {n} day late.", "The notice was {n} days late.", n=late)
            if found.concerned.told
            else Text("The notice is {n} day late.", "The notice is {n} days late.", n=late)
        )
    return ""


def sentence(found: list[Standing], reader: Reader) -> str:
    """What the list begins with."""
    waiting = sum(each.stage in ("entered", "prepared") for each in found)
    if not waiting:
        return reader.say(Text("Every change of ours is told, or goes out on its day."))
    return reader.say(
        Text(
            "{n} change is not launched: nobody hears of it yet.",
            "{n} changes are not launched: nobody hears of them yet.",
            n=waiting,
        )
    )


def concerned(found: Standing, currency: str, reader: Reader) -> Markup:
    """How many it concerns, and what they bring."""
    counted = found.concerned
    if not counted.customers:
        return reader.say_html(Text("Nobody is on the list yet."))
    return reader.say_html(
        Text(
            "It concerns {n} customer, who brings {money} a year.",
            "It concerns {n} customers, who bring {money} a year.",
            n=counted.customers,
            money=Money(counted.yearly_minor, currency or NO_CURRENCY),
        ),
        strong=("n", "money"),
    )


def facts(found: Standing, reader: Reader) -> list[tuple[str, str]]:
    """What was entered."""
    kept = found.change
    rows = [
        (Text("Kind"), reader.say(KINDS[kept.kind].title)),
        (Text("About"), kept.about),
        (Text("Takes effect on"), _day(kept.effect_on, reader)),
        (Text("Customers hear of it on"), _day(kept.notice_on, reader)),
        (Text("The wish that it fulfils"), kept.wish),
    ]
    return [(reader.say(name), value) for name, value in rows if value]


def figures(found: Standing, came: Progress, reader: Reader) -> list[tuple[str, str]]:
    """What came of it so far."""
    counted = found.concerned
    rows = [
        (Text("Concerned"), counted.customers),
        (Text("Told"), counted.told),
        (Text("Not told yet"), counted.customers - counted.told),
        (Text("Wrote to us since"), came.answered),
        (Text("Complained since"), came.complained),
        (Text("Left since they were told"), came.left),
        (Text("Left before they were told"), came.left_untold),
    ]
    return [(reader.say(name), reader.number(value)) for name, value in rows]


def _day(on: date | None, reader: Reader) -> str:
    return "" if on is None else reader.day(on)


@dataclass(frozen=True, slots=True)
class ShownNear:
    """A change that has to be launched soon, for the page of the day."""

    key: str
    title: str
    words: str


def near(found: list[Standing], on: date, reader: Reader) -> list[ShownNear]:
    """What is said of each on the page of the day."""
    return [
        ShownNear(each.change.key, each.change.title, warning(each, on, reader) or _until(each, reader))
        for each in found
    ]


def _until(found: Standing, reader: Reader) -> str:
    notice = found.change.notice_on
    if notice is None:
        return ""
    return reader.say(Text("Customers should hear of it by {day}, and nobody has launched it.", day=notice))
