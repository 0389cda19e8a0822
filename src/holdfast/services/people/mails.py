"""Mails to our own people about their sign-in: asked for in the reader's language, in plain words.

Each is asked for inside the transaction of what it tells of. Where mail is not set up none is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.language import Reader, languages
from holdfast.settings import Settings
from holdfast.store import channel_settings, outbox
from holdfast.store.people import Person


def are_set_up(settings: Settings) -> bool:
    """Whether mails go out from this workspace: what is only known to be in trouble was never set."""
    known = channel_settings.read(settings, "email")
    return known is not None and bool(known.options)


def reader_of(settings: Settings, language: str) -> Reader:
    """Who reads in ``language``; in English where it is none."""
    return Reader(language if language in languages() else "en", settings.zone)


def invitation(
    settings: Settings,
    *,
    number: int,
    to: str,
    inviter: str,
    link: str,
    ends: str,
    reader: Reader,
    now_us: int,
) -> bool:
    """Ask for the mail of an invitation; whether it goes out."""
    if not are_set_up(settings):
        return False
    asked = (
        Text("{who} asks you to join {company} in Holdfast.", who=inviter, company=settings.name)
        if inviter
        else Text("You are asked to join {company} in Holdfast.", company=settings.name)
    )
    words: list[Text | str] = [
        asked,
        Text("Open this link to choose your password:"),
        link,
        Text("It works once, until {moment}.", moment=ends),
        Text("If you do not know what this is about, do nothing: without the link nobody can join."),
    ]
    subject = Text("Join {company} in Holdfast", company=settings.name)
    _ask(settings, f"invitation {number}", Recipient(to), subject, words, reader, now_us=now_us, secret=True)
    return True


def new_password(settings: Settings, person: Person, *, number: int, link: str, now_us: int) -> bool:
    """Ask for the mail with a link to a new password; whether it goes out."""
    if not are_set_up(settings):
        return False
    words: list[Text | str] = [
        Text("Somebody asked for a new password for your sign-in at {company}.", company=settings.name),
        Text("Open this link to choose one:"),
        link,
        Text("It works once, for an hour."),
        Text("If it was not you, do nothing: your password stays as it is."),
    ]
    subject = Text("A new password for {company}", company=settings.name)
    to = Recipient(person.email, person_id=person.id)
    reader = reader_of(settings, person.language)
    _ask(settings, f"new password {number}", to, subject, words, reader, now_us=now_us, secret=True)
    return True


def changed(settings: Settings, person: Person, what: Text, *, now_us: int) -> None:
    """Tell somebody what changed about their sign-in, so that they notice when it was not them."""
    if not are_set_up(settings):
        return
    words = [
        what,
        Text("If it was not you, tell whoever runs Holdfast at {company} at once.", company=settings.name),
    ]
    subject = Text("Your sign-in at {company} was changed", company=settings.name)
    to = Recipient(person.email, person_id=person.id)
    reader = reader_of(settings, person.language)
    _ask(settings, f"sign-in changed {person.id} {now_us}", to, subject, words, reader, now_us=now_us)


def _ask(
    settings: Settings,
    key: str,
    to: Recipient,
    subject: Text,
    words: Sequence[Text | str],
    reader: Reader,
    *,
    now_us: int,
    secret: bool = False,
) -> None:
    said = [(each if isinstance(each, str) else reader.say(each)) for each in words]
    wanted = TouchRequest(
        key,
        "staff",
        "email",
        to,
        " ".join(reader.say(subject).split()),
        "\n\n".join(said) + "\n",
        _as_html(said, reader),
        language=reader.language.code,
        asked_by="holdfast",
        secret=secret,
    )
    outbox.ask(settings, wanted, now_us=now_us)


def _as_html(said: Sequence[str], reader: Reader) -> str:
    """Paragraphs; a link alone in its own is one that can be pressed."""
    paragraphs = "\n".join(
        f'<p dir="ltr"><a href="{escape(each)}">{escape(each)}</a></p>'
        if each.startswith(("https://", "http://"))
        else f"<p>{escape(each)}</p>"
        for each in said
    )
    language = reader.language
    return (
        f'<!doctype html><html lang="{language.tag}" dir="{language.direction}">'
        f'<meta charset="utf-8"><body>\n{paragraphs}\n</body></html>'
    )
