"""Webhooks in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from holdfast.domain.announcements import KINDS, TRIAL, wants
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.webhooks_out import Delivery, Webhook

_STATES: dict[str, Text] = {
    "waiting": Text("waiting"),
    "delivered": Text("delivered"),
    "failed": Text("failed"),
    "dropped": Text("not sent: switched off"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A webhook as pages show it; ``state`` is "on", "trouble" or "off"."""

    id: int
    name: str
    url: str
    told: str
    state: str
    enabled: bool
    last: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind that can be chosen."""

    name: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A delivery as the page shows it."""

    id: int
    kind: str
    number: str
    state: str
    bad: bool
    answer: str
    tries: str
    at: str
    kept: bool


def sentence(found: Sequence[Webhook], reader: Reader) -> Markup:
    """How many systems are told."""
    on = [each for each in found if each.enabled]
    if not on:
        return reader.say_html(
            Text("No other system is told what happens here. Name one that is to know at once.")
        )
    return reader.say_html(
        Text(
            "{n} system is told what happens here, within seconds.",
            "{n} systems are told what happens here, within seconds.",
            n=len(on),
        ),
        strong=("n",),
    )


def standing(each: Webhook, reader: Reader) -> Markup:
    """How one webhook stands."""
    if each.off_us is not None:
        said = Text(
            "It was switched off {day}, since it had not answered for days.", day=_moment(each.off_us).date()
        )
    elif not each.enabled:
        said = Text("It is switched off: it is told nothing.")
    elif each.failing_since_us is not None:
        said = Text(
            "It has not taken a message since {moment}. Each is tried again for most of a day.",
            moment=_moment(each.failing_since_us),
        )
    elif each.worked_us is not None:
        said = Text("It took its last message {moment}.", moment=_moment(each.worked_us))
    else:
        said = Text("It was told nothing yet. Send a trial to see whether it listens.")
    return reader.say_html(said)


def shown(each: Webhook, reader: Reader) -> Shown:
    """A webhook in words."""
    state = "off" if not each.enabled else "trouble" if each.failing_since_us is not None else "on"
    told = reader.gettext("everything") if "*" in each.kinds else reader.list_of(each.kinds)
    last = "" if each.worked_us is None else reader.moment(_moment(each.worked_us))
    return Shown(each.id, each.name, each.url, told, state, each.enabled, last)


def kinds(chosen: Sequence[str], reader: Reader) -> list[Choice]:
    """What can be told, with what is chosen."""
    return [Choice(name, reader.say(words), wants(tuple(chosen), name)) for name, words in KINDS.items()]


def delivery(each: Delivery, reader: Reader) -> Line:
    """A delivery in words."""
    kind = reader.gettext("Trial") if each.kind == TRIAL else each.kind
    answer = "" if each.status is None else str(each.status)
    if not answer and each.trouble:
        answer = reader.say(each.trouble)
    return Line(
        each.id,
        kind,
        each.number,
        reader.say(_STATES[each.state]),
        each.state == "failed" or bool(each.trouble and each.state == "waiting"),
        answer,
        reader.say(Text("{n} try", "{n} tries", n=each.tries)) if each.tries else "",
        reader.moment(_moment(each.last_us or each.made_us)),
        bool(each.number),
    )


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
