"""The inbox in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader, clock_time
from holdfast.services.collect.inbox.conversations import SNOOZES, Listed, Snooze
from holdfast.services.foresee.reading import Criteria
from holdfast.store.inbox import Conversation, Message, ShownCustomer
from holdfast.web.lists import Choice, Filter, facet
from holdfast.web.pages.at_risk.words import ShownRisk, shown_risk
from holdfast.web.pages.inbox.asked import ALL, MINE, UNOWNED, Asked
from holdfast.web.sizes import size_words

if TYPE_CHECKING:
    from datetime import tzinfo

CHANNELS: dict[str, tuple[Text, str]] = {
    "email": (Text("Mail"), "mail"),
    "telegram": (Text("Telegram"), "chat"),
    "chat": (Text("Chat on the website"), "chat"),
    "sms": (Text("Text messages"), "phone"),
    "whatsapp": (Text("WhatsApp"), "chat"),
}
"""Channel -> its name and its picture; others are called as they call themselves."""

STATE_WORDS: dict[str, Text] = {
    "open": Text("Open"),
    "snoozed": Text("Put off"),
    "closed": Text("Closed"),
    ALL: Text("Everything"),
}
SNOOZE_WORDS: dict[Snooze, Text] = {
    "tomorrow": Text("until tomorrow morning"),
    "three_days": Text("for three days"),
    "week": Text("for a week"),
}
FILES: dict[str, Text] = {
    "photo": Text("a picture"),
    "voice": Text("a voice message"),
    "video": Text("a film"),
    "video_note": Text("a film"),
    "audio": Text("a sound"),
    "sticker": Text("a sticker"),
    "animation": Text("an animation"),
    "document": Text("a document"),
    "message/rfc822": Text("a mail"),
}
_FEW = 4
"""A longer conversation is opened at its end."""


@dataclass(frozen=True, slots=True)
class ShownTalk:
    """A conversation in the list; ``when`` is short, ``moment`` for machines."""

    id: int
    url: str
    name: str
    title: str
    preview: str
    channel: str
    picture: str
    owner: str
    unread: str
    waiting: bool
    when: str
    moment: str
    state: str
    risk: ShownRisk | None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message of a thread; ``rest`` is what it repeats, shown on demand; ``files`` are described."""

    id: int
    ours: bool
    author: str
    text: str
    rest: str
    when: str
    moment: str
    edited: str
    files: tuple[str, ...]


def sentence(counts: Mapping[str, int], reader: Reader) -> Markup:
    """How many conversations wait, in a sentence."""
    if not counts["open"]:
        return reader.say_html(Text("Nobody waits for an answer."))
    said = Text(
        "{open} open, {unread} with something new, {unowned} that nobody looks after.",
        open=Text("{n} conversation", "{n} conversations", n=counts["open"]),
        unread=counts["unread"],
        unowned=counts["unowned"],
    )
    return reader.say_html(said, strong=("open", "unread"))


def tabs(asked: Asked, counts: Mapping[str, int], reader: Reader) -> list[Choice]:
    """The states as tabs; how many are known of the open ones."""
    return [
        Choice(
            reader.say(STATE_WORDS[state]),
            address(asked.with_(state=state)),
            asked.state == state,
            reader.number(counts["open"]) if state == "open" else "",
        )
        for state in ("open", "snoozed", "closed", ALL)
    ]


def filters(
    asked: Asked, channels: Sequence[str], owners: Sequence[tuple[int, str]], reader: Reader
) -> list[Filter]:
    """Whose conversations, and on which channel."""
    found = [_by_owner(asked, owners, reader)]
    if len(channels) > 1 or asked.channel:
        found.append(
            facet(
                reader.gettext("Channel"),
                channels,
                asked.channel or None,
                say=lambda name: channel_name(name, reader),
                address=lambda name: address(asked.with_(channel=name or "")),
            )
        )
    return found


def _by_owner(asked: Asked, owners: Sequence[tuple[int, str]], reader: Reader) -> Filter:
    people = {str(id_): name for id_, name in owners}
    named = {MINE: reader.gettext("Mine"), UNOWNED: reader.gettext("Nobody's")} | people
    name = reader.gettext("Looked after by")
    return facet(
        name,
        named,
        asked.owner or None,
        say=lambda value: named.get(value, name),
        address=lambda value: address(asked.with_(owner=value or "")),
        theirs=lambda value: value in people,
    )


