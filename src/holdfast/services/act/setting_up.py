"""How mails leave: the server, the key that signs, what the domain's DNS says, and a mail to oneself.

Safe mode ends when the sender's domain has passed SPF, DKIM and DMARC, and begins again when another
domain, server or key is set: that one has proved nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin

from holdfast.channels import email
from holdfast.channels._dkim import new_key, public_record
from holdfast.channels.contract import kept_of, kind_of, secret_names, settings_of
from holdfast.channels.email import SmtpSettings
from holdfast.domain.refusals import Refusal
from holdfast.domain.sender_domain import Finding, Sender, all_passed, look
from holdfast.domain.spf import Ask
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchChannel, TouchRequest
from holdfast.domain.written_numbers import latin_digits
from holdfast.settings import Settings
from holdfast.store.message_settings import Proven

Shape = Literal["text", "number", "choice", "secret"]

EMAIL: TouchChannel = "email"
_OF_THE_KEY = ("dkim_domain", "dkim_selector", "dkim_key")
"""Set by :func:`make_key`, not typed."""

CHOICE_WORDS: Mapping[str, Text] = {
    "starttls": Text("STARTTLS"),
    "tls": Text("TLS"),
    "none": Text("none"),
}


@dataclass(frozen=True, slots=True)
class SmtpField:
    """A field of the form; ``kept`` says of a secret that there is one already."""

    name: str
    label: Text
    hint: Text | None
    shape: Shape
    value: str
    choices: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """The key that signs: under ``name`` the DNS has to say ``record``."""

    domain: str
    selector: str
    name: str
    record: str


def smtp(settings: Settings) -> SmtpSettings | None:
    """How mails leave; ``None`` before anybody said it. Refuses ("sealed_elsewhere")."""
    from holdfast.store import channel_settings

    kept = channel_settings.read(settings, EMAIL)
    if kept is None:
        return None
    made: SmtpSettings = settings_of(SmtpSettings, kept.options, kept.secrets)
    return made


def form(settings: Settings, typed: Mapping[str, str] | None = None) -> list[SmtpField]:
    """The fields of the form, as typed, else as kept, else as they are without."""
    kept = smtp(settings) or SmtpSettings()
    return [_field(each, kept, typed or {}) for each in fields(SmtpSettings) if each.name not in _OF_THE_KEY]


def set_smtp(settings: Settings, typed: Mapping[str, str], *, now_us: int) -> tuple[str, ...]:
    """Keep how mails leave; the names of fields that mean nothing as they were typed, then nothing is kept.

    A secret that was left empty stays what it was.
    """
    before = smtp(settings) or SmtpSettings()
    values, wrong = _read(typed, before)
    if wrong:
        return wrong
    after = replace(before, **values)
    if wrong := tuple(email.check(after)):
        return wrong
    _write(settings, before, after, now_us)
    return ()


def make_key(settings: Settings, *, now_us: int) -> Key:
    """Make a new key that signs from now on; the one before is forgotten.

    Refuses ("no_mail_server") before the server and the sender's address are set.
    """
    from datetime import UTC, datetime

    before = _set_up(settings)
    day = datetime.fromtimestamp(now_us / 1_000_000, UTC)
    selector = f"holdfast-{day:%Y%m%d}"
    if before.dkim_selector == selector:  # the DNS may still hold the first of the day
        selector += f"-{day:%H%M%S}"
    after = replace(
        before, dkim_domain=email.domain_of(before), dkim_selector=selector, dkim_key=new_key("rsa")
    )
    _write(settings, before, after, now_us)
    made = key(settings)
    assert made is not None  # noqa: S101  (it was just written)
    return made


def key(settings: Settings) -> Key | None:
    """The key that signs; ``None`` before one was made."""
    options = smtp(settings)
    if options is None or not options.dkim_selector:
        return None
    domain = options.dkim_domain or email.domain_of(options)
    name = f"{options.dkim_selector}._domainkey.{domain}"
    return Key(domain, options.dkim_selector, name, public_record(options.dkim_key))


def check_domain(settings: Settings, ask: Ask, *, now_us: int) -> Proven:
    """Ask the DNS about the sender's domain, and keep what it says; where all is well, safe mode ends.

    Where safe mode has ended it stays so while the DNS does not answer. What was set anew while it was
    asked has proved nothing. Refuses ("no_mail_server").
    """
    from holdfast.store import message_settings, sql

    options = _set_up(settings)
    before = message_settings.proven(settings)
    found = ask_dns(settings, ask, now_us=now_us)
    passed = found.passed or (found.unclear and before is not None and before.passed)
    with sql.short_write():
        found = replace(found, passed=passed and smtp(settings) == options)
        message_settings.note_proven(settings, found)
    return found


def ask_dns(settings: Settings, ask: Ask, *, now_us: int) -> Proven:
    """What the DNS says about the sender's domain; nothing is kept. Refuses ("no_mail_server")."""
    from holdfast.store import message_settings

    options = _set_up(settings)
    domain, made = email.domain_of(options), key(settings)
    signs = made is not None and made.domain == domain
    sender = Sender(
        domain,
        options.host,
        message_settings.senders(settings),
        made.selector if made is not None and signs else "",
        made.record if made is not None and signs else "",
    )
    findings = look(sender, ask)
    return Proven(domain, now_us, all_passed(findings), {each.proof: each.as_json() for each in findings})


