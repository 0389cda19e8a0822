"""What a source that tells us of events by webhook is made of; each file of ``connectors/live`` declares one.

A source is pure: :attr:`Source.verify` and :attr:`Source.read` touch nothing but their arguments. What
arrives is believed in its form only after its signature was checked, and even then read carefully: a
field that is missing or of another kind is absent, never an error to the provider.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from holdfast.domain.deliveries import Report
from holdfast.domain.money import Money
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

Call = dict[str, Any]
"""A message of the Segment specification: type, userId, event, properties, traits, timestamp, messageId."""

TOLERANCE_SECONDS = 300
"""A signed moment that is further away than this is refused: a recording must not be played again."""

EXTERNAL_CUSTOMER = "customer"
"""The namespace of our own customer ids, which a provider's metadata may carry."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request of a provider: ``url`` as the provider wrote it, names of ``headers`` in small letters."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"

    def header(self, name: str) -> str:
        """The value of a header, in letters that can be encoded; "" where it is missing."""
        return self.headers.get(name.lower(), "").encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery says.

    ``calls`` are what to take in; one without ``userId`` names in :data:`ABOUT` the provider's object
    that it is about. ``owners`` says whose the provider's objects are: object to the customer's id.
    ``reports`` are what became of messages of ours. ``kind`` is the provider's name for what happened;
    ``ignored`` says that nothing is made of it.
    """

    kind: str
    calls: tuple[Call, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    ignored: bool = False
    reports: tuple[Report, ...] = ()


ABOUT = "about"
"""Key of a call's ``context``: the provider's object whose owner is the customer, where no id was sent."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that is kept sealed: its ``name``, what it is, where it is found at the provider."""

    name: str
    label: Text
    hint: Text
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A payload as the provider publishes it, and the names of the calls that are made of it.

    ``becomes`` has an event's name for a track call, "identify" for the rest.
    """

    payload: Any
    becomes: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)


Verify = Callable[[Delivery, Sequence[str], datetime], Refusal | None]
Read = Callable[[Any, Mapping[str, str], Any], Iterable[Told]]
Greet = Callable[[Mapping[str, str], Mapping[str, str]], str | None]

RECEIVED = "x-holdfast-received"
"""A header of ours: when a delivery arrived, for providers that do not say when something happened."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a provider talks where it is otherwise than most: JSON by POST, and any 200 is enough.

    With ``form`` its deliveries are forms. ``greet`` answers the question by which it tries the address
    (GET): given its parameters and the source's secrets, what is answered, ``None`` for a stranger.
    ``answer`` is (media type, body) of what it wants to hear once a delivery was taken; ``realm`` asks it
    for a name and a password (HTTP Basic) where it sent none.
    """

    form: bool = False
    greet: Greet | None = None
    answer: tuple[str, str] | None = None
    realm: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A provider that tells us of events.

    ``options`` is a dataclass whose fields are made with :func:`option`: the form is made from it.
    ``verify`` says why a delivery is not believed, given the secrets that may have signed it, the newest
    first; ``None`` for one that is. ``read`` says what a payload (parsed JSON) with its headers means
    under the options. ``events`` are what to switch on there; ``steps`` where the address is pasted.
    """

    name: str
    title: Text
    meaning: Text
    options: type
    secrets: tuple[Secret, ...]
    verify: Verify
    read: Read
    events: tuple[str, ...]
    steps: tuple[Text, ...]
    examples: tuple[Example, ...]
    manners: Manners = Manners()

    @property
    def signing(self) -> Secret:
        """The secret that signs deliveries."""
        return self.secrets[0]


def option(label: Text, hint: Text, default: Any = "") -> Any:
    """A field of a source's options: text, a yes or no, or one of a ``Literal``'s values."""
    return field(default=default, metadata={"label": label, "hint": hint})


def options_of(source: Source, kept: Mapping[str, Any]) -> Any:
    """The source's options with what was ``kept``; what it does not know (any more) is left out."""
    known = {each.name for each in fields(source.options) if each.default is not MISSING}
    return source.options(**{name: value for name, value in kept.items() if name in known})


# Signatures


def signed(secret: str, message: bytes) -> bytes:
    """HMAC-SHA256, which every provider here signs with."""
    return hmac.new(secret.encode(), message, sha256).digest()


def is_signed(given: Iterable[str], secrets: Sequence[str], message: bytes, *, as_hex: bool = False) -> bool:
    """Whether one of the ``given`` signatures was made with one of the ``secrets``, in constant time."""
    found = False
    for secret in secrets:
        digest = signed(secret, message)
        wanted = digest.hex() if as_hex else b64encode(digest).decode()
        for each in given:
            found |= hmac.compare_digest(wanted.encode(), each.strip().encode("utf-8", "replace"))
    return found


def forged(header: str) -> Refusal:
    """The refusal of a delivery that nobody with the secret has signed."""
    return Refusal(
        "bad_signature",
        found=Text("The signature in {header} is missing or was not made with this secret.", header=header),
        expected=Text("A signature of exactly this body with the source's signing secret."),
        remedy=Text("Copy the signing secret from the provider again; nothing was stored."),
    )