def shown(
    rows: Iterable[Listed], criteria: Criteria, now: datetime, zone: tzinfo, reader: Reader
) -> list[ShownTalk]:
    """The rows of the list."""
    return [_talk(row, criteria, now, zone, reader) for row in rows]


def _talk(row: Listed, criteria: Criteria, now: datetime, zone: tzinfo, reader: Reader) -> ShownTalk:
    talk = row.conversation
    risk = row.customer.risk if row.customer else None
    return ShownTalk(
        talk.id,
        reverse("conversation", args=[talk.id]) + ("#asking" if talk.messages > _FEW else ""),
        name_of(talk, row.customer, reader),
        talk.title,
        talk.preview or reader.gettext("no words"),
        channel_name(talk.channel, reader),
        CHANNELS.get(talk.channel, CHANNELS["chat"])[1],
        talk.owner,
        reader.number(talk.unread) if talk.unread else "",
        talk.waiting,
        short_moment(talk.last_us, now, zone, reader),
        moment(talk.last_us).isoformat(),
        reader.say(STATE_WORDS[talk.state]) if talk.state != "open" else "",
        None if risk is None else shown_risk(risk, criteria, reader),
    )


def name_of(talk: Conversation, customer: ShownCustomer | None, reader: Reader) -> str:
    """Who writes: the customer's name, else what the author is called or where they are reached."""
    known = customer.name if customer else ""
    return known or talk.author or talk.address or reader.gettext("A visitor")


def messages(found: Iterable[Message], zone: tzinfo, reader: Reader) -> list[ShownMessage]:
    """The messages of a thread, in their order."""
    return [_message(each, zone, reader) for each in found]


def _message(found: Message, zone: tzinfo, reader: Reader) -> ShownMessage:
    cut = len(found.text) if found.folded_from is None else found.folded_from
    own, rest = found.text[:cut].strip(), found.text[cut:].strip()
    edited = "" if found.edited_us is None else reader.moment(moment(found.edited_us))
    return ShownMessage(
        found.id,
        not found.incoming,
        found.author,
        own,
        rest,
        reader.moment(moment(found.at_us)),
        moment(found.at_us).isoformat(),
        edited,
        tuple(_file(*each, reader) for each in found.attachments),
    )


def _file(name: str, kind: str, size: int | None, reader: Reader) -> str:
    """What a file is: its name or what it holds, and how large."""
    what = name or (reader.say(FILES[kind]) if kind in FILES else kind) or reader.gettext("a file")
    return what if size is None else f"{what} · {size_words(size, reader)}"


def snoozes(reader: Reader) -> list[tuple[str, str]]:
    """For how long a conversation can be put off."""
    return [(each, reader.say(SNOOZE_WORDS[each])) for each in SNOOZES]


def channel_name(channel: str, reader: Reader) -> str:
    """A channel as the reader knows it."""
    known = CHANNELS.get(channel)
    return reader.say(known[0]) if known else channel


def state_line(talk: Conversation, reader: Reader) -> str:
    """That a conversation is closed, or until when it is put off; "" for an open one."""
    if talk.state == "closed":
        return reader.gettext("closed")
    if talk.state == "snoozed" and talk.snoozed_until_us is not None:
        until = reader.moment(moment(talk.snoozed_until_us))
        return reader.say(Text("put off until {moment}", moment=until))
    return ""


def short_moment(at_us: int, now: datetime, zone: tzinfo, reader: Reader) -> str:
    """The time of today, else the day."""
    at = moment(at_us).astimezone(zone)
    if at.date() == now.astimezone(zone).date():
        return clock_time(at, reader.code)
    return reader.day(at.date(), year=at.year != now.year, short=True)


def moment(at_us: int) -> datetime:
    """Microseconds as a moment."""
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


def address(asked: Asked) -> str:
    """Where a list is found."""
    return reverse("inbox") + asked.query()


def news_address(asked: Asked, mark: str) -> str:
    """Where to ask whether a list has changed since ``mark``."""
    query = asked.query()
    return f"{reverse('inbox_news')}{query}{'&' if query else '?'}{urlencode({'mark': mark})}"
