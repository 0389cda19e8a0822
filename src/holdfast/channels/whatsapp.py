"""WhatsApp by Meta's Cloud API: text within 24 hours of the customer's last message, a template outside them.

A template is one that Meta has approved; its only place ``{{1}}`` takes the text. A request may name another
one in its headers (:data:`TEMPLATE`, :data:`TEMPLATE_LANGUAGE`, :data:`TEMPLATE_VALUES` as a JSON list). An
error body is a failure whatever the HTTP status beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from holdfast.channels._servers import Provider, Wanted, checked, posted, said_in
from holdfast.channels.contract import (
    Channel,
    ChannelDown,
    HttpAnswer,
    Tools,
    asked_to_wait,
    refused,
    too_long,
)
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt, TouchRequest

MOST_TEXT = 4_096
"""Characters of one message."""

MOST_VALUE = 1_024
"""Characters of the body of a template."""

SERVER = "https://graph.facebook.com"
VERSION = "v25.0"
TEMPLATE, TEMPLATE_LANGUAGE, TEMPLATE_VALUES = "Template", "Template-Language", "Template-Values"
"""Headers of a request that name a template of its own."""

WINDOW_US = 24 * 3_600 * 1_000_000
"""So long after the customer's last message free text is taken."""

_TOKEN = "access_token"  # noqa: S105  (the name of a secret)
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_WAIT = frozenset({4, 80007, 130429, 131048, 133016})
_OURS = frozenset({3, 10, 190, 368, 131005, 131031, 131042, 131045, 133000, 133005, 133010})
_LATER = frozenset({1, 2, 131000, 131016, 131056, 131057, 133004})
_OF_THE_ADDRESS = frozenset({131021, 131026, 131030, 130497, 130472})
_OPTED_OUT, _OUTSIDE, _TOO_LONG = 131050, 131047, 132005

_META = Provider(
    secret=_TOKEN,
    most_text=MOST_TEXT,
    bad_number=Text("WhatsApp goes to a number with its country, like +353851234567."),
    no_account=Text("No WhatsApp number is connected and switched on."),
    not_reached=lambda reason: Text("WhatsApp cannot be reached: {reason}", reason=reason),
    no_answer=Text("WhatsApp had the whole message and did not answer."),
    said=lambda said: Text("WhatsApp said: {said}.", said=said),
)


class Messenger:
    """Hands messages to WhatsApp for one thread."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def close(self) -> None:
        """Nothing is kept open."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one message over."""
        wanted = checked(parcel, self._tools, _META)
        if isinstance(wanted, Receipt):
            return wanted
        content = self._content(parcel, wanted.to.removeprefix("+"), wanted.options)
        return content if isinstance(content, Receipt) else self._asked(wanted, content)

    def _content(self, parcel: Parcel, to: str, options: Mapping[str, Any]) -> dict[str, Any] | Receipt:
        """What is sent: the text while the window is open, else a template; a receipt where there is none."""
        wanted = parcel.request
        content: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": to,
        }
        if wanted.reply_to_message:
            content["context"] = {"message_id": wanted.reply_to_message}
        named = wanted.headers.get(TEMPLATE, "")
        if not named and self._window_is_open(parcel, to):
            return content | {"type": "text", "text": {"preview_url": False, "body": wanted.text}}
        template = _template(wanted, options)
        if isinstance(template, Receipt):
            return template
        return content | {"type": "template", "template": template}

    def _window_is_open(self, parcel: Parcel, to: str) -> bool:
        heard_us = self._tools.heard_us(parcel.request.via, to)
        return heard_us is not None and parcel.at_us - heard_us < WINDOW_US

    def _asked(self, wanted: Wanted, content: Mapping[str, Any]) -> Receipt:
        token, options = wanted.secrets[_TOKEN], wanted.options
        number = str(options.get("phone_number_id") or "")
        server = str(options.get("server") or SERVER).rstrip("/")
        version = str(options.get("version") or VERSION)
        if not token.isascii() or not token.isprintable() or not _VERSION.fullmatch(version):
            raise ChannelDown(Text("The token or the version of the WhatsApp number is none."))
        answer = posted(
            self._tools,
            _META,
            f"{server}/{version}/{quote(number, safe='')}/messages",
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            json.dumps(content).encode("utf-8"),
        )
        return answer if isinstance(answer, Receipt) else _receipt(answer)


