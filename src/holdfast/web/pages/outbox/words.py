"""Messages that go out, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.sms_parts import parts_of
from holdfast.domain.texts import Text
from holdfast.domain.touch import PURPOSES, STATES, TOUCH_CHANNELS
from holdfast.language import Reader
from holdfast.store.outbox_reading import CANCELLED, RETRIED, Content, Happened, Listed
from holdfast.store.suppression import BY_NUMBER
from holdfast.web.lists import Choice, Filter, facet
from holdfast.web.masking import Masks
from holdfast.web.pages.outbox.asked import ALL, DECIDE, NOT_SENT, SENT, WAITING, Asked
from holdfast.web.pages.outbox.asked import STATES as TABS

TAB_WORDS: Mapping[str, Text] = {
    DECIDE: Text("To decide"),
    WAITING: Text("Waiting"),
    SENT: Text("Sent"),
    NOT_SENT: Text("Not sent"),
    ALL: Text("All"),
}

WHAT_WORDS: Mapping[str, Text] = {
    "sent": Text("Sent"),
    "failed": Text("Failed, and is not tried again"),
    "again": Text("Failed, and is tried again"),
    "unknown": Text("Perhaps sent: nobody knows"),
    "held": Text("Held back"),
    "refused": Text("Not allowed"),
    "returned": Text("Put back, not tried"),
    "released": Text("Sent on its way again"),
    "cancelled": Text("Called off"),
    "delivered": Text("Arrived, the provider says"),
    "undelivered": Text("Did not arrive, the provider says"),
    "read": Text("It was read"),
    "bounced": Text("Came back"),
    "complained": Text("Reported as spam"),
    "opened": Text("It was opened"),
    "clicked": Text("A link was followed"),
    "unsubscribed": Text("Unsubscribed at the provider"),
}
"""What happened to a message, by the word of its history."""

_KINDS: Mapping[str, str] = {"sent": "good", "unknown": "pressing", "failed": "pressing", "held": "pressing"}


@dataclass(frozen=True, slots=True)
class ShownTouch:
    """A message of the list; ``again`` and ``off`` say what may be done with it."""

    id: int
    url: str
    title: str
    to: str
    channel: str
    purpose: str
    state: str
    kind: str
    reason: str
    when: str
    moment: str
    again: bool
    off: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One thing that happened to a message; ``beside`` says who did it and how long it took."""

    words: str
    reason: str
    when: str
    moment: str
    beside: str


def sentence(counts: Mapping[str, int], sent: int, reader: Reader) -> Markup:
    """What waits, what went out lately, and what somebody has to decide."""
    decide = sum(counts.get(state, 0) for state in TABS[DECIDE])
    waiting = sum(counts.get(state, 0) for state in TABS[WAITING])
    said = Text(
        "{sent} in the last 24 hours, {waiting}, {decide}.",
        sent=Text("{n} message went out", "{n} messages went out", n=sent),
        waiting=Text("{n} waits", "{n} wait", n=waiting),
        decide=Text("{n} needs a decision", "{n} need a decision", n=decide),
    )
    return reader.say_html(said, strong=("decide",) if decide else ())


def tabs(counts: Mapping[str, int], asked: Asked, chosen: str, reader: Reader) -> list[Choice]:
    """The states as tabs, each with its number where it says something."""
    return [
        Choice(
            reader.say(words),
            address(asked.with_(tab=tab)),
            tab == chosen,
            reader.number(sum(counts.get(state, 0) for state in TABS[tab]))
            if tab in (DECIDE, WAITING)
            else "",
        )
        for tab, words in TAB_WORDS.items()
    ]


def filters(asked: Asked, reader: Reader) -> list[Filter]:
    """By channel, and by what a message is for."""
    return [
        facet(
            reader.gettext("Channel"),
            TOUCH_CHANNELS,
            asked.channel or None,
            say=lambda name: reader.say(TOUCH_CHANNELS[name]),  # type: ignore[index]
            address=lambda name: address(asked.with_(channel=name or "")),
        ),
        facet(
            reader.gettext("Purpose"),
            PURPOSES,
            asked.purpose or None,
            say=lambda name: reader.say(PURPOSES[name]),  # type: ignore[index]
            address=lambda name: address(asked.with_(purpose=name or "")),
        ),
    ]


