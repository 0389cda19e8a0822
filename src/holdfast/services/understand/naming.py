"""What a workspace calls things: causes in each language, causes of its own, competitors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.text.taxonomy import causes as listed_causes

if TYPE_CHECKING:
    from holdfast.settings import Settings

LONGEST_NAME = 80
MOST_COMPETITORS = 300
"""Each is looked for in each text."""


def rename(settings: Settings, cause: str, names: Mapping[str, str], *, by: str, now_us: int) -> None:
    """Call a cause otherwise; a language with an empty name is called as the list does. Its id stays.

    Refuses a cause that is not there ("no_such_cause") and a name that is too long ("bad_name").
    """
    from holdfast.store import own_words

    found = own_words.causes(settings).get(cause)
    if found is None:
        raise _no_such_cause(cause)
    listed = {each.id: each.names for each in listed_causes()}.get(cause, {})
    clean = {code: _name(name) for code, name in names.items() if name.strip()}
    own = {code: name for code, name in clean.items() if name != listed.get(code)}
    if found.added and not own:
        raise _bad_name("")
    own_words.keep_cause(settings, replace(found, names=own), by=by, now_us=now_us)


def add(settings: Settings, name: str, group: str, *, language: str, by: str, now_us: int) -> str:
    """Add a cause; its id, which is made of the name and stays whatever it will be called.

    Refuses a name that is empty, too long or taken ("bad_name"), and a group that is not there
    ("no_such_group").
    """
    from holdfast.store import own_words

    known, called = own_words.causes(settings), _name(name)
    if not called or any(called in each.names.values() for each in known.values()):
        raise _bad_name(called)
    if group not in own_words.groups():
        raise Refusal(
            "no_such_group",
            found=Text('"{name}" is no group of causes.', name=group[:40]),
            expected=Text("One of the groups of the list."),
            remedy=Text("Choose one and try again."),
        )
    made = _id(called, taken=set(known))
    cause = own_words.OwnCause(made, group, "", {language: called}, added=True)
    own_words.keep_cause(settings, cause, by=by, now_us=now_us)
    return made


def add_competitor(settings: Settings, name: str, *, by: str, now_us: int) -> None:
    """Remember a competitor. Refuses a name that is empty, too long or there already ("bad_name")."""
    from holdfast.store import own_words

    called = _name(name)
    known = [each.name.casefold() for each in own_words.competitors(settings)]
    if not called or called.casefold() in known or len(known) >= MOST_COMPETITORS:
        raise _bad_name(called)
    own_words.add_competitor(settings, called, by=by, now_us=now_us)


def _name(written: str) -> str:
    name = " ".join(written.replace("\x00", "").split())
    if len(name) > LONGEST_NAME:
        raise _bad_name(name)
    return name


def _id(name: str, taken: set[str]) -> str:
    """Letters of the name that every system takes, with a number where it is taken or there are none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = "own_" + (re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "cause")
    number = 1
    while (chosen := made if number == 1 else f"{made}_{number}") in taken:
        number += 1
    return chosen


def _no_such_cause(cause: str) -> Refusal:
    return Refusal(
        "no_such_cause",
        found=Text('No cause is called "{name}".', name=cause[:60]),
        expected=Text("The id of a cause of the list, or of one that was added."),
        remedy=Text("Look at the list of causes."),
    )


def _bad_name(name: str) -> Refusal:
    return Refusal(
        "bad_name",
        found=Text('"{name}" is empty, too long, or there already.', name=name[:LONGEST_NAME]),
        expected=Text("A name of 1 to {most} characters that is not taken.", most=LONGEST_NAME),
        remedy=Text("Choose another one."),
    )