def stale(signed_at: datetime | None, now: datetime) -> Refusal | None:
    """The refusal of a delivery that was signed too long ago, or in the future; ``None`` for a fresh one."""
    if signed_at is not None and abs((now - signed_at).total_seconds()) <= TOLERANCE_SECONDS:
        return None
    return Refusal(
        "stale_signature",
        found=Text("The delivery was not signed within the last five minutes."),
        expected=Text("A signed moment that is at most five minutes from the clock of this machine."),
        remedy=Text("Check this machine's clock; the provider sends again by itself. Nothing was stored."),
    )


# Reading carefully


def at(payload: Any, path: str) -> Any:
    """What stands at a dotted path (``items.data.0.price``); ``None`` where there is nothing."""
    for name in path.split("."):
        if isinstance(payload, Mapping):
            payload = payload.get(name)
        elif isinstance(payload, list) and name.isdigit() and int(name) < len(payload):
            payload = payload[int(name)]
        else:
            return None
    return payload


def words(payload: Any, *paths: str) -> str:
    """The first text that is no emptiness among ``paths``; numbers as they are written; else ""."""
    for path in paths:
        value = at(payload, path)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def whole(payload: Any, path: str) -> int | None:
    """The whole number at ``path``, also where it is written as text."""
    value = at(payload, path)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return counted(value.strip()) if isinstance(value, str) else None


def counted(text: str) -> int | None:
    """A whole number in plain digits, of a length that is no attack."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def decimal(payload: Any, path: str) -> Decimal | None:
    """The number at ``path``, exact; ``None`` where there is none that is finite."""
    value = at(payload, path)
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def parts_of(payload: Any, path: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list at ``path``."""
    value = at(payload, path)
    for each in value if isinstance(value, list) else []:
        if isinstance(each, Mapping):
            yield each


def epoch(payload: Any, *paths: str, per_second: int = 1) -> datetime | None:
    """The first moment among ``paths``, counted since 1970 in parts of a second."""
    for path in paths:
        value = at(payload, path)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            try:
                return datetime.fromtimestamp(value / per_second, UTC)
            except (OverflowError, OSError, ValueError):
                continue
    return None


def written(payload: Any, *paths: str) -> datetime | None:
    """The first moment among ``paths`` that is written in ISO 8601; without a zone it is UTC."""
    for path in paths:
        value = at(payload, path)
        if isinstance(value, str) and (moment := moment_of(value)) is not None:
            return moment
    return None


def moment_of(text: str) -> datetime | None:
    """A moment in ISO 8601 (finer than microseconds is cut off); ``None`` where it is none."""
    whole_part, dot, rest = text.strip().partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{whole_part}.{rest[: min(digits, 6)].ljust(6, '0')}{rest[digits:]}"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Making calls


def money(minor: int, currency: str) -> dict[str, Any]:
    """An amount of minor units as the properties ``amount`` and ``currency``."""
    code = currency.upper()
    return {"amount": str(Money(minor, code).amount), "currency": code}


def identify(
    customer: str, moment: datetime, message_id: str, traits: Mapping[str, Any], *, ours: str = ""
) -> Call:
    """Who someone is; ``ours`` is our own id of the same customer. Empty traits say nothing."""
    call: Call = {
        "type": "identify",
        "userId": customer,
        "traits": filled(traits),
        "timestamp": moment.isoformat(),
        "messageId": message_id,
    }
    if ours:
        call["context"] = {"externalIds": [{"type": EXTERNAL_CUSTOMER, "id": ours}]}
    return call


def group(customer: str, account: str, moment: datetime, message_id: str) -> Call:
    """That someone belongs to an account."""
    return {
        "type": "group",
        "userId": customer,
        "groupId": account,
        "traits": {},
        "timestamp": moment.isoformat(),
        "messageId": message_id,
    }


def track(
    customer: str,
    name: str,
    moment: datetime,
    message_id: str,
    properties: Mapping[str, Any],
    *,
    about: str = "",
) -> Call:
    """What a customer did or what happened to one; without ``customer``, to the owner of ``about``."""
    call: Call = {
        "type": "track",
        "event": name,
        "properties": filled(properties),
        "timestamp": moment.isoformat(),
        "messageId": message_id,
    }
    if customer:
        call["userId"] = customer
    elif about:
        call["context"] = {ABOUT: about}
    return call


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is not empty; numbers that JSON does not know as text; a moment in ISO 8601; long texts cut."""
    kept = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return {
        name: _plain(value, MOST_TEXT_BYTES if name == "text" else _MOST_BYTES)
        for name, value in kept.items()
    }


MOST_TEXT_BYTES = 20_000
"""A longer text is cut: an event as a whole may have 32 KB."""

_MOST_BYTES = 1_000
"""A longer value that is not the text itself is cut."""

MOST_LINES = 100
"""Products of one order that are named; what is left of the total stays with the first."""


def _plain(value: Any, most_bytes: int) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str) and len(value) > most_bytes // 4:
        return value.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")
    return value.isoformat() if isinstance(value, datetime) else value


def called(call: Mapping[str, Any]) -> str:
    """What an example calls it: the event's name, or the call's type."""
    return str(call.get("event") or call["type"])
