"""E-mail over SMTP: one connection for many mails, signed with DKIM, named by their touches."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from holdfast.channels._addresses import one_address
from holdfast.channels._mime import (
    BadHeader,
    Mail,
    Mailbox,
    as_bytes,
    content_of,
    headers_of,
    message_id,
    words,
)
from holdfast.channels._smtp import Line, Lost, NotTaken, NoWay, Server
from holdfast.channels.contract import (
    Channel,
    ChannelDown,
    Tools,
    bad_address,
    refused,
    setting,
    too_long,
)
from holdfast.domain.bounces import fault
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt
from holdfast.language import language, languages

if TYPE_CHECKING:
    from holdfast.channels._dkim import Signer

MOST_TEXT = 500_000
"""Characters of text and HTML together."""

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How mails are handed over, as whom, and how they are signed."""

    host: str = setting(Text("Server"), Text("The mail server that takes your mails, like smtp.example.com."))
    port: int = setting(Text("Port"), Text("587 with STARTTLS, 465 with TLS, as your provider says."), 587)
    security: Literal["starttls", "tls", "none"] = setting(
        Text("Encryption"),
        Text("STARTTLS or TLS. Without encryption a name and a password are sent to this machine only."),
        "starttls",
    )
    user: str = setting(Text("User name"), Text("Empty where the server asks for none."))
    password: str = setting(Text("Password"), Text("It is kept sealed and not shown again."), secret=True)
    from_address: str = setting(Text("From address"), Text("Your company's address that mails come from."))
    from_name: str = setting(Text("From name"), Text("The name that readers see before the address."))
    reply_to: str = setting(Text("Answers go to"), Text("Empty: to the address that mails come from."))
    dkim_domain: str = setting(
        Text("Domain of the signature"), Text("Empty: the domain of the address that mails come from.")
    )
    dkim_selector: str = setting(
        Text("Selector of the key"),
        Text("The name under which your DNS publishes the key, like holdfast. Empty: mails are not signed."),
    )
    dkim_key: str = setting(
        Text("Private key of the signature"),
        Text("In PEM, RSA or Ed25519. Holdfast makes one for you."),
        secret=True,
    )
    connections: int = setting(
        Text("Connections at once"), Text("How many mails are handed over at the same time, 1 to 20."), 4
    )
    timeout_seconds: int = setting(
        Text("Seconds to wait"), Text("How long the server may take for an answer, 1 to 300."), 60
    )


def check(options: SmtpSettings) -> tuple[str, ...]:
    """The fields that mean nothing as they are."""
    wrong = []
    if not options.host or not options.host.isprintable() or " " in options.host:
        wrong.append("host")
    if not 1 <= options.port <= 65_535:
        wrong.append("port")
    if options.user and options.security == "none" and options.host not in _LOCAL_HOSTS:
        wrong.append("security")
    if isinstance(one_address(options.from_address), Text):
        wrong.append("from_address")
    if options.reply_to and isinstance(one_address(options.reply_to), Text):
        wrong.append("reply_to")
    if not _is_header(options.from_name):
        wrong.append("from_name")
    wrong += [name for name, least, most in _RANGES if not least <= getattr(options, name) <= most]
    return (*wrong, *_wrong_key(options))


_RANGES = (("connections", 1, 20), ("timeout_seconds", 1, 300))


def _is_header(value: str) -> bool:
    try:
        words("From", value)
    except BadHeader:
        return False
    return True


def _wrong_key(options: SmtpSettings) -> tuple[str, ...]:
    if not options.dkim_selector and not options.dkim_key:
        return ()
    if not options.dkim_selector or not options.dkim_selector.replace("-", "").replace(".", "").isalnum():
        return ("dkim_selector",)
    try:
        _signer(options)
    except ValueError:
        return ("dkim_key",)
    return ()


def _signer(options: SmtpSettings) -> Signer | None:
    from holdfast.channels._dkim import Signer, read_key

    if not options.dkim_selector:
        return None
    domain = options.dkim_domain or domain_of(options)
    return Signer(domain, options.dkim_selector, read_key(options.dkim_key))


def domain_of(options: SmtpSettings) -> str:
    """The domain that mails come from, in ASCII as the DNS knows it; "" where the address is none."""
    address = one_address(options.from_address)
    return "" if isinstance(address, Text) else address.rpartition("@")[2]


