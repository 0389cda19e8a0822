"""Connect a mailbox or a chat, and change one. (A Telegram bot is a source like any provider's.)"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from holdfast.connectors.mails.imap import Mailbox, folder_as_typed
from holdfast.connectors.mails.reading import email_in
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.inbox import mailboxes
from holdfast.services.collect.inbox.mailboxes import PASSWORD, MailOptions, mail_options
from holdfast.services.collect.sources.setting_up import check_name, taken
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

CHAT = "chat"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]{2,45}\]?")
_DOMAIN = re.compile(r"@?[^\s@.]([^\s@]*\.)+[^\s@.]{2,63}")
_MOST_WORDS = 500
_MOST_DAYS = 3_650
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """What a chat on a website says, and on which sites it may stand (``origins``; none: any)."""

    title: str = ""
    greeting: str = ""
    origins: tuple[str, ...] = ()


def add_mailbox(
    settings: Settings,
    name: str,
    options: MailOptions,
    password: str,
    *,
    now: datetime,
    trust: ssl.SSLContext | None = None,
) -> LiveSource:
    """Connect a mailbox that was opened once to see whether it opens.

    Refuses ("bad_name", "name_taken", "bad_host", "bad_port", "bad_days", "bad_address", "no_password")
    what cannot be one, and what the mailbox itself refuses; nothing is kept then.
    """
    from holdfast.store import live_sources, sealed, sql

    check_name(name)
    options = _checked(options, password)
    try_mailbox(options, password, trust=trust)
    with sql.short_write():
        if live_sources.by_name(settings, name) is not None:
            raise taken(name)
        source = live_sources.ensure(
            settings,
            name,
            mailboxes.KIND,
            namespace=mailboxes.NAMESPACE,
            options=asdict(options),
            now_us=microseconds(now),
        )
        sealed.seal(settings, source.id, {PASSWORD: password})
    return source


def change_mailbox(
    settings: Settings,
    source: LiveSource,
    options: MailOptions,
    password: str,
    *,
    trust: ssl.SSLContext | None = None,
) -> None:
    """Change a mailbox; without a new ``password`` the old one holds. Refuses like :func:`add_mailbox`."""
    from holdfast.store import live_sources, sealed, sql

    password = password or sealed.unseal(settings, source.id).get(PASSWORD, "")
    options = _checked(options, password)
    try_mailbox(options, password, trust=trust)
    with sql.short_write():
        live_sources.change(settings, source.id, options=asdict(options))
        sealed.seal(settings, source.id, {PASSWORD: password})
        live_sources.note_trouble(settings, source.id, None)


def try_mailbox(options: MailOptions, password: str, *, trust: ssl.SSLContext | None = None) -> None:
    """Open the mailbox and each of its folders, reading nothing. Refuses what stands in the way."""
    with Mailbox(options.place(password), trust=trust) as mailbox:
        for name in options.folders:
            mailbox.open(folder_as_typed(name))


def add_chat(settings: Settings, name: str, options: ChatOptions, *, now: datetime) -> LiveSource:
    """A chat that a website can show. Refuses ("bad_name", "name_taken", "bad_origin", "too_long")."""
    from holdfast.store import live_sources, sql

    check_name(name)
    options = _checked_chat(options)
    with sql.short_write():
        if live_sources.by_name(settings, name) is not None:
            raise taken(name)
        return live_sources.ensure(
            settings, name, CHAT, namespace=CHAT, options=asdict(options), now_us=microseconds(now)
        )


def change_chat(settings: Settings, source: LiveSource, options: ChatOptions) -> None:
    """Change what a chat says and where it may stand. Refuses like :func:`add_chat`."""
    from holdfast.store import live_sources

    live_sources.change(settings, source.id, options=asdict(_checked_chat(options)))


def chat_options(kept: Mapping[str, Any]) -> ChatOptions:
    """The options of a chat as they were kept."""
    origins = kept.get("origins")
    return ChatOptions(
        str(kept.get("title") or ""),
        str(kept.get("greeting") or ""),
        tuple(map(str, origins)) if isinstance(origins, list | tuple) else (),
    )


def typed_mailbox(typed: Mapping[str, str], kept: Mapping[str, Any] | None = None) -> MailOptions:
    """The options that a form's words mean; what is no number is refused later."""
    before = mail_options(kept or {})
    return MailOptions(
        host=typed.get("host", before.host).strip(),
        user=typed.get("user", before.user).strip(),
        port=_number(typed.get("port", "")),
        security=typed.get("security", before.security),
        folders=_listed(typed.get("folders", "")) or ("INBOX",),
        with_sent=bool(typed.get("with_sent")),
        days=_number(typed.get("days", str(before.days))),
        ours=_words(typed.get("ours", "")),
        server=typed.get("server", "").strip(),
    )


