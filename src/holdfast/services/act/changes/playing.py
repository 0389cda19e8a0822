"""The play that tells a change: the ready one of its kind, filled with its words, sent to its list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from holdfast.domain.changes import KINDS, filled
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.changes.entering import today, was_launched
from holdfast.services.act.plays import define
from holdfast.services.act.plays.adopting import adopted
from holdfast.services.act.plays.twice import begins_with
from holdfast.services.act.plays.written import written_as
from holdfast.settings import Settings
from holdfast.store import changes, plays
from holdfast.store.changes import KeptChange
from holdfast.store.plays import KeptPlay

AT = "09:00"
"""When a notice goes out on its day, by the clock of the workspace."""


def make_play(
    settings: Settings,
    kept: KeptChange,
    language: str,
    say: Callable[[Text], str],
    *,
    by: str,
    now: datetime,
) -> KeptPlay:
    """Write the play of a change as a draft, or write the draft anew; nothing of it runs yet.

    Refuses a change without a list of customers ("nobody_concerned") and one that is launched
    ("was_launched").
    """
    from holdfast.store.changes_counted import Concerned, counts

    if not counts(settings).get(kept.key, Concerned()).customers:
        raise Refusal(
            "nobody_concerned",
            found=Text("The list of customers is empty."),
            expected=Text("Somebody whom it concerns."),
            remedy=Text("Say whom it concerns and find them, then make the play; nothing was changed."),
        )
    if was_launched(settings, kept):
        raise Refusal(
            "was_launched",
            found=Text("Its play was launched: customers are told of it."),
            expected=Text("A play that nobody has launched yet."),
            remedy=Text("Change the play itself; nothing was changed."),
        )
    ready = adopted(settings, KINDS[kept.kind].ready, language, say, made_by=by, now=now)
    content = _content(settings, kept, written_as(ready), language, today(settings, now))
    made, _ = define.take(settings, content, by=by, now=now)
    changes.set_play(settings, kept.id, made.key)
    return made


def play_key(settings: Settings, kept: KeptChange) -> str:
    """The key of its play: its own, unless another play has that already."""
    if kept.play_key:
        return kept.play_key
    key, number = f"change_{kept.key}"[:70], 2
    chosen = key
    while plays.by_key(settings, chosen) is not None:
        chosen, number = f"{key}_{number}", number + 1
    return chosen


def also_begin(settings: Settings, kept: KeptChange) -> list[str]:
    """Titles of running plays that begin with what a change of this kind says to the event log."""
    code = KINDS[kept.kind].code
    return [
        play.title
        for play, version in (plays.running(settings) if code else ())
        if begins_with(define.ready_of(version).play.trigger, code)
    ]


def _content(
    settings: Settings, kept: KeptChange, ready: Mapping[str, Any], language: str, on: date
) -> dict[str, Any]:
    ahead = kept.notice_on is not None and kept.notice_on > on
    at = f"{kept.notice_on.isoformat()}T{AT}" if kept.notice_on is not None and ahead else None
    return {
        **ready,
        "key": play_key(settings, kept),
        "title": kept.title,
        "trigger": {"broadcast": {"at": at}},
        "audience": {"fact": "change", "is": kept.key},
        "re_entry": {"never": True},
        "steps": [_step(each, kept, language) for each in ready["steps"]],
    }


def _step(step: Mapping[str, Any], kept: KeptChange, language: str) -> dict[str, Any]:
    """A step with the words of the change in its message, and above its script."""
    told = dict(step)
    if "content" in told:
        told["content"] = _message(told["content"], kept)
    if "script" in told and (words := _for_us(kept, language)):
        told["script"] = f"{words}\n{told['script']}"
    if "paths" in told:
        told["paths"] = [
            {**path, "steps": [_step(each, kept, language) for each in path["steps"]]}
            for path in told["paths"]
        ]
    if "else" in told:
        told["else"] = [_step(each, kept, language) for each in told["else"]]
    return told


def _message(content: Mapping[str, Mapping[str, str]], kept: KeptChange) -> dict[str, dict[str, str]]:
    """The message in the languages in which the words were written; in all of them where none were."""
    languages = [each for each in content if each in kept.words] or list(content)
    return {
        each: {part: filled(text, _said(kept, each)) for part, text in content[each].items()}
        for each in languages
    }


def _said(kept: KeptChange, language: str) -> dict[str, str]:
    from holdfast.language import day

    said = dict(kept.words.get(language, {}))
    if kept.effect_on is not None:
        said |= dict.fromkeys(KINDS[kept.kind].day_fields, day(kept.effect_on, language))
    return said


def _for_us(kept: KeptChange, language: str) -> str:
    """What our people have before them when they call."""
    words = kept.words.get(language) or next(iter(kept.words.values()), {})
    return "\n".join(words[name] for name in KINDS[kept.kind].fields if words.get(name))
