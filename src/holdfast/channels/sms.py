"""Text messages by Twilio's Messages API, from a number, a sender name or a messaging service of ours.

What Twilio answers is believed by its ``error_code`` before its status: a message can be taken with 201 and
be a failure all the same. Twilio knows no key of ours: what it did not answer is never sent again by itself.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from holdfast.channels.contract import (
    HOOK,
    Channel,
    ChannelDown,
    HttpAnswer,
    NoAnswer,
    NotReached,
    Tools,
    asked_to_wait,
    bad_address,
    refused,
    too_long,
)
from holdfast.domain.phones import e164, without_numbers
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt

MOST_TEXT = 1_600
"""Characters of one message, as Twilio takes them; :mod:`holdfast.domain.sms_parts` counts its parts."""

SERVER = "https://api.twilio.com"
_TOKEN = "auth_token"  # noqa: S105  (the name of a secret)
_OF_THE_ADDRESS = frozenset(
    {21211, 21214, 21217, 21265, 21407, 21421, 21608, 21612, 21614, 21635, 30004, 30005, 30006}
)
_OPTED_OUT, _TOO_MANY, _TOO_LONG = 21610, 20429, 21617
_LATER = frozenset({14107, 20500, 20503, 21611, 30001, 30003, 30008, 30009, 30010, 30022, 30023, 30500})
_OURS = frozenset({20003, 20005, 20008, 20010, 20404, 21212, 21603, 21606, 21659, 21660, 30002})
_OURS |= frozenset(range(21701, 21706))
"""Codes that are about our account or the sender that was chosen: no other touch would go either."""


class Texter:
    """Hands text messages to Twilio for one thread."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def close(self) -> None:
        """Nothing is kept open."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one message over."""
        wanted = parcel.request
        to = e164(wanted.to.address)
        if not to:
            return bad_address(Text("A text message goes to a number with its country, like +353851234567."))
        if wanted.attachments:
            return refused("no_files", Text("Files are not sent by this channel."), retry=False)
        if len(wanted.text) > MOST_TEXT:
            return too_long(MOST_TEXT, len(wanted.text))
        kept = self._tools.of_source(wanted.via)
        if kept is None or not kept[1].get(_TOKEN, ""):
            return refused("no_account", Text("No Twilio account is connected and switched on."), retry=True)
        return self._asked(*kept, to, wanted.text)

    def _asked(self, options: Mapping[str, Any], secrets: Mapping[str, str], to: str, text: str) -> Receipt:
        account = str(options.get("account_sid") or "")
        server = str(options.get("server") or SERVER).rstrip("/")
        key = f"{account}:{secrets[_TOKEN]}".encode("utf-8", "replace")
        form = {"To": to, "Body": text, **_sender(str(options.get("sender") or ""))}
        if hook := str(options.get(HOOK) or ""):
            form["StatusCallback"] = hook
        try:
            answer = self._tools.ask(
                "POST",
                f"{server}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json",
                {
                    "Authorization": f"Basic {b64encode(key).decode('ascii')}",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                urlencode(form, errors="replace").encode("ascii"),
            )
        except NotReached as not_reached:
            raise ChannelDown(Text("Twilio cannot be reached: {reason}", reason=not_reached.reason)) from None
        except NoAnswer:
            return _unknown()
        return _receipt(answer)


def _sender(sender: str) -> dict[str, str]:
    """From whom: a messaging service by its SID, else a number or a name."""
    if sender.startswith("MG"):
        return {"MessagingServiceSid": sender}
    return {"From": e164(sender) or sender}


def _receipt(answer: HttpAnswer) -> Receipt:
    """What Twilio's answer means."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    if 200 <= answer.status < 300:
        return _taken(said)
    code = _number(said.get("code"))
    words = str(said.get("message") or f"HTTP {answer.status}")
    if answer.status == 429 or code == _TOO_MANY:
        raise ChannelDown(_said(code, words), asked_to_wait(answer.headers))
    if answer.status in (401, 404) or (answer.status == 403 and not code):
        raise ChannelDown(_said(code, words))
    if answer.status == 503:
        raise ChannelDown(_said(code, words), asked_to_wait(answer.headers))
    if answer.status >= 500:
        return _unknown()
    return _refused(code, words)


def _taken(said: Mapping[str, Any]) -> Receipt:
    """Of a message that was taken: it has a name, and may have failed at once."""
    code, sid = _number(said.get("error_code")), str(said.get("sid") or "")
    if code or said.get("status") in ("failed", "undelivered", "canceled"):
        return _refused(code, str(said.get("error_message") or said.get("status") or ""))
    return Receipt("sent", provider_id=sid) if sid else _unknown()


def _refused(code: int, words: str) -> Receipt:
    reason = _said(code, words)
    if code in _OURS:
        raise ChannelDown(reason)
    if code == _OPTED_OUT:
        return refused("opted_out", reason, retry=False)
    if code in _OF_THE_ADDRESS:
        return refused("refused_address", reason, retry=False)
    if code in _LATER:
        return refused("try_later", reason, retry=True)
    return refused("too_long" if code == _TOO_LONG else "refused_message", reason, retry=False)


def _said(code: int, words: str) -> Text:
    plain = without_numbers(words)[:200].rstrip(". ")
    return Text("Twilio said: {said}.", said=f"{code} {plain}".strip() if code else plain)


def _unknown() -> Receipt:
    return Receipt(
        "unknown", code="no_answer", reason=Text("Twilio had the whole message and did not answer.")
    )


def _number(value: object) -> int:
    """A code of Twilio's; 0 for none."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


CHANNEL = Channel(
    name="sms",
    title=Text("SMS"),
    meaning=Text("Text messages to telephones, by Twilio."),
    open=Texter,
    dedupes=False,
    most_text=MOST_TEXT,
    connections=lambda options: 4,
)