def address(asked: Asked) -> str:
    """The address of a list."""
    return reverse("outbox") + asked.query()


def shown(found: Sequence[Listed], reader: Reader, masks: Masks) -> list[ShownTouch]:
    """Messages as the list shows them."""
    return [shown_one(each, reader, masks) for each in found]


def shown_one(touch: Listed, reader: Reader, masks: Masks) -> ShownTouch:
    """One message."""
    at_us = touch.due_us if touch.state == "waiting" else touch.changed_us
    return ShownTouch(
        touch.id,
        reverse("outbox_touch", args=[touch.id]),
        touch.title or reader.gettext("A message whose words are kept back"),
        recipient(touch, reader, masks),
        reader.say(TOUCH_CHANNELS.get(touch.channel, Text("{name}", name=touch.channel))),  # type: ignore[call-overload]
        reader.say(PURPOSES.get(touch.purpose, Text("{name}", name=touch.purpose))),  # type: ignore[call-overload]
        reader.say(STATES.get(touch.state, Text("{name}", name=touch.state))),  # type: ignore[call-overload]
        _KINDS.get(touch.state, ""),
        reader.say(touch.reason) if touch.reason is not None else "",
        reader.moment(_moment(at_us)),
        _moment(at_us).isoformat(),
        touch.state in RETRIED,
        touch.state in CANCELLED,
    )


def recipient(touch: Listed, reader: Reader, masks: Masks) -> str:
    """Where it goes: a mail address as the reader may see it; our own people's are no secret."""
    if touch.channel == "webhook":
        return reader.gettext("another system")
    if touch.person_id is not None or touch.purpose == "staff":
        return touch.address
    if touch.channel in BY_NUMBER:
        return masks.shown("phone", touch.address)
    return masks.shown("email", touch.address) if touch.channel == "email" else touch.address


def parts_words(touch: Listed, text: str, reader: Reader) -> str:
    """In how many parts a text message goes out; "" of any other message."""
    if touch.channel != "sms" or not text:
        return ""
    found = parts_of(text)
    return reader.say(
        Text(
            "{n} part, {units} of {encoding}",
            "{n} parts, {units} of {encoding}",
            n=found.count,
            units=Text("{n} character", "{n} characters", n=found.units),
            encoding=found.encoding,
        )
    )


def steps(found: Sequence[Happened], asked_us: int, asked_by: str, reader: Reader) -> list[ShownStep]:
    """All that happened to a message, the newest first; at the end that it was asked for."""
    asked = ShownStep(
        reader.gettext("Asked for"),
        "",
        reader.moment(_moment(asked_us)),
        _moment(asked_us).isoformat(),
        asked_by,
    )
    return [*(_step(each, reader) for each in reversed(found)), asked]


def _step(each: Happened, reader: Reader) -> ShownStep:
    took = ""
    if each.began_us is not None:
        took_ms = max(1, round((each.at_us - each.began_us) / 1_000))
        took = reader.say(Text("took {n} millisecond", "took {n} milliseconds", n=took_ms))
    by = each.made_by if "@" in each.made_by else ""
    return ShownStep(
        reader.say(WHAT_WORDS.get(each.what, Text("{name}", name=each.what))),
        reader.say(each.reason) if each.reason is not None else "",
        reader.moment(_moment(each.at_us)),
        _moment(each.at_us).isoformat(),
        " · ".join(part for part in (by, took) if part),
    )


def words_of(content: Content, state: str) -> str:
    """What a message says; of a secret one nothing, neither before nor after it is sent."""
    return "" if content.secret else content.text


def done(again: int, off: int, asked: int, reader: Reader) -> str:
    """What was done with the chosen messages."""
    if again:
        said = reader.say(Text("{n} message waits to be sent.", "{n} messages wait to be sent.", n=again))
    elif off:
        said = reader.say(Text("{n} message is called off.", "{n} messages are called off.", n=off))
    else:
        return reader.gettext("Nothing was changed: what was chosen is in another state by now.")
    if again + off < asked:
        said += " " + reader.gettext("Others were in another state by now.")
    return said


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
