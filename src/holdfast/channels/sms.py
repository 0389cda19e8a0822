"""Text messages by Twilio's Messages API, from a number, a sender name or a messaging service of ours.

What Twilio answers is believed by its ``error_code`` before its status: a message can be taken with 201 and
be a failure all the same. Twilio knows no key of ours: what it did not answer is never sent again by itself.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from holdfast.channels._servers import Provider, Wanted, checked, posted, said_in
from holdfast.channels.contract import HOOK, Channel, ChannelDown, HttpAnswer, Tools, asked_to_wait, refused
from holdfast.domain.phones import e164
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

_TWILIO = Provider(
    secret=_TOKEN,
    most_text=MOST_TEXT,
    bad_number=Text("A text message goes to a number with its country, like +353851234567."),
    no_account=Text("No Twilio account is connected and switched on."),
    not_reached=lambda reason: Text("Twilio cannot be reached: {reason}", reason=reason),
    no_answer=Text("Twilio had the whole message and did not answer."),
    said=lambda said: Text("Twilio said: {said}.", said=said),
)


class Texter:
    """Hands text messages to Twilio for one thread."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def close(self) -> None:
        """Nothing is kept open."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one message over."""
        wanted = checked(parcel, self._tools, _TWILIO)
        return wanted if isinstance(wanted, Receipt) else self._asked(wanted, parcel.request.text)

    def _asked(self, wanted: Wanted, text: str) -> Receipt:
        options = wanted.options
        account = str(options.get("account_sid") or "")
        server = str(options.get("server") or SERVER).rstrip("/")
        key = f"{account}:{wanted.secrets[_TOKEN]}".encode("utf-8", "replace")
        form = {"To": wanted.to, "Body": text, **_sender(str(options.get("sender") or ""))}
        if hook := str(options.get(HOOK) or ""):
            form["StatusCallback"] = hook
        answer = posted(
            self._tools,
            _TWILIO,
            f"{server}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json",
            {
                "Authorization": f"Basic {b64encode(key).decode('ascii')}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            urlencode(form, errors="replace").encode("ascii"),
        )
        return answer if isinstance(answer, Receipt) else _receipt(answer)


def _sender(sender: str) -> dict[str, str]:
    """From whom: a messaging service by its SID, else a number or a name."""
    if sender.startswith("MG"):
        return {"MessagingServiceSid": sender}
    return {"From": e164(sender) or sender}


def _receipt(answer: HttpAnswer) -> Receipt:
    """What Twilio's answer means."""
    said = said_in(answer.body)
    if 200 <= answer.status < 300:
        return _taken(said)
    code = _number(said.get("code"))
    words = str(said.get("message") or f"HTTP {answer.status}")
    if answer.status in (429, 503) or code == _TOO_MANY:
        raise ChannelDown(_TWILIO.reason(code, words), asked_to_wait(answer.headers))
    if answer.status in (401, 404) or (answer.status == 403 and not code):
        raise ChannelDown(_TWILIO.reason(code, words))
    if answer.status >= 500:
        return _TWILIO.unknown()
    return _refused(code, words)


def _taken(said: Mapping[str, Any]) -> Receipt:
    """Of a message that was taken: it has a name, and may have failed at once."""
    code, sid = _number(said.get("error_code")), str(said.get("sid") or "")
    if code or said.get("status") in ("failed", "undelivered", "canceled"):
        return _refused(code, str(said.get("error_message") or said.get("status") or ""))
    return Receipt("sent", provider_id=sid) if sid else _TWILIO.unknown()


def _refused(code: int, words: str) -> Receipt:
    reason = _TWILIO.reason(code, words)
    if code in _OURS:
        raise ChannelDown(reason)
    if code == _OPTED_OUT:
        return refused("opted_out", reason, retry=False)
    if code in _OF_THE_ADDRESS:
        return refused("refused_address", reason, retry=False)
    if code in _LATER:
        return refused("try_later", reason, retry=True)
    return refused("too_long" if code == _TOO_LONG else "refused_message", reason, retry=False)


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