def _template(wanted: TouchRequest, options: Mapping[str, Any]) -> dict[str, Any] | Receipt:
    """The template of the request, else that of the number with the text in its place."""
    name = wanted.headers.get(TEMPLATE, "") or str(options.get("template") or "")
    if not name:
        return refused(
            "outside_window",
            Text("The customer wrote more than 24 hours ago: WhatsApp takes an approved template only."),
            retry=False,
        )
    values = _values(wanted)
    if (length := sum(map(len, values))) > MOST_VALUE:
        return too_long(MOST_VALUE, length)
    code = wanted.headers.get(TEMPLATE_LANGUAGE, "") or str(options.get("template_language") or "")
    template: dict[str, Any] = {"name": name, "language": {"code": code or wanted.language}}
    if values:
        places = [{"type": "text", "text": each} for each in values]
        template["components"] = [{"type": "body", "parameters": places}]
    return template


def _values(wanted: TouchRequest) -> list[str]:
    """What stands in the places of a template: no line breaks and no rows of blanks, as Meta asks."""
    try:
        given = json.loads(wanted.headers[TEMPLATE_VALUES]) if TEMPLATE_VALUES in wanted.headers else None
    except ValueError:
        given = None
    values = given if isinstance(given, list) else [wanted.text]
    return [" ".join(str(each).split()) for each in values]


def _receipt(answer: HttpAnswer) -> Receipt:
    """What WhatsApp's answer means."""
    said = said_in(answer.body)
    error = said.get("error")
    if isinstance(error, dict):
        return _refused(error, answer)
    if 200 <= answer.status < 300:
        listed = said.get("messages")
        first = listed[0] if isinstance(listed, list) and listed else None
        name = first.get("id") if isinstance(first, dict) else None
        return Receipt("sent", provider_id=str(name)) if name else _META.unknown()
    if answer.status == 429:
        raise ChannelDown(_META.reason(0, f"HTTP {answer.status}"), asked_to_wait(answer.headers))
    if answer.status >= 500:
        return _META.unknown()
    return refused("refused_message", _META.reason(0, f"HTTP {answer.status}"), retry=False)


def _refused(error: Mapping[str, Any], answer: HttpAnswer) -> Receipt:
    """What an error of the Graph API means, by its code."""
    code = error.get("code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else 0
    details = error.get("error_data")
    told = details.get("details") if isinstance(details, dict) else None
    reason = _META.reason(code, str(told or error.get("message") or f"HTTP {answer.status}"))
    if code in _WAIT or answer.status == 429:
        raise ChannelDown(reason, asked_to_wait(answer.headers))
    if code in _OURS or 200 <= code < 300 or (code == 0 and answer.status in (401, 403)):
        raise ChannelDown(reason)
    if code in _LATER:
        return refused("try_later", reason, retry=True)
    return refused(_kind(code), reason, retry=False)


def _kind(code: int) -> str:
    if code == _OPTED_OUT:
        return "opted_out"
    if code == _OUTSIDE:
        return "outside_window"
    if code == _TOO_LONG:
        return "too_long"
    return "refused_address" if code in _OF_THE_ADDRESS else "refused_message"


CHANNEL = Channel(
    name="whatsapp",
    title=Text("WhatsApp"),
    meaning=Text("Messages by WhatsApp's Cloud API, from a number of yours."),
    open=Messenger,
    dedupes=False,
    most_text=MOST_TEXT,
    connections=lambda options: 4,
)
