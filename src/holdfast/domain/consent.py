"""What a customer agreed to, and what follows from everything they said: the last word counts.

Nothing said is ever changed: who changes their mind says something new. A statement is about a purpose
and a channel, or about all of them; the newest of those that cover what is asked decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from holdfast.domain.texts import Text

Topic = Literal["offers", "news", "surveys", "greetings"]
"""What a message that needs consent is about."""

TOPICS: tuple[Topic, ...] = get_args(Topic)

TOPIC_WORDS: Mapping[Topic, Text] = {
    "offers": Text("Offers and reminders"),
    "news": Text("News and tips"),
    "surveys": Text("Questions and surveys"),
    "greetings": Text("Greetings and congratulations"),
}

ANY = ""
"""As a topic: all of them; as a channel: every one."""

MARKETING = "marketing"
"""How others call all topics together."""

Channel = Literal["email", "telegram", "chat", "sms", "whatsapp", "in_app"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""In the order in which links in messages number them: a new one comes last."""

CHANNEL_WORDS: Mapping[Channel, Text] = {
    "email": Text("By e-mail"),
    "telegram": Text("In Telegram"),
    "chat": Text("In the chat on our website"),
    "sms": Text("By text message"),
    "whatsapp": Text("In WhatsApp"),
    "in_app": Text("In our app"),
}

CALLS = "phone"
"""As the channel of a statement: calls of ours, which are no messages and asked about apart."""

CALLS_WORDS = Text("By telephone calls")

Pace = Literal["", "weekly", "monthly"]
"""How often at most; "" leaves it to us."""

PACES: tuple[Pace, ...] = get_args(Pace)

PACE_WORDS: Mapping[Pace, Text] = {
    "": Text("As it comes"),
    "weekly": Text("At most once a week"),
    "monthly": Text("At most once a month"),
}

PACE_DAYS: Mapping[Pace, int] = {"weekly": 7, "monthly": 30}

How = Literal["page", "one_click", "paper", "phone", "in_person", "form", "program", "import"]
"""How somebody said it: on the preference page, by the mail program's own button, on paper, by
telephone, face to face, in a form or a mail of ours, through a program of ours, in a file."""

HOW_WORDS: Mapping[How, Text] = {
    "page": Text("on the preference page"),
    "one_click": Text("by the button of the mail program"),
    "paper": Text("on paper"),
    "phone": Text("by telephone"),
    "in_person": Text("face to face"),
    "form": Text("in a form or a message"),
    "program": Text("through a connected program"),
    "import": Text("in an imported file"),
}

BY_HAND: tuple[How, ...] = ("paper", "phone", "in_person", "form")
"""How a statement may have been made that one of us records."""


@dataclass(frozen=True, slots=True)
class Statement:
    """That a customer agreed (``given``) or declined at ``at_us``; topic and channel may be :data:`ANY`.

    The proof: ``how`` it was said, the ``wording`` that stood before the customer, ``said_by`` (who of us
    recorded it, "" for the customer in person) and ``source`` (where it came from: the name of a program,
    the mail that bore the link, the place of the paper). ``pace`` is ``None`` unless it was said as well.
    """

    topic: str
    channel: str
    given: bool
    at_us: int
    how: str
    wording: str = ""
    said_by: str = ""
    source: str = ""
    pace: str | None = None

    def covers(self, topic: str, channel: str) -> bool:
        """Whether it says anything about ``topic`` on ``channel``."""
        return self.topic in (ANY, topic) and self.channel in (ANY, channel)


def last_word(said: Sequence[Statement], topic: str, channel: str) -> Statement | None:
    """What counts now of statements in the order in which they were kept; ``None`` where nothing was said.

    Of two of the same moment the one that was kept later counts.
    """
    covering = [each for each in said if each.covers(topic, channel)]
    return max(reversed(covering), key=lambda each: each.at_us, default=None)


def may_be_called(said: Sequence[Statement]) -> bool:
    """Whether one of us may call: unless the last that was said of calls themselves is that we may not."""
    about = [each for each in said if each.channel == CALLS]
    return last_word(about, ANY, CALLS) is None or max(reversed(about), key=lambda each: each.at_us).given


def pace_of(said: Sequence[Statement]) -> Pace:
    """How often at most, by the last that was said of it."""
    paced = [each for each in said if each.pace is not None]
    last = max(reversed(paced), key=lambda each: each.at_us, default=None)
    found = PACES.index(last.pace) if last is not None and last.pace in PACES else 0
    return PACES[found]


_TOPIC_NAMES = {
    MARKETING: ANY,
    "advertising": ANY,
    "all": ANY,
    "*": ANY,
    "newsletter": "news",
    "survey": "surveys",
    "feedback": "surveys",
    "offer": "offers",
    "promotions": "offers",
}


def topic_named(written: str) -> str | None:
    """The topic that another program calls ``written`` ("Advertising"); ``None`` for none of ours."""
    name = written.strip().casefold()
    return name if name in TOPICS else _TOPIC_NAMES.get(name)


def channel_named(written: str) -> str | None:
    """The channel that another program calls ``written``; ``None`` for none of ours."""
    name = written.strip().casefold()
    if name in CHANNELS:
        return name
    return {"": ANY, "all": ANY, "*": ANY, "mail": "email", "e-mail": "email", "text": "sms"}.get(name)


def in_order(said: Iterable[Statement]) -> list[Statement]:
    """The newest first, as a history is read."""
    return sorted(said, key=lambda each: each.at_us, reverse=True)
