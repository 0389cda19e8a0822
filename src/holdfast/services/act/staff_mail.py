"""A mail to one of us, with a way to switch mails of its sort off: asked for in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.domain.texts import Text
    from holdfast.language import Reader
    from holdfast.language.letters import Line, Way
    from holdfast.store.staff import Colleague

    Parts = Callable[[Reader, str], Sequence[Line | Way]]
    """What the mail says to a reader; told where our pages are, "" when nobody said."""


@dataclass(frozen=True, slots=True)
class StaffMail:
    """What is sent to a colleague: ``key`` tells it from all others, ``sort`` is what can be switched off."""

    key: str
    sort: str
    subject: Callable[[Reader], str]
    parts: Parts
    why: Text
    head: Callable[[Reader], str] | None = None
    """What stands above the parts; the subject where nothing else is said."""
    subject_id: int | None = None
    """The customer it is about."""


def ask(settings: Settings, person: Colleague, mail: StaffMail, *, by: str) -> None:
    """Ask the outbox for the mail, in the language of who gets it."""
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.language import Reader, preferred
    from holdfast.language.letters import letter
    from holdfast.store import message_settings, outbox, staff_links

    base = message_settings.rules(settings).public_url
    reader = Reader(person.language or preferred(""), settings.zone)
    actual = int(datetime.now(UTC).timestamp() * 1_000_000)
    off_url = staff_links.off_url(settings, base, person.id, mail.sort, now_us=actual)
    subject = mail.subject(reader)
    written = letter(
        reader,
        mail.head(reader) if mail.head else subject,
        mail.parts(reader, base),
        company=settings.name,
        off_url=off_url,
        why=mail.why,
    )
    outbox.ask(
        settings,
        TouchRequest(
            mail.key,
            "staff",
            "email",
            Recipient(person.email, subject_id=mail.subject_id, person_id=person.id),
            subject,
            written.text,
            written.html,
            language=reader.code,
            headers=staff_links.headers(off_url),
            asked_by=by,
        ),
        now_us=actual,
    )
