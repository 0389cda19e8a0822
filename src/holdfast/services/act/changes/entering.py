"""Changes of ours as people enter, change and delete them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from holdfast.domain.changes import CHANGE_KINDS, KINDS, LONGEST_TITLE, LONGEST_WORDS, proposed_notice
from holdfast.domain.merge_fields import problems
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import as_json, parse
from holdfast.settings import Settings
from holdfast.store import changes
from holdfast.store.changes import KeptChange, Said

MOST = 500
LONGEST_KEY = 50


def today(settings: Settings, now: datetime) -> date:
    """The day of the workspace."""
    return settings.now(now).astimezone(settings.zone).date()


def enter(settings: Settings, said: Said, *, by: str, now: datetime) -> KeptChange:
    """Keep a new change. Refuses what is none ("bad_change"), and a rule that cannot be used."""
    said = checked(settings, said, now)
    kept = changes.listed(settings)
    if len(kept) >= MOST:
        raise _bad(Text("There are {n} changes already.", n=len(kept)), Text("At most {n}.", n=MOST))
    taken = {each.key for each in kept}
    key, number = _slug(said.title), 2
    chosen = key
    while chosen in taken:
        chosen, number = f"{key}-{number}", number + 1
    changes.add(settings, chosen, said, by=by, now_us=microseconds(settings.now(now)))
    return find(settings, chosen)


def correct(settings: Settings, kept: KeptChange, said: Said, *, read_us: int, now: datetime) -> KeptChange:
    """Change what is said of it. Refuses as :func:`enter`, and where somebody was quicker ("moved_on").

    A play that was made of it stays as it is: it is written anew only when that is asked for.
    """
    said = checked(settings, said, now)
    now_us = microseconds(settings.now(now))
    if not changes.change(settings, kept.id, said, read_us=read_us, now_us=now_us):
        raise Refusal(
            "moved_on",
            found=Text("Somebody changed it meanwhile."),
            expected=Text("A change to what is there now."),
            remedy=Text("Look at it again, and make your change there; nothing was changed."),
        )
    return find(settings, kept.key)


def delete(settings: Settings, kept: KeptChange) -> None:
    """Forget a change. Refuses one of which customers were told ("was_launched")."""
    if was_launched(settings, kept):
        raise Refusal(
            "was_launched",
            found=Text("Its play was launched: customers are told of it."),
            expected=Text("A change of which nobody was told."),
            remedy=Text("End the play instead; what happened stays to be seen."),
        )
    changes.delete(settings, kept)


def was_launched(settings: Settings, kept: KeptChange) -> bool:
    """Whether the play that tells it was ever launched."""
    from holdfast.store import plays

    found = plays.by_key(settings, kept.play_key) if kept.play_key else None
    return found is not None and found.launched_us is not None


def find(settings: Settings, key: str) -> KeptChange:
    """The change of a key. Refuses one there is not ("no_such_change")."""
    found = changes.by_key(settings, key)
    if found is None:
        raise Refusal(
            "no_such_change",
            found=Text("There is no change {key}.", key=key[:80]),
            expected=Text("The key of a change, as the list of changes shows it."),
            remedy=Text("Look at the list; nothing was changed."),
        )
    return found


def checked(settings: Settings, said: Said, now: datetime) -> Said:
    """The same, tidied and with a day for the notice. Refuses what is wrong with it."""
    title = " ".join(said.title.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise _bad(
            Text("The change has no title, or one that is too long."),
            Text("A title of 1 to {n} characters.", n=LONGEST_TITLE),
        )
    if said.kind not in CHANGE_KINDS:
        kinds = ", ".join(CHANGE_KINDS)
        raise _bad(
            Text("There is no kind {kind}.", kind=str(said.kind)[:40]), Text("One of: {names}.", names=kinds)
        )
    if KINDS[said.kind].needs_day and said.effect_on is None:
        raise _bad(
            Text("It is not said when it takes effect."), Text("A day: customers are told of it before that.")
        )
    notice = said.notice_on or proposed_notice(said.kind, said.effect_on, today(settings, now))
    if said.effect_on is not None and notice > said.effect_on and KINDS[said.kind].needs_day:
        raise _bad(
            Text("Customers would hear of it after it takes effect."),
            Text("A notice on {day} or before.", day=said.effect_on),
        )
    return replace(
        said,
        title=title,
        about=" ".join(said.about.split())[:LONGEST_TITLE],
        wish=" ".join(said.wish.split()),
        notice_on=notice,
        rule=_rule(settings, said.rule, now),
        words=_words(said),
    )


def _rule(settings: Settings, rule: Mapping[str, Any] | None, now: datetime) -> Mapping[str, Any] | None:
    from holdfast.services.collect.segments.rules import check_rule

    if rule is None:
        return None
    tree = parse(rule)
    check_rule(settings, tree, microseconds(now))
    return as_json(tree)


def _words(said: Said) -> dict[str, dict[str, str]]:
    """What was written, without what is empty. Refuses unknown fields, too much, and half a merge field."""
    fields = KINDS[said.kind].fields
    found: dict[str, dict[str, str]] = {}
    for language, words in said.words.items():
        if not re.fullmatch(r"[a-z]{2,3}", language):
            raise _bad(
                Text("“{language}” is no language.", language=language[:20]), Text("A code such as en or fa.")
            )
        for name, written in words.items():
            text = written.replace("\r\n", "\n").strip()
            if name not in fields:
                raise _bad(
                    Text("There are no words {name} for this kind of change.", name=name[:40]),
                    Text("One of: {names}.", names=", ".join(fields)),
                )
            if len(text) > LONGEST_WORDS:
                raise _bad(
                    Text("The words have {n} characters.", n=len(text)),
                    Text("At most {n}.", n=LONGEST_WORDS),
                )
            if broken := problems(text):
                raise _bad(
                    broken[0].words,
                    Text("Words, perhaps with fields such as {field}.", field="{{ name | … }}"),
                )
            if text:
                found.setdefault(language, {})[name] = text
    return found


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:LONGEST_KEY].strip("-") or "change"


def _bad(found: Text, expected: Text) -> Refusal:
    return Refusal(
        "bad_change", found=found, expected=expected, remedy=Text("Mend that; nothing was changed.")
    )
