"""What every channel declares, and what it gets to work with.

A channel is one file here that defines ``CHANNEL``. It opens a :class:`Carrier` with its settings; a carrier
belongs to one thread and keeps its connection from touch to touch. What goes wrong with one touch is a
receipt; what goes wrong with the whole channel (nobody answers, the password is wrong) is a
:class:`ChannelDown`, which counts against no touch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Protocol, get_type_hints

from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt


class Carrier(Protocol):
    """Hands touches over, one after the other, for one thread."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one touch over. Raises :class:`ChannelDown` before anything of it was handed over."""

    def close(self) -> None:
        """Give the connection back; may be called twice."""


class ChannelDown(Exception):  # noqa: N818  (it is about a server, not about our code)
    """The whole channel does not work now: nothing of the touch was handed over.

    ``rest_seconds`` is how long the other side asked to be left alone, 0 where it did not say.
    """

    def __init__(self, trouble: Text, rest_seconds: float = 0.0) -> None:
        super().__init__(str(trouble))
        self.trouble, self.rest_seconds = trouble, rest_seconds


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Ask(Protocol):
    """The way out to other servers. Raises :class:`NotReached` and :class:`NoAnswer`."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Send a request over HTTPS, never to an inner address, never where it is led next."""


class NotReached(Exception):  # noqa: N818
    """The server was not reached: it has nothing of what was asked. ``code`` says why, for the history."""

    def __init__(self, code: str, reason: Text) -> None:
        super().__init__(code)
        self.code, self.reason = code, reason


class NoAnswer(Exception):  # noqa: N818
    """The server may have all of what was asked and did not answer."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a carrier works with: its options and secrets, and the way out.

    ``options`` is an instance of the channel's ``settings`` (``None`` where it has none). ``of_source``
    answers for a touch's ``via`` with the options and secrets of that source, ``None`` where there is none;
    among its options :data:`HOOK` is the address at which its provider reaches us. ``heard_us`` says for a
    touch's ``via`` and an address when somebody last wrote to us from there, ``None`` for never.
    """

    options: Any
    ask: Ask
    of_source: Callable[[str], tuple[Mapping[str, Any], Mapping[str, str]] | None]
    heard_us: Callable[[str, str], int | None] = lambda via, address: None


HOOK = "hook"
"""The option of a source that says where its provider delivers; absent where nobody said it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the rest of the product knows it.

    ``settings`` is a dataclass whose fields are made with :func:`setting`: the form comes from it, ``None``
    where there is nothing to set. ``dedupes`` says that the same key sent twice arrives once, so that what
    was perhaps handed over may be sent again by itself. ``most_text`` is the number of characters it takes.
    ``connections`` says how many threads may carry at once.
    """

    name: str
    title: Text
    meaning: Text
    open: Callable[[Tools], Carrier]
    dedupes: bool
    most_text: int
    settings: type[Any] | None = None
    connections: Callable[[Any], int] = lambda options: 1
    check: Callable[[Any], Sequence[str]] = lambda options: ()
    """Names of fields of the settings that mean nothing as they are; none when all is well."""


def setting(label: Text, hint: Text | None = None, default: Any = "", *, secret: bool = False) -> Any:
    """A field of a channel's settings: text, a whole number, a yes or no, or one of a ``Literal``'s values.

    A ``secret`` one is kept sealed and never shown again.
    """
    return field(default=default, repr=not secret, metadata={"label": label, "hint": hint, "secret": secret})


def secret_names(kind: type[Any]) -> frozenset[str]:
    """The fields of a channel's settings that are secrets."""
    return frozenset(each.name for each in fields(kind) if each.metadata.get("secret"))


def settings_of(kind: type[Any], options: Mapping[str, Any], secrets: Mapping[str, str]) -> Any:
    """A channel's settings from what was kept; what it does not know (any more) is left out."""
    known = {each.name for each in fields(kind) if each.default is not MISSING}
    return kind(**{name: value for name, value in {**options, **secrets}.items() if name in known})


def kept_of(written: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """(options, secrets) of a channel's settings, to be kept apart."""
    secret = secret_names(type(written))
    values = {each.name: getattr(written, each.name) for each in fields(written)}
    options = {name: value for name, value in values.items() if name not in secret}
    return options, {name: str(values[name]) for name in secret if values[name]}


def kind_of(kind: type[Any], name: str) -> Any:
    """The type of a field of a channel's settings."""
    return get_type_hints(kind)[name]


def too_long(most: int, found: int) -> Receipt:
    """The receipt of a text that the channel does not take."""
    return Receipt(
        "failed",
        code="too_long",
        reason=Text("The text has {found} characters; at most {most} are taken.", found=found, most=most),
    )


def bad_address(what: Text) -> Receipt:
    """The receipt of an address that is none."""
    return Receipt("failed", code="bad_address", reason=what)


def asked_to_wait(headers: Mapping[str, str]) -> float:
    """The seconds of a ``Retry-After`` header, an hour at most; 0 without one that is a number."""
    written = headers.get("retry-after", "").strip()
    return min(float(written), 3_600.0) if written.isascii() and written.isdigit() else 0.0


def refused(code: str, reason: Text, *, retry: bool) -> Receipt:
    """The receipt of what the other side refused."""
    return Receipt("failed", retry=retry, code=code, reason=reason)
