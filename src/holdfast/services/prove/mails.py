"""Mails to our own people about reports: rendered, and asked for through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.language.letters import Part, letter
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.domain.touch import Attachment
    from holdfast.language import Reader
    from holdfast.store.staff import Colleague


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one of us: named ``key`` once and for ever, of a sort that can be switched off.

    What ``names_customers`` is forgotten once it is sent: an erasure could not find it later.
    """

    key: str
    sort: str
    subject: str
    parts: tuple[Part, ...]
    why: Text
    attachments: tuple[Attachment, ...] = ()
    names_customers: bool = False


def ask_for(settings: Settings, person: Colleague, mail: Mail, reader: Reader, *, now_us: int) -> bool:
    """Ask for a mail, in the caller's transaction; whether it was not asked for before."""
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.store import message_settings, outbox, staff_links

    base = message_settings.rules(settings).public_url
    off_url = staff_links.off_url(settings, base, person.id, mail.sort, now_us=now_us)
    written = letter(reader, mail.subject, mail.parts, company=settings.name, off_url=off_url, why=mail.why)
    request = TouchRequest(
        f"{mail.key} to {person.id}",
        "staff",
        "email",
        Recipient(person.email, person_id=person.id),
        mail.subject,
        written.text,
        written.html,
        language=reader.code,
        headers=staff_links.headers(off_url),
        attachments=mail.attachments,
        asked_by="Holdfast",
        secret=mail.names_customers,
    )
    return outbox.ask(settings, request, now_us=now_us) is not None