def typed_chat(typed: Mapping[str, str]) -> ChatOptions:
    """The options of a chat that a form's words mean."""
    return ChatOptions(
        typed.get("title", "").strip(), typed.get("greeting", "").strip(), _words(typed.get("origins", ""))
    )


def _checked(options: MailOptions, password: str) -> MailOptions:
    if not _HOST.fullmatch(options.host):
        raise _bad("bad_host", Text("{host} is no name of a server.", host=repr(options.host[:60])),
                   Text("A name like imap.example.com."))  # fmt: skip
    if not 0 <= options.port <= 65_535:
        raise _bad("bad_port", Text("The port is none."), Text("A number up to 65535, or nothing."))
    if not 0 <= options.days <= _MOST_DAYS:
        raise _bad("bad_days", Text("That is no number of days."), Text("0 to {n} days.", n=_MOST_DAYS))
    if not options.user or not options.user.isprintable() or not password:
        raise _bad("no_password", Text("Name or password is missing."), Text("Both, as for a mail program."))
    _check_words(options)
    return options


def _check_words(options: MailOptions) -> None:
    for each in options.ours:
        if not email_in(each) and not _DOMAIN.fullmatch(each):
            raise _bad("bad_address", Text("{value} is no address.", value=repr(each[:60])),
                       Text("Addresses like help@example.com, or a domain like example.com."))  # fmt: skip
    for name in (*options.folders, options.server):
        if len(name) > _MOST_WORDS or not name.isprintable():
            raise _bad("bad_folder", Text("{value} is no name.", value=repr(name[:60])),
                       Text("At most {n} characters, none of control.", n=_MOST_WORDS))  # fmt: skip


def _checked_chat(options: ChatOptions) -> ChatOptions:
    for words in (options.title, options.greeting):
        if len(words) > _MOST_WORDS or "\0" in words:
            raise _bad("too_long", Text("That is too long for a chat."),
                       Text("At most {n} characters.", n=_MOST_WORDS))  # fmt: skip
    return ChatOptions(options.title, options.greeting, tuple(map(origin_of, options.origins)))


def origin_of(written: str) -> str:
    """A site as browsers name it: scheme, host, port. Refuses ("bad_origin") what is none."""
    parts = urlsplit(written.strip())
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and parts.username is None
    if parts.scheme in ("http", "https") and parts.hostname and plain:
        return f"{parts.scheme}://{parts.netloc}".lower()
    raise _bad("bad_origin", Text("{value} is no address of a site.", value=repr(written[:60])),
               Text("Scheme and host, like https://www.example.com."))  # fmt: skip


def _bad(code: str, found: Text, expected: Text) -> Refusal:
    return Refusal(code, found=found, expected=expected, remedy=Text("Mend it; nothing was changed."))


def _number(written: str) -> int:
    written = written.strip()
    if not written:
        return 0
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else -1


def _words(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(written.replace(",", " ").split()))[:_MOST_LISTED]


def _listed(written: str) -> tuple[str, ...]:
    """Names between commas, Persian ones too: they may have blanks."""
    pieces = (each.strip() for each in written.replace("،", ",").split(","))
    return tuple(dict.fromkeys(each for each in pieces if each))[:_MOST_LISTED]
