"""Read mailboxes: what is new in their folders becomes calls; the mailboxes stay as they are.

Each stretch of mails is kept in one transaction with how far the folder was read, so that one that is
cut short is read again, and a mail that is read twice changes nothing.
"""

from __future__ import annotations

import hashlib
import logging
import ssl
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from holdfast.connectors.mails import calls as mail_calls
from holdfast.connectors.mails.calls import Mailbox as Ours
from holdfast.connectors.mails.imap import Folder, Listed, Mailbox, Place, Security, folder_as_typed
from holdfast.connectors.mails.reading import MOST_BYTES, Mail, read_mail
from holdfast.connectors.mails.reports import sort_of
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.inbox.returned import name_at, note_alive, note_returned
from holdfast.services.full_disk import refused_when_full
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.webhooks import Call
    from holdfast.store.live_sources import LiveSource

KIND = "mail"
NAMESPACE = "mail"
PASSWORD = "password"  # noqa: S105  (the name of a secret)

SECONDS_A_MAILBOX = 60
"""A mailbox that is read for the first time is left after so long, so that the others have their turn."""
AT_ONCE = 50
"""Mails that are kept in one transaction."""
_SUBJECT_HOLDS = timedelta(days=30)
"""So long an answer that names no other mail is found by its subject."""

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class MailOptions:
    """What is known of a mailbox, beside its password.

    ``days`` is how far back it is read when it is connected; ``ours`` are our own addresses and
    domains, beside its user name; ``server`` is the name with which our mail server signs what it
    found out about senders.
    """

    host: str
    user: str
    port: int = 0
    security: str = "tls"
    folders: tuple[str, ...] = ("INBOX",)
    with_sent: bool = True
    days: int = 30
    ours: tuple[str, ...] = ()
    server: str = ""

    def place(self, password: str) -> Place:
        """Where the mailbox is."""
        security: Security = "starttls" if self.security == "starttls" else "tls"
        return Place(self.host, self.user, password, self.port, security)

    def mailbox(self) -> Ours:
        """Whose mailbox it is."""
        addresses = {each for each in (self.user, *self.ours) if "@" in each and not each.startswith("@")}
        domains = {each.removeprefix("@") for each in self.ours if "@" not in each or each.startswith("@")}
        return Ours(
            frozenset(each.lower() for each in addresses),
            frozenset(each.lower() for each in domains),
            self.server,
        )


def mail_options(kept: Mapping[str, Any]) -> MailOptions:
    """The options of a source as they were kept."""
    plain = MailOptions(str(kept.get("host", "")), str(kept.get("user", "")))
    return MailOptions(
        plain.host,
        plain.user,
        int(kept.get("port") or 0),
        str(kept.get("security", plain.security)),
        tuple(kept.get("folders") or plain.folders),
        bool(kept.get("with_sent", plain.with_sent)),
        int(kept.get("days", plain.days)),
        tuple(kept.get("ours") or ()),
        str(kept.get("server", "")),
    )


def read_mailboxes(settings: Settings, now: datetime, *, trust: ssl.SSLContext | None = None) -> int:
    """Read what is new in every mailbox; how many mails. What goes wrong stands at the source."""
    from holdfast.store import live_sources

    count = 0
    for source in live_sources.listed(settings):
        if source.kind != KIND or not source.enabled:
            continue
        try:
            count += read_mailbox(settings, source, now, trust=trust)
        except Refusal as refusal:
            _log.warning("mailbox %s: %s", source.name, refusal.code)
            trouble = Text("{found} {remedy}", found=refusal.found, remedy=refusal.remedy)
            live_sources.note_trouble(settings, source.id, trouble)
        else:
            if source.trouble is not None:
                live_sources.note_trouble(settings, source.id, None)
    return count


def read_mailbox(
    settings: Settings, source: LiveSource, now: datetime, *, trust: ssl.SSLContext | None = None
) -> int:
    """Read what is new in one mailbox, for about :data:`SECONDS_A_MAILBOX`; how many mails.

    Refuses ("mailbox_unreachable", "mailbox_refused", "no_folder", "sealed_elsewhere") what stands
    in the way.
    """
    from holdfast.store.sealed import unseal

    options = mail_options(source.options)
    ends = time.monotonic() + SECONDS_A_MAILBOX
    count = 0
    with Mailbox(options.place(unseal(settings, source.id).get(PASSWORD, "")), trust=trust) as mailbox:
        for name in _folders(mailbox, options):
            folder = mailbox.open(name)
            after = _read_until(settings, source, mailbox, folder, options, now)
            for some in _stretches(mailbox.listed(folder, after)):
                mails = list(mailbox.fetched(some, MOST_BYTES))
                _keep(settings, source, options.mailbox(), folder, some[-1].uid, mails, now)
                count += len(mails)
                if time.monotonic() > ends:
                    return count
    return count


