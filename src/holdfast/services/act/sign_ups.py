"""Sign up for news with double opt-in: an address is entered, a mail asks, a button on its page is consent.

Whoever enters an address learns nothing from it: not whether it is known, not whether a mail went. Only the
button makes a customer, or gives a consent to one who is there.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from holdfast.domain.consent import TOPIC_WORDS, TOPICS, Statement, Topic
from holdfast.domain.refusals import Refusal
from holdfast.domain.sign_ups import MAILS_A_DAY, VALID_DAYS, Typed
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.language import Reader
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.live_sources import LiveSource
    from holdfast.store.sign_ups import Form, SignUp

CONFIRM_PATH, FORM_PATH = "/y/", "/f/"
"""Where a link in the mail leads (a token follows), and where a form is (its key follows)."""

SUBSCRIBED = "Subscribed"
SOURCE = "sign-up"
"""The source, and the namespace, of customers who came by a form."""


_DAY_US = 86_400_000_000


def is_ready(settings: Settings) -> bool:
    """Whether a mail that asks can go out, with a link that leads to us."""
    from holdfast.services.people import mails
    from holdfast.store import message_settings

    return bool(message_settings.public_url(settings)) and mails.are_set_up(settings)


def enter(
    settings: Settings, form: Form, typed: Typed, reader: Reader, *, wording: str, visitor: str, now_us: int
) -> None:
    """Keep what somebody typed, and ask for the mail that asks. Refuses ("closed") where none can go out.

    An address gets a few mails a day at most, and one of who was erased none; the answer is the same.
    """
    from holdfast.store import erasure, outbox, sign_ups, sql

    if not form.is_open or not is_ready(settings):
        raise closed()
    if erasure.erased_among(settings, {("email", typed.email)}):
        return
    with sql.short_write():
        if sign_ups.mails_since(settings, typed.email, now_us - _DAY_US) >= MAILS_A_DAY:
            return
        number, token = sign_ups.enter(
            settings,
            form,
            typed,
            language=reader.language.code,
            wording=wording,
            asked_from=visitor,
            now_us=now_us,
        )
        outbox.ask(settings, _mail(settings, number, token, typed, reader, now_us), now_us=now_us)


def closed() -> Refusal:
    """Nobody can sign up by the form now."""
    return Refusal(
        "closed",
        found=Text("Nobody can sign up here now."),
        expected=Text("A form that is open."),
        remedy=Text("Come back later, or write to us."),
    )


def opened(settings: Settings, token: str) -> SignUp | None:
    """What a link in a mail is about; ``None`` for a link that we never wrote, or forgot."""
    from holdfast.store import sign_ups

    return sign_ups.by_token(settings, token)


def confirm(settings: Settings, sign_up: SignUp, *, visitor: str, now_us: int) -> bool:
    """The button was pressed: keep the consent with its proof; whether it was not kept before.

    Refuses ("expired") a link that is too old. Who is reached at the address gets the consent; who is not
    known becomes a customer, a prospect at first. An address that several customers share has it for
    itself.
    """
    from holdfast.store import consent, due, ingest_log, sign_ups, sql

    if sign_up.confirmed_us is not None:
        return False
    if not sign_up.works(now_us):
        raise expired()
    source = _source(settings, now_us)
    while True:
        subject_id, known = _whose(settings, sign_up.email)
        with sql.short_write():
            if not known:
                made = _made(settings, sign_up, source, now_us)
                if made is None:
                    continue  # somebody was erased in this moment: look again
                subject_id = made
            done = sign_ups.settle(
                settings,
                sign_up,
                subject_id=subject_id,
                was_known=known,
                confirmed_from=visitor,
                now_us=now_us,
            )
            if not done:
                return False
            said = [
                consent.Said(subject_id, each, sign_up.address_key)
                for each in _statements(settings, sign_up, visitor, now_us)
            ]
            consent.say(settings, said, now_us=now_us)
            if subject_id:
                ingest_log.append(settings, [_event(settings, sign_up, subject_id, now_us)])
                due.touch(settings, [subject_id], now_us)
        return True


def expired() -> Refusal:
    """The link in the mail is too old."""
    return Refusal(
        "expired",
        found=Text("This link has expired."),
        expected=Text("A link works for {n} day.", "A link works for {n} days.", n=VALID_DAYS),
        remedy=Text("Sign up again: a new mail comes."),
    )


def _whose(settings: Settings, email: str) -> tuple[int, bool]:
    """(a subject, whether anybody is known there): 0 for an address that several customers share."""
    from holdfast.store import identity_live, sign_ups

    held = sign_ups.holders(settings, email)
    units = set(identity_live.units_of(settings, set(held)).values()) if held else set()
    return (held[0] if len(units) == 1 else 0), bool(held)


def _made(settings: Settings, sign_up: SignUp, source: LiveSource, now_us: int) -> int | None:
    """A new customer, told to the base as any source tells it; ``None`` while somebody is being erased."""
    from holdfast.connectors.webhooks import filled
    from holdfast.services.collect.arrive import accept_calls
    from holdfast.store import arriving, erasure

    key = (source.namespace, sign_up.email)
    found = arriving.subject_ids(settings, [key], erasure.sign(settings))
    if found is None:
        return None
    at = datetime.fromtimestamp(now_us / 1_000_000, UTC)
    traits = {
        "email": sign_up.email,
        "name": sign_up.name,
        "birth_date": sign_up.birthday,
        "language": sign_up.language,
        "stage": "prospect",
        "source": SOURCE,
    }
    call = {
        "type": "identify",
        "userId": sign_up.email,
        "traits": filled(traits),
        "timestamp": at.isoformat(),
        "messageId": f"sign-up:{sign_up.id}",
    }
    accept_calls(settings, source, [call], received_us=now_us)
    return found[key]


def _source(settings: Settings, now_us: int) -> LiveSource:
    from holdfast.store import live_sources

    found = live_sources.by_name(settings, SOURCE)
    return found or live_sources.ensure(settings, SOURCE, SOURCE, namespace=SOURCE, now_us=now_us)


def _statements(settings: Settings, sign_up: SignUp, visitor: str, now_us: int) -> list[Statement]:
    from holdfast.store import sign_ups

    form = sign_ups.form(settings, sign_up.form_id)
    key = form.key if form is not None else str(sign_up.form_id)
    asked = datetime.fromtimestamp(sign_up.asked_us // 1_000_000, UTC).isoformat()
    source = (
        f"form {key}, version {sign_up.version}, sign-up {sign_up.id}; "
        f"entered {asked} from {sign_up.asked_from or '?'}, confirmed from {visitor or '?'}"
    )
    return [
        Statement(topic, "email", True, now_us, "form", sign_up.wording, "", source)
        for topic in sign_up.topics
        if topic in TOPICS
    ]


def _event(settings: Settings, sign_up: SignUp, subject_id: int, now_us: int) -> LogEvent:
    from holdfast.store import sign_ups
    from holdfast.store.ingest_log import LogEvent

    form = sign_ups.form(settings, sign_up.form_id)
    key = hashlib.blake2b(f"subscribed {sign_up.id}".encode(), digest_size=16).digest()
    present = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    at_us = min(now_us, int(present.timestamp() * 1_000_000))
    code = form.key if form is not None else ""
    return LogEvent(key, None, subject_id, at_us, now_us, SUBSCRIBED, "holdfast", code=code)


def _mail(
    settings: Settings, number: int, token: str, typed: Typed, reader: Reader, now_us: int
) -> TouchRequest:
    """The mail that asks: service, since it was asked for, and without a word of advertising."""
    from holdfast.store import message_settings

    link = message_settings.public_url(settings) + CONFIRM_PATH + token
    company = settings.name
    said = [
        reader.say(Text("Somebody entered this address to hear from {company}:", company=company)),
        _listed(typed.topics, reader),
        reader.say(Text("If it was you, open this link and press the button:")),
        link,
        reader.say(Text("It works for {n} day.", "It works for {n} days.", n=VALID_DAYS)),
        reader.say(Text("If it was not you, do nothing: you will hear no more of it.")),
    ]
    return TouchRequest(
        f"sign-up {number}",
        "service",
        "email",
        Recipient(typed.email),
        " ".join(reader.say(Text("Do you want to hear from {company}?", company=company)).split()),
        "\n\n".join(said) + "\n",
        _as_html(said, link, reader),
        language=reader.language.code,
        not_after_us=now_us + VALID_DAYS * _DAY_US,
        asked_by="holdfast",
        secret=True,
    )


def _listed(topics: tuple[Topic, ...], reader: Reader) -> str:
    return "\n".join(f"- {reader.say(TOPIC_WORDS[each])}" for each in topics)


def _as_html(said: list[str], link: str, reader: Reader) -> str:
    """Paragraphs; the link alone in its own, to be pressed."""
    paragraphs = "\n".join(
        f'<p dir="ltr"><a href="{escape(each)}">{escape(each)}</a></p>'
        if each == link
        else f"<p>{'<br>'.join(escape(line) for line in each.splitlines())}</p>"
        for each in said
    )
    language = reader.language
    return (
        f'<!doctype html><html lang="{language.tag}" dir="{language.direction}">'
        f'<meta charset="utf-8"><body>\n{paragraphs}\n</body></html>'
    )