def findings_of(proven: Proven) -> Sequence[Finding]:
    """What a look found, proof by proof."""
    from holdfast.domain.sender_domain import PROOFS, finding_from

    return [finding_from(proof, proven.findings[proof]) for proof in PROOFS if proof in proven.findings]


def ask_for_test(
    settings: Settings, *, to: str, person_id: int, subject: str, text: str, language: str, now_us: int
) -> int:
    """Ask for a mail to one of us, who tries whether mails arrive; the number of its touch.

    Refuses ("no_mail_server") before the server is set.
    """
    from holdfast.store import outbox

    _set_up(settings)
    wanted = TouchRequest(
        key=f"test mail {person_id} {now_us}",
        purpose="staff",
        channel=EMAIL,
        to=Recipient(to, person_id=person_id),
        subject=subject,
        text=text,
        language=language,
        asked_by=to,
    )
    touch_id = outbox.ask(settings, wanted, now_us=now_us)
    assert touch_id is not None  # noqa: S101  (no two tests in one microsecond)
    return touch_id


def _set_up(settings: Settings) -> SmtpSettings:
    options = smtp(settings)
    if options is None or not options.host or not options.from_address:
        raise Refusal(
            "no_mail_server",
            found=Text("Nobody has said yet how mails leave."),
            expected=Text("A mail server, and the address that mails come from."),
            remedy=Text("Fill in the form of the mail server first."),
        )
    return options


def _write(settings: Settings, before: SmtpSettings, after: SmtpSettings, now_us: int) -> None:
    from holdfast.store import channel_settings, message_settings, sql

    options, secrets = kept_of(after)
    another = any(
        getattr(before, name) != getattr(after, name) for name in ("host", "dkim_selector", "dkim_domain")
    )
    with sql.short_write():
        channel_settings.write(settings, EMAIL, options, secrets, now_us=now_us)
        if another or email.domain_of(before) != email.domain_of(after):
            message_settings.into_safe_mode(settings)


def _field(declared: Any, kept: SmtpSettings, typed: Mapping[str, str]) -> SmtpField:
    name, kind = declared.name, kind_of(SmtpSettings, declared.name)
    secret = name in secret_names(SmtpSettings)
    shape: Shape = "secret" if secret else "number" if kind is int else "text"
    choices: tuple[str, ...] = ()
    if get_origin(kind) is Literal:
        shape, choices = "choice", tuple(str(each) for each in get_args(kind))
    now = "" if secret else str(getattr(kept, name))
    return SmtpField(
        name,
        declared.metadata["label"],
        declared.metadata["hint"],
        shape,
        "" if secret else typed.get(name, now),
        choices,
        secret and bool(getattr(kept, name)),
    )


def _read(typed: Mapping[str, str], before: SmtpSettings) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What was typed, by the types of the fields; and which of it is none."""
    values: dict[str, Any] = {}
    wrong = []
    for each in fields(SmtpSettings):
        if each.name in _OF_THE_KEY or each.name not in typed or each.default is MISSING:
            continue
        kind, written = kind_of(SmtpSettings, each.name), typed[each.name].strip()
        if each.name in secret_names(SmtpSettings):
            values[each.name] = typed[each.name] or getattr(before, each.name)
        elif kind is int:
            written = latin_digits(written)
            if written.isascii() and written.isdigit() and len(written) < _LONGEST_NUMBER:
                values[each.name] = int(written)
            else:
                wrong.append(each.name)
        elif get_origin(kind) is Literal and written not in get_args(kind):
            wrong.append(each.name)
        else:
            values[each.name] = written
    return values, tuple(wrong)


_LONGEST_NUMBER = 9
