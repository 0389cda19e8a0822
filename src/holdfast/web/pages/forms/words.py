"""Sign-up forms in words: how one does, what it says, and the HTML of it for a website."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from holdfast.domain.consent import TOPIC_WORDS
from holdfast.domain.sign_ups import LONGEST_LINE, LONGEST_TEXT, Asked, Words, said_by
from holdfast.domain.texts import Text
from holdfast.language import Reader, languages
from holdfast.language.languages import written_in
from holdfast.services.act.sign_ups import FORM_PATH
from holdfast.settings import Settings
from holdfast.store import message_settings
from holdfast.store.sign_ups import Counts, Form, SignUp

_LABELS = {
    "heading": Text("Heading"),
    "intro": Text("What they get"),
    "agree": Text("To what they agree"),
    "button": Text("On the button"),
    "thanks": Text("Thanks, once it is confirmed"),
    "link": Text("Where it leads on to then (an address)"),
}
_LONG = frozenset({"intro", "agree", "thanks"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A form in the list: how many entered an address, how many confirmed it, and the share of these."""

    id: int
    title: str
    key: str
    is_open: bool
    asked: str
    confirmed: str
    known: str
    share: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a form says: as it was written, and what is said where nothing is."""

    name: str
    label: str
    value: str
    usual: str
    long: bool
    longest: int


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who entered an address."""

    address: str
    topics: str
    when: str
    confirmed: str
    unit_id: int | None
    was_known: bool


def shown(form: Form, counts: Counts | None, reader: Reader) -> Shown:
    """A form in the list."""
    found = counts or Counts()
    share = reader.share(found.confirmed / found.asked, 0) if found.asked else ""
    return Shown(
        form.id,
        form.title,
        form.key,
        form.is_open,
        reader.number(found.asked),
        reader.number(found.confirmed),
        reader.number(found.known),
        share,
    )


def lines(words: Words, company: str, speaker: Reader, reader: Reader) -> list[Line]:
    """What a form says in the language of ``speaker``, for ``reader`` to change."""
    return [
        Line(
            name,
            reader.say(label),
            getattr(words, name),
            said_by(Words(), name, company, speaker.say),
            name in _LONG,
            LONGEST_TEXT if name in _LONG else LONGEST_LINE,
        )
        for name, label in _LABELS.items()
    ]


def entered(each: SignUp, units: Mapping[int, int], reader: Reader) -> Entered:
    """One who entered an address; the address is masked. ``units`` says who is which customer."""
    return Entered(
        each.shown or reader.gettext("forgotten"),
        reader.list_of(reader.say(words) for topic, words in TOPIC_WORDS.items() if topic in each.topics),
        _moment(each.asked_us, reader),
        "" if each.confirmed_us is None else _moment(each.confirmed_us, reader),
        units.get(each.subject_id or 0),
        each.was_known,
    )


def embedded(settings: Settings, form: Form, reader: Reader) -> str:
    """The form as plain HTML for a website: no script, nothing of ours but where it is sent to."""
    base = message_settings.public_url(settings)
    asked, language = form.asked, reader.language
    words = asked.words.get(reader.code, Words())

    def line(name: str) -> str:
        return escape(said_by(words, name, settings.name, reader.say))

    rows = [
        f'<form method="post" action="{escape(base + FORM_PATH + form.key)}" accept-charset="utf-8" '
        f'lang="{language.tag}" dir="{language.direction}">',
        f'  <input type="hidden" name="lang" value="{escape(reader.code)}">',
        f"  <p hidden><label>{_say(reader, 'Leave this empty')} "
        '<input name="website" tabindex="-1" autocomplete="off"></label></p>',
        f"  <p><label>{_say(reader, 'Your e-mail address')}<br>"
        '<input type="email" name="email" autocomplete="email" maxlength="254" required></label></p>',
    ]
    if asked.name != "no":
        needed = " required" if asked.name == "needed" else ""
        rows.append(
            f"  <p><label>{_say(reader, 'Your name')}<br>"
            f'<input name="name" autocomplete="name" maxlength="120"{needed}></label></p>'
        )
    if asked.birthday != "no":
        needed = " required" if asked.birthday == "needed" else ""
        rows.append(
            f"  <p><label>{_say(reader, 'Your birthday')}<br>"
            f'<input type="date" name="birthday" autocomplete="bday"{needed}></label></p>'
        )
    rows += _choice(asked, reader)
    if len(asked.topics) > 1:
        rows += [
            f'  <p><label><input type="checkbox" name="topic" value="{topic}"> '
            f"{escape(reader.say(TOPIC_WORDS[topic]))}</label></p>"
            for topic in asked.topics
        ]
    rows += [f"  <p>{line('agree')}</p>", f"  <p><button>{line('button')}</button></p>", "</form>"]
    return "\n".join(rows)


def _choice(asked: Asked, reader: Reader) -> list[str]:
    """The choice of a language, the one of the form first of all; nothing where there is no choice."""
    options = [
        f'<option value="{escape(code)}"{" selected" if code == reader.code else ""}>'
        f"{escape(written_in(code).own_name)}</option>"
        for code in asked.choice(languages())
    ]
    if not options:
        return []
    label = _say(reader, "In which language do you want to read us?")
    return [f'  <p><label>{label}<br><select name="language">{"".join(options)}</select></label></p>']


def _say(reader: Reader, message: str) -> str:
    return escape(reader.gettext(message))


def _moment(at_us: int, reader: Reader) -> str:
    return reader.moment(datetime.fromtimestamp(at_us / 1_000_000, UTC))
