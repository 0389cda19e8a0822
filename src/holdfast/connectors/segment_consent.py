"""What a call in the Segment format says of consent: the customer's choice, as the sender knows it.

Segment's own form is ``context.consent.categoryPreferences`` (category to true or false), on any call.
Ours says more, as the trait ``consent`` of an ``identify`` call: topic or category to true or false, or to
an object ``{"given": true, "channel": "email", "wording": "...", "how": "form"}``.
Categories that are none of our topics ("Functional", "Analytics") are passed over: they say nothing about
messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.domain.consent import ANY, BY_HAND, channel_named, topic_named

_MOST = 50
_LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Agreed:
    """That the customer agreed to a topic on a channel, or did not; "" is all of them.

    ``standing`` is a choice that comes along with every call: it says something new where it is another
    than the last.
    """

    topic: str
    channel: str
    given: bool
    wording: str = ""
    how: str = "program"
    standing: bool = False


def consent_of(context: Mapping[str, Any], traits: Mapping[str, Any]) -> tuple[Agreed, ...]:
    """Every choice that a call tells, in its order; what is no choice is passed over."""
    return (*_preferences(context.get("consent")), *_choices(traits.get("consent")))


def _preferences(consent: object) -> Iterator[Agreed]:
    told = consent.get("categoryPreferences") if isinstance(consent, Mapping) else None
    if isinstance(told, Mapping):
        for name, given in list(told.items())[:_MOST]:
            topic = topic_named(str(name))
            if topic is not None and isinstance(given, bool):
                wording = f"{name}: {str(given).lower()}"[:_LONGEST]
                yield Agreed(topic, ANY, given, wording, standing=True)


def _choices(consent: object) -> Iterator[Agreed]:
    if not isinstance(consent, Mapping):
        return
    for name, said in list(consent.items())[:_MOST]:
        topic = topic_named(str(name))
        told = {"given": said} if isinstance(said, bool) else said
        if topic is None or not isinstance(told, Mapping) or not isinstance(told.get("given"), bool):
            continue
        channel = channel_named(_words(told, "channel"))
        if channel is not None:
            how = _words(told, "how")
            wording = _words(told, "wording")
            yield Agreed(topic, channel, told["given"], wording, how if how in BY_HAND else "program")


def _words(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    written = value[:_LONGEST] if isinstance(value, str) else ""
    return written.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
