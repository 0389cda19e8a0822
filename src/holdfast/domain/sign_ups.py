"""Sign-up forms for newsletters: what a form asks, what it says, and how what was typed is read.

Consent is asked for twice: by the form, and by a mail whose link leads to a page with a button. Only who
presses it has agreed. A form says our own words where nobody wrote others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from holdfast.domain.consent import TOPIC_WORDS, TOPICS, Topic
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

Asks = Literal["no", "optional", "needed"]
ASKS: tuple[Asks, ...] = get_args(Asks)
ASK_WORDS: Mapping[Asks, Text] = {
    "no": Text("not asked"),
    "optional": Text("may be left empty"),
    "needed": Text("has to be filled in"),
}

LONGEST_TITLE = 120
LONGEST_LINE = 300
LONGEST_TEXT = 2_000
LONGEST_NAME = 120
LONGEST_EMAIL = 254

VALID_DAYS = 7
"""The link in the mail works for so long."""

MAILS_A_DAY = 3
"""So many mails one address gets in a day, however often somebody enters it."""

_EMAIL = re.compile(r"[^\s@<>\"',;:()]{1,64}@[^\s@<>\"',;:()]{1,185}\.[^\s@<>\"',;:().]{2,63}")


@dataclass(frozen=True, slots=True)
class Words:
    """What a form says in one language; "" is said in our own words.

    ``agree`` is what stands above the button: the words of the consent. ``thanks`` is said once the address
    is confirmed, ``link`` where the page leads on to then.
    """

    heading: str = ""
    intro: str = ""
    agree: str = ""
    button: str = ""
    thanks: str = ""
    link: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not any(getattr(self, each.name) for each in fields(self))


USUAL: Mapping[str, Text] = {
    "heading": Text("News from {company}"),
    "intro": Text("We write when there is something worth reading."),
    "agree": Text("I want to hear from {company} by e-mail. I can unsubscribe with every message."),
    "button": Text("Sign up"),
    "thanks": Text("You are signed up. Thank you."),
}
"""Our own words, of which :func:`said_by` makes what stands on the page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks and says: ``topics`` are agreed to, ``words`` are by language.

    Where the ``language`` is not asked for, or left open, it is that in which the form was read.
    """

    topics: tuple[Topic, ...] = ("news",)
    name: Asks = "optional"
    birthday: Asks = "no"
    words: Mapping[str, Words] = field(default_factory=dict)
    language: Asks = "no"

    def language_for(self, code: str) -> str:
        """In which language the form is shown to who reads ``code``: one that it was written in, if any."""
        return code if code in self.words or not self.words else next(iter(self.words))

    def choice(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Among which of ``languages`` one may choose: those that the form speaks, if there are several."""
        if self.language == "no":
            return ()
        spoken = tuple(each for each in languages if each in self.words or not self.words)
        return spoken if len(spoken) > 1 else ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a form, checked: ``birthday`` is an ISO day or "".

    ``language`` is that which they chose, "" for that of the page.
    """

    email: str
    name: str
    birthday: str
    topics: tuple[Topic, ...]
    language: str = ""


def said_by(words: Words, name: str, company: str, say: Callable[[Text], str]) -> str:
    """What a form says under ``name``: as it was written, else in our own words."""
    written = str(getattr(words, name))
    usual = USUAL.get(name)
    if written or usual is None:
        return written
    return say(Text(usual.msgid, company=company))


def wording(agree: str, topics: Sequence[Topic], say: Callable[[Text], str]) -> str:
    """The words of a consent, as its proof: what stood above the button, and each topic."""
    return "\n".join([agree, *(say(TOPIC_WORDS[each]) for each in topics)])


def parse_asked(written: object) -> Asked:
    """What a form asks, from JSON. Refuses ("bad_form") what is none, and says where."""
    if not isinstance(written, Mapping):
        raise _bad(Text("The form is no object."))
    if unknown := written.keys() - {each.name for each in fields(Asked)}:
        raise _bad(Text("A form has no {name}.", name=", ".join(sorted(map(str, unknown)))))
    topics = written.get("topics", ["news"])
    listed = [each for each in topics if each in TOPICS] if isinstance(topics, list | tuple) else []
    if not listed or len(listed) != len(topics):
        raise _bad(Text("The form does not say which messages it is about."))
    return Asked(
        tuple(each for each in TOPICS if each in listed),
        _asks(written.get("name", "optional")),
        _asks(written.get("birthday", "no")),
        _all_words(written.get("words", {})),
        _asks(written.get("language", "no"), never="needed"),
    )


def asked_as_json(asked: Asked) -> dict[str, Any]:
    """The reverse of :func:`parse_asked`."""
    return {
        "topics": list(asked.topics),
        "name": asked.name,
        "birthday": asked.birthday,
        "language": asked.language,
        "words": {
            code: {each.name: getattr(words, each.name) for each in fields(Words)}
            for code, words in asked.words.items()
        },
    }


def read_typed(
    asked: Asked,
    given: Mapping[str, str],
    topics: Sequence[str],
    today: date,
    languages: Sequence[str] = (),
) -> Typed:
    """What somebody typed. Refuses "bad_address", "no_name", "bad_birthday" and "no_topic".

    ``languages`` are all that pages are written in; one that cannot be chosen is as if none was.
    """
    email = given.get("email", "").strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise _refused(
            "bad_address", Text("This is no e-mail address."), Text("Type it like name@example.com.")
        )
    name = (
        " ".join(given.get("name", "").replace("\0", "").split())[:LONGEST_NAME] if asked.name != "no" else ""
    )
    if asked.name == "needed" and not name:
        raise _refused("no_name", Text("Your name is missing."), Text("Type how we may call you."))
    chosen = tuple(each for each in asked.topics if each in topics) if len(asked.topics) > 1 else asked.topics
    if not chosen:
        raise _refused(
            "no_topic", Text("Nothing is chosen."), Text("Choose at least one thing that you want to hear.")
        )
    language = given.get("language", "")
    return Typed(
        email,
        name,
        _birthday(asked, given.get("birthday", "").strip(), today),
        chosen,
        language if language in asked.choice(languages) else "",
    )


def _birthday(asked: Asked, written: str, today: date) -> str:
    if asked.birthday == "no" or (not written and asked.birthday == "optional"):
        return ""
    try:
        born = date.fromisoformat(written)
    except ValueError:
        born = None
    if born is None or not date(1900, 1, 1) <= born <= today:
        raise _refused("bad_birthday", Text("This is no birthday."), Text("Type it like 1990-03-21."))
    return born.isoformat()


def _asks(written: object, never: str = "") -> Asks:
    if written not in ASKS or written == never:
        raise _bad(Text("{value} is no way to ask.", value=str(written)[:40]))
    return written


def _all_words(written: object) -> dict[str, Words]:
    if not isinstance(written, Mapping) or len(written) > 40:
        raise _bad(Text("The words of the form are no object."))
    found = {str(code)[:12]: _words(each) for code, each in written.items()}
    return {code: words for code, words in found.items() if not words.is_empty}


def _words(written: object) -> Words:
    names = [each.name for each in fields(Words)]
    if not isinstance(written, Mapping) or written.keys() - set(names):
        raise _bad(Text("The words of the form are no object."))
    found = {name: _line(name, written.get(name, "")) for name in names}
    if found["link"] and urlsplit(found["link"]).scheme not in ("http", "https"):
        raise _bad(Text("{value} is no address of a page.", value=found["link"][:60]))
    return Words(**found)


def _line(name: str, written: object) -> str:
    longest = LONGEST_TEXT if name in ("intro", "agree", "thanks") else LONGEST_LINE
    if not isinstance(written, str) or len(written) > longest or "\0" in written:
        raise _bad(Text("The words are no text, or too long: at most {n} characters.", n=longest))
    return written.replace("\r\n", "\n").strip()


def _bad(found: Text) -> Refusal:
    return Refusal(
        "bad_form",
        found=found,
        expected=Text("Topics, what is asked, and words by language."),
        remedy=Text("Mend it; nothing was changed."),
    )


def _refused(code: str, found: Text, remedy: Text) -> Refusal:
    return Refusal(code, found=found, expected=remedy, remedy=remedy)