class Postman:
    """Hands mails over for one thread."""

    def __init__(
        self, options: SmtpSettings, *, reuse: bool = True, trust: ssl.SSLContext | None = None
    ) -> None:
        self._options = options
        self._sender = str(one_address(options.from_address))
        self._reply_to = str(one_address(options.reply_to)) if options.reply_to else ""
        self._signer = _signer(options)
        self._line = Line(
            Server(
                options.host,
                options.port,
                options.security,
                options.user,
                options.password,
                options.timeout_seconds,
                trust,
                self._sender.rpartition("@")[2] if options.host in _LOCAL_HOSTS else "",
            ),
            reuse=reuse,
        )

    def close(self) -> None:
        """End the connection."""
        self._line.close()

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one mail over."""
        to = one_address(parcel.request.to.address)
        if isinstance(to, Text):
            return bad_address(to)
        if (length := len(parcel.request.text) + len(parcel.request.html)) > MOST_TEXT:
            return too_long(MOST_TEXT, length)
        try:
            written = self.written(parcel, to)
        except BadHeader as bad:
            return refused(
                "bad_header",
                Text("The header {name} holds what would break out of its line.", name=bad.name),
                retry=False,
            )
        return self._hand_over(to, written, self._name(parcel.request.key))

    def _name(self, key: str) -> str:
        return message_id(key, self._sender.rpartition("@")[2])

    def written(self, parcel: Parcel, to: str) -> bytes:
        """The mail as it goes over the line. Raises :class:`BadHeader`."""
        mail = self._mail(parcel, to)
        content_headers, body = content_of(mail)
        headers = [*headers_of(mail), *content_headers]
        if self._signer is not None:
            headers.insert(0, self._signer.header(headers, body, parcel.at_us // 1_000_000))
        return as_bytes(headers, body)

    def _mail(self, parcel: Parcel, to: str) -> Mail:
        wanted = parcel.request
        spoken = language(wanted.language if wanted.language in languages() else "en")
        return Mail(
            key=wanted.key,
            sender=Mailbox(self._sender, wanted.sender_name or self._options.from_name),
            to=Mailbox(to),
            subject=wanted.subject,
            text=wanted.text,
            at=datetime.fromtimestamp(parcel.at_us / 1_000_000, UTC),
            html=wanted.html,
            language_tag=spoken.tag,
            direction=spoken.direction,
            reply_to="" if "Reply-To" in wanted.headers else self._reply_to,
            reply_to_message=wanted.reply_to_message,
            headers={**wanted.headers, **_told_back(self._options.host, self._name(wanted.key))},
            attachments=wanted.attachments,
            automatic=wanted.conversation_id is None,
        )

    def _hand_over(self, to: str, written: bytes, name: str) -> Receipt:
        try:
            if not to.isascii() and not self._line.takes_utf8():
                return refused(
                    "no_utf8_addresses",
                    Text("The mail server takes no addresses in other letters than Latin ones."),
                    retry=False,
                )
            self._line.send(self._sender, to, written)
        except NoWay as no_way:
            raise ChannelDown(_no_way(self._options.host, no_way.said)) from no_way
        except NotTaken as answer:
            return _not_taken(answer, to)
        except Lost as lost:
            return _lost(lost)
        return Receipt("sent", provider_id=name)


def _told_back(host: str, name: str) -> dict[str, str]:
    """Headers by which a provider with names of its own tells us ours back with what became of the mail."""
    if host.endswith(".postmarkapp.com") and len(name) <= _MOST_POSTMARK:
        return {"X-PM-Metadata-holdfast": name}
    if host.endswith(".sendgrid.net"):
        return {"X-SMTPAPI": json.dumps({"unique_args": {"anymail_id": name}})}
    return {}


_MOST_POSTMARK = 80
"""Characters of a value that Postmark keeps beside a mail."""


def _not_taken(answer: NotTaken, to: str) -> Receipt:
    """What the server's no means: for good (5xx) or for now (4xx), about the address or about the mail."""
    said = Text(
        "The mail server said: {said}.", said=_without(f"{answer.code} {answer.said}", to).rstrip(".")
    )
    if answer.step == "MAIL" and answer.code != 552:
        return refused("refused_sender", said, retry=True)
    if 400 <= answer.code < 500:
        return refused("try_later", said, retry=True)
    if answer.code == 552:
        return refused("too_long", said, retry=False)
    about_address = answer.step == "RCPT" and fault(f"{answer.code} {answer.said}") != "ours"
    return refused("refused_address" if about_address else "refused_message", said, retry=False)


def _lost(lost: Lost) -> Receipt:
    silent = isinstance(lost.error, TimeoutError) or isinstance(lost.error.__context__, TimeoutError)
    kind = "no_answer" if silent else "connection_lost"
    if lost.handed_over:
        return Receipt(
            "unknown",
            code=kind,
            reason=Text("The mail server had the whole message and did not answer."),
        )
    return refused(kind, Text("The connection broke before the message was handed over."), retry=True)


def _without(said: str, address: str) -> str:
    """What a server said without the address that it repeats."""
    for each in (address, address.lower(), address.partition("@")[0] + "@"):
        said = said.replace(each, "…")
    return said[:300]


def _no_way(host: str, said: str) -> Text:
    return Text("The mail server {host} cannot be used: {reason}.", host=host, reason=said.rstrip("."))


def open_postman(tools: Tools) -> Postman:
    """A carrier of mails."""
    options = tools.options
    if not isinstance(options, SmtpSettings) or check(options):
        raise ChannelDown(Text("The settings of the mail server are not complete."))
    return Postman(replace(options, from_name=options.from_name.strip()))


CHANNEL = Channel(
    name="email",
    title=Text("E-mail"),
    meaning=Text("Mails over your own mail server or a provider's, signed with DKIM."),
    open=open_postman,
    dedupes=False,
    most_text=MOST_TEXT,
    settings=SmtpSettings,
    connections=lambda options: int(options.connections),
    check=check,
)
