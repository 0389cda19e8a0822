"""What the preference page says; the words beside each choice are kept as proof of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from holdfast.domain.consent import (
    CHANNEL_WORDS,
    CHANNELS,
    PACE_WORDS,
    PACES,
    TOPIC_WORDS,
    TOPICS,
)
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act.wishes import PAUSES, Wishes

WHAT = Text("What may we write to you about?")
HOW = Text("Where may we write to you?")
OFTEN = Text("How often?")
PAUSE = Text("A pause?")
GO_ON = "end"
"""As the value of a pause: that it is over."""

TOPIC_HINTS: Mapping[str, Text] = {
    "offers": Text("Discounts, and what you may want to order again."),
    "news": Text("What is new with us, and how to make more of it."),
    "surveys": Text("Now and then, how satisfied you are."),
    "greetings": Text("On your birthday and on holidays."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick or a dot to choose."""

    value: str
    label: str
    hint: str
    chosen: bool


def topics(found: Wishes, reader: Reader) -> list[Choice]:
    """A box per topic."""
    return [
        Choice(topic, reader.say(TOPIC_WORDS[topic]), reader.say(TOPIC_HINTS[topic]), topic in found.topics)
        for topic in TOPICS
    ]


def channels(found: Wishes, reader: Reader) -> list[Choice]:
    """A box per channel by which the customer is reached."""
    return [
        Choice(channel, reader.say(CHANNEL_WORDS[channel]), "", found.channels[channel])
        for channel in CHANNELS
        if channel in found.channels
    ]


def paces(found: Wishes, reader: Reader) -> list[Choice]:
    """A dot per pace."""
    return [Choice(pace, reader.say(PACE_WORDS[pace]), "", pace == found.pace) for pace in PACES]


def pauses(until_us: int | None, reader: Reader) -> list[Choice]:
    """A dot for each length of a pause; the first leaves it as it is."""
    now = Text("No pause") if until_us is None else Text("As now: until {day}", day=_on(until_us, reader))
    lengths = [(days, Text("{n} day", "{n} days", n=days)) for days in PAUSES]
    over = [] if until_us is None else [Choice(GO_ON, reader.say(Text("End the pause now")), "", False)]
    return [
        Choice("", reader.say(now), "", True),
        *(
            Choice(str(days), reader.say(Text("Nothing for {days}", days=words)), "", False)
            for days, words in lengths
        ),
        *over,
    ]


def wording(reader: Reader, company: str) -> dict[str, str]:
    """The words that stand beside each choice, in the language in which they were read."""
    shown: dict[str, str] = {
        topic: f"{reader.say(words)}: {reader.say(TOPIC_HINTS[topic])}"
        for topic, words in TOPIC_WORDS.items()
    }
    for channel, words in CHANNEL_WORDS.items():
        shown[channel] = f"{reader.say(HOW)} {reader.say(words)}"
    return shown | {"": f"{company}: {reader.say(WHAT)}"}


def unsubscribe_words(channel: str, company: str) -> Text:
    """The sentence above the button that ends messages."""
    sentences = {
        "email": Text("Do you want no more mails with offers and news from {company}?", company=company),
        "telegram": Text("Do you want no more offers and news from {company} in Telegram?", company=company),
        "chat": Text("Do you want no more offers and news from {company} in the chat?", company=company),
        "sms": Text("Do you want no more text messages with offers from {company}?", company=company),
        "whatsapp": Text("Do you want no more offers and news from {company} in WhatsApp?", company=company),
    }
    return sentences[channel]


def day(at_us: int, reader: Reader) -> str:
    """The day of a moment, by the workspace's clock."""
    return reader.day(_on(at_us, reader))


def _on(at_us: int, reader: Reader) -> date:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(reader.zone).date()
