"""Making, changing and deleting segments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from holdfast.domain.expression import Expression, segments_in
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import as_json, parse
from holdfast.services.collect.segments.moments import moment_of
from holdfast.services.collect.segments.rules import check_rule, rules_of
from holdfast.store import ideal_customers, segments

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.segments import KeptSegment

LONGEST_TITLE = 100
LONGEST_KEY = 60
MOST = 500
"""So many segments at most: each is looked at whenever a customer is touched."""


def create(
    settings: Settings,
    title: str,
    rule: Expression,
    *,
    made_by: str = "",
    now_us: int,
    key: str = "",
    ready: str = "",
) -> KeptSegment:
    """Make a segment; who meets it is looked up next (:func:`..refresh.refresh_all`).

    The key is made of the title where none is given. Refuses a title that is none or taken
    (``bad_title``), a rule that cannot be used here, and more segments than are looked at live.
    """
    title = _title(title)
    check_rule(settings, rule, now_us)
    kept = segments.listed(settings)
    if len(kept) >= MOST:
        raise _refusal("too_many_segments", Text("There are {n} segments already.", n=len(kept)))
    if any(each.title.casefold() == title.casefold() for each in kept):
        raise _refusal("bad_title", Text("A segment is called {title} already.", title=title))
    taken = {each.key for each in kept}
    made_us = moment_of(settings, now_us).now_us
    chosen = _free(slug(key or title), taken)
    segments.save(settings, chosen, title, as_json(rule), ready=ready, made_by=made_by, now_us=made_us)
    return find(settings, chosen)


def change(settings: Settings, key: str, title: str, rule: Expression, *, now_us: int) -> KeptSegment:
    """Give a segment another title or rule; refuses like :func:`create`, and a circle."""
    segment, title = find(settings, key), _title(title)
    check_rule(settings, rule, now_us, key=key)
    others = (each for each in segments.listed(settings) if each.key != key)
    if any(each.title.casefold() == title.casefold() for each in others):
        raise _refusal("bad_title", Text("A segment is called {title} already.", title=title))
    segments.change(settings, segment.id, title, as_json(rule), now_us=now_us)
    return find(settings, key)


def delete(settings: Settings, key: str, *, now_us: int) -> None:
    """Delete a segment; for a month it can be brought back.

    Refused (``segment_in_use``) while another rule asks for it.
    """
    segment = find(settings, key)
    titles = {each.key: each.title for each in segments.listed(settings)}
    users = [titles[other] for other, rule in rules_of(settings).items() if key in segments_in(rule)]
    if ideal_customers.chosen(settings) == key:
        users.append(str(Text("the ideal customer")))
    if users:
        raise Refusal(
            "segment_in_use",
            found=Text("{title} is asked for by {users}.", title=segment.title, users=users),
            expected=Text("A segment that nothing else stands on."),
            remedy=Text("Change or delete those first; nothing was changed."),
        )
    segments.set_aside(settings, segment.id, now_us=now_us)


def restore(settings: Settings, key: str, *, now_us: int) -> KeptSegment:
    """Bring a deleted segment back with its history; refused (``no_such_segment``) when it was swept.

    Refuses like :func:`create`: in the meantime another may have got its name, or what its rule asks
    for may be gone. Its members are those of before until everybody has been looked at anew.
    """
    deleted = segments.deleted_by_key(settings, key)
    if deleted is not None:
        others = segments.listed(settings)
        if any(each.title.casefold() == deleted.title.casefold() for each in others):
            raise _refusal("bad_title", Text("A segment is called {title} already.", title=deleted.title))
        check_rule(settings, parse(deleted.rule), now_us, key=key)
        segments.bring_back(settings, deleted.id)
    return find(settings, key)


def find(settings: Settings, key: str) -> KeptSegment:
    """The segment of a key, or of a title; refuses (``no_such_segment``) where there is none."""
    segment = segments.by_key(settings, key)
    if segment is not None:
        return segment
    kept = segments.listed(settings)
    for each in kept:
        if each.title.casefold() == key.strip().casefold():
            return each
    raise Refusal(
        "no_such_segment",
        found=Text("No segment is called {name}.", name=key[:LONGEST_TITLE]),
        expected=Text("One of: {names}.", names=", ".join(each.key for each in kept[:30]) or "-"),
        remedy=Text("List them with `holdfast segment list`."),
    )


def _title(written: str) -> str:
    title = " ".join(written.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise _refusal("bad_title", Text("A segment needs a name of 1 to {n} characters.", n=LONGEST_TITLE))
    return title


def slug(title: str) -> str:
    """A title as a key: small letters of any script, digits, hyphens."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:LONGEST_KEY].strip("-") or "segment"


def _free(key: str, taken: set[str]) -> str:
    number = 2
    chosen = key
    while chosen in taken:
        chosen, number = f"{key}-{number}", number + 1
    return chosen


def _refusal(code: str, found: Text) -> Refusal:
    return Refusal(
        code,
        found=found,
        expected=Text("A segment with a name of its own, at most {n} of them.", n=MOST),
        remedy=Text("Choose another name, or delete what nobody uses; nothing was changed."),
    )
