"""The sender's domain, looked at again each day: where it does not pass any more, safe mode begins again.

A record that somebody takes out of the DNS by mistake makes receivers take our mails for forged, at first
without a word. One bad answer is not enough: a zone that is being changed may say nothing for a moment. So
the second of two looks, an hour apart, decides, and the administrators are told. Safe mode ends again when
one of them looks at the domain and it passes; what waits until then goes out then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from holdfast.domain.spf import Ask
from holdfast.domain.texts import Text
from holdfast.services.act.setting_up import ask_dns, smtp
from holdfast.settings import Settings
from holdfast.store.message_settings import Proven

if TYPE_CHECKING:
    from holdfast.channels.email import SmtpSettings
    from holdfast.store.staff import Colleague

HOUR_US = 3_600_000_000
EVERY_US = 24 * HOUR_US
"""So long after a look the domain is looked at again; after one that did not pass, in an hour."""

_WHY = Text("You get this because you are an administrator of this Holdfast.")


def look_again(settings: Settings, ask: Ask, *, now_us: int) -> Proven | None:
    """Look at the domain where it is time; what is kept of it then, ``None`` where nothing was to be done.

    Nothing is to be done in safe mode: it ends when somebody asks for a look.
    """
    from holdfast.store import message_settings

    before, options = message_settings.proven(settings), smtp(settings)
    if before is None or not before.passed or options is None or not _is_due(before, now_us):
        return None
    found = _judged(before, ask_dns(settings, ask, now_us=now_us))
    return found if _keep(settings, before, options, found) else None


def _is_due(before: Proven, now_us: int) -> bool:
    return now_us >= before.at_us + (HOUR_US if before.doubted_us is not None else EVERY_US)


def _judged(before: Proven, found: Proven) -> Proven:
    """What a look means after the one before; what nobody can say changes nothing."""
    if found.passed:
        return found
    if found.unclear:
        return replace(found, passed=True, doubted_us=before.doubted_us)
    if before.doubted_us is None:
        return replace(found, passed=True, doubted_us=found.at_us)
    return replace(found, doubted_us=before.doubted_us)


def _keep(settings: Settings, before: Proven, options: SmtpSettings, found: Proven) -> bool:
    """Keep it, unless somebody looked or set something while the DNS was asked; whether it was kept."""
    from holdfast.store import audit, message_settings, sql, staff

    with sql.short_write():
        if message_settings.proven(settings) != before or smtp(settings) != options:
            return False
        message_settings.note_proven(settings, found)
        if not found.passed:
            for person in staff.colleagues(settings):
                if person.role == "admin":
                    _tell(settings, person, found)
            audit.note(
                settings,
                who=None,
                did="setting.changed",
                about="setting:safe_mode",
                details={"domain": found.domain, "safe_mode": True},
                now_us=found.at_us,
            )
    return True


def _tell(settings: Settings, person: Colleague, found: Proven) -> None:
    """Ask for a mail to an administrator: safe mode lets it go, as it lets all to our own people."""
    from holdfast.domain.sender_domain import FINDING_WORDS, PROOF_NAMES
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.language import Reader, preferred
    from holdfast.language.letters import Line, Part, Way, letter
    from holdfast.services.act.setting_up import findings_of
    from holdfast.store import message_settings, outbox

    base = message_settings.public_url(settings)
    reader = Reader(person.language or preferred(""), settings.zone)
    subject = reader.say(Text("{domain} does not pass any more: safe mode is on", domain=found.domain))
    wrong = [
        Line(f"{PROOF_NAMES[each.proof]}: {reader.say(FINDING_WORDS[each.code])}")
        for each in findings_of(found)
        if not each.passed
    ]
    parts: list[Part] = [
        Line(reader.say(_WHAT)),
        *wrong,
        Line(reader.say(_WHAT_NEXT)),
        Way(reader.gettext("Look at the domain"), f"{base}/settings/messages#domain" if base else ""),
    ]
    written = letter(reader, subject, parts, company=settings.name, why=_WHY)
    wanted = TouchRequest(
        f"safe mode again {found.at_us} to {person.id}",
        "staff",
        "email",
        Recipient(person.email, person_id=person.id),
        subject,
        written.text,
        written.html,
        language=reader.code,
        asked_by="Holdfast",
    )
    outbox.ask(settings, wanted, now_us=found.at_us)


_WHAT = Text(
    "Twice, an hour apart, the DNS did not say what receivers want of a domain that sends. Mails to "
    "customers wait since then, so that none is taken for forged."
)
_WHAT_NEXT = Text(
    "Put the records right where your domain is administered, then look at the domain on the page of "
    "sending. When it passes, safe mode ends and what waits goes out."
)
