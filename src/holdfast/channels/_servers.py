"""How channels hand a message to a provider's server over HTTP, and read what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.channels.contract import (
    ChannelDown,
    HttpAnswer,
    NoAnswer,
    NotReached,
    Tools,
    bad_address,
    refused,
    too_long,
)
from holdfast.domain.phones import e164, without_numbers
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt

_MOST_SAID = 200


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that reaches telephones: the secret it needs, how much it takes, and what is said of it."""

    secret: str
    most_text: int
    bad_number: Text
    no_account: Text
    not_reached: Callable[[Text], Text]
    no_answer: Text
    said: Callable[[str], Text]

    def unknown(self) -> Receipt:
        """The receipt of what the provider had and did not answer."""
        return Receipt("unknown", code="no_answer", reason=self.no_answer)

    def reason(self, code: int, words: str) -> Text:
        """What the provider said, without the numbers in it."""
        plain = without_numbers(words)[:_MOST_SAID].rstrip(". ")
        return self.said(f"{code} {plain}".strip() if code else plain)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that can be handed over: to which number (E.164), by which account."""

    to: str
    options: Mapping[str, Any]
    secrets: Mapping[str, str]


def checked(parcel: Parcel, tools: Tools, provider: Provider) -> Wanted | Receipt:
    """To whom and as whom a message goes; a receipt where it cannot go."""
    wanted = parcel.request
    to = e164(wanted.to.address)
    if not to:
        return bad_address(provider.bad_number)
    if wanted.attachments:
        return refused("no_files", Text("Files are not sent by this channel."), retry=False)
    if len(wanted.text) > provider.most_text:
        return too_long(provider.most_text, len(wanted.text))
    kept = tools.of_source(wanted.via)
    if kept is None or not kept[1].get(provider.secret, ""):
        return refused("no_account", provider.no_account, retry=True)
    return Wanted(to, *kept)


def posted(
    tools: Tools, provider: Provider, url: str, headers: Mapping[str, str], body: bytes
) -> HttpAnswer | Receipt:
    """What the server answered; a receipt where it had the message and did not answer.

    Raises :class:`~holdfast.channels.contract.ChannelDown` where it was not reached.
    """
    try:
        return tools.ask("POST", url, headers, body)
    except NotReached as not_reached:
        raise ChannelDown(provider.not_reached(not_reached.reason)) from None
    except NoAnswer:
        return provider.unknown()


def said_in(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a server answered; an empty one where it answered something else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