def _folders(mailbox: Mailbox, options: MailOptions) -> list[str]:
    names = [folder_as_typed(name) for name in options.folders]
    sent = mailbox.sent_folder() if options.with_sent else ""
    return list(dict.fromkeys([*names, *([sent] if sent else [])]))


def _read_until(
    settings: Settings,
    source: LiveSource,
    mailbox: Mailbox,
    folder: Folder,
    options: MailOptions,
    now: datetime,
) -> int:
    """The last mail of the folder that was read, or that is too old to be read.

    A folder that the server has numbered anew is read again as if it were new: what is known already
    changes nothing.
    """
    from holdfast.store import mail_threads

    place = mail_threads.place(settings, source.id, folder.name)
    if place is not None and place[0] == folder.epoch:
        return place[1]
    since = (now - timedelta(days=options.days)).date()
    after = mailbox.first_since(folder, since) - 1
    mail_threads.move_on(settings, source.id, folder.name, folder.epoch, after)
    return after


def _stretches(mails: Iterator[Listed]) -> Iterator[list[Listed]]:
    some: list[Listed] = []
    for mail in mails:
        some.append(mail)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _keep(
    settings: Settings,
    source: LiveSource,
    ours: Ours,
    folder: Folder,
    last_uid: int,
    mails: Sequence[tuple[Listed, bytes]],
    now: datetime,
) -> None:
    """Keep what some mails mean, and that the folder was read up to ``last_uid``."""
    from holdfast.services.collect.arrive import accept_calls
    from holdfast.store import mail_threads, source_notes, sql

    read = [(_read(raw), min(listed.arrived, now)) for listed, raw in mails]
    with refused_when_full(settings), sql.short_write():
        outcomes: Counter[tuple[str, str]] = Counter()
        calls: list[Call] = []
        for mail, arrived in read:
            if mail is None:
                outcomes[source_notes.ASIDE, "unreadable"] += 1
                continue
            note_returned(settings, source, mail, microseconds(now))
            meant = _meaning(settings, source, ours, mail, arrived)
            made = [call for call in meant.calls if _is_news(settings, source, call)]
            calls += made
            outcomes[source_notes.TAKEN if made else source_notes.IGNORED, meant.sort] += 1
        accept_calls(settings, source, calls, received_us=microseconds(now))
        for (outcome, sort), count in outcomes.items():
            source_notes.count(source.id, outcome, sort, now_us=microseconds(now), by=count)
        mail_threads.move_on(settings, source.id, folder.name, folder.epoch, last_uid)


def _read(raw: bytes) -> Mail | None:
    """The mail; ``None`` for one over which we trip: a defect of ours must not hold up the others."""
    try:
        return read_mail(raw)
    except Exception:
        _log.exception("a mail could not be read")
        return None


def _meaning(
    settings: Settings, source: LiveSource, ours: Ours, mail: Mail, arrived: datetime
) -> mail_calls.Meant:
    """What a mail means in its conversation, which is found or begun here."""
    from holdfast.store import mail_threads

    found = mail_calls.other_side(mail, ours)
    if found is None or sort_of(mail) != "written":
        return mail_calls.meaning(mail, ours, conversation="", arrived=arrived)
    other, incoming = found
    if incoming:
        note_alive(settings, other.email)
    ids, subject = mail_calls.refers_to(mail, other)
    conversation = mail_threads.conversation_of(settings, source.id, [mail.message_id, *ids])
    if not conversation and subject:
        since_us = microseconds(arrived - _SUBJECT_HOLDS)
        conversation = mail_threads.conversation_of(settings, source.id, [subject], since_us=since_us)
    conversation = conversation or _key(mail_calls.root_of(mail))
    at_us = microseconds(arrived)
    sent = [] if incoming else [name_at(mail.message_id, each.email) for each in mail.recipients]
    names = [mail.message_id, *mail.references, *sent]
    mail_threads.remember(settings, source.id, names, conversation, at_us)
    if bare := mail_calls.bare_subject(mail.subject):
        mail_threads.rename(settings, source.id, mail_calls.subject_key(other, bare), conversation, at_us)
    return mail_calls.meaning(mail, ours, conversation=conversation, arrived=arrived)


def _is_news(settings: Settings, source: LiveSource, call: Mapping[str, Any]) -> bool:
    """Whether a report is about an address that we know: anybody may send one about any address; and a
    mail of ours not the copy of an answer that was sent from the inbox.
    """
    from holdfast.store import mail_threads, replies

    if call.get("event") == "Message Sent":
        told = call["properties"]
        return not replies.has_mail(
            settings, source.id, told["conversation_id"], str(told.get("reference", ""))
        )
    if call.get("event") not in ("Email Bounced", "Email Marked as Spam"):
        return True
    return mail_threads.known_address(settings, str(call["userId"]))


def _key(message_id: str) -> str:
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:32]
