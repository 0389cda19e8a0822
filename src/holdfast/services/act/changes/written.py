"""A change of ours as it stands in a file, and as commands tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from holdfast.domain.changes import CHANGE_KINDS
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.changes.progress import Progress, Standing
from holdfast.store.changes import Said

MOST_CHARACTERS = 500_000
_TEXTS = ("title", "about", "wish")
_DAYS = ("effect_on", "notice_on")
FIELDS = ("kind", *_TEXTS, *_DAYS, "rule", "words")


def read(written: str) -> Said:
    """The change of a JSON text. Refuses what is none ("bad_change")."""
    try:
        given = json.loads(written[: MOST_CHARACTERS + 1])
    except (ValueError, RecursionError) as error:
        raise _bad(Text("It is not JSON ({error}).", error=str(error)[:200])) from error
    if not isinstance(given, dict):
        raise _bad(Text("It is no object."))
    if unknown := sorted(set(given) - set(FIELDS)):
        raise _bad(Text("Nothing is called {key} here.", key=unknown[0][:40]))
    kind = given.get("kind")
    if kind not in CHANGE_KINDS:
        raise _bad(Text("There is no kind {kind}.", kind=str(kind)[:40]))
    title, about, wish = (_text(given, name) for name in _TEXTS)
    effect, notice = (_day(given, name) for name in _DAYS)
    rule = given.get("rule")
    if rule is not None and not isinstance(rule, dict):
        raise _bad(Text("{name} is not what it should be.", name="rule"))
    return Said(kind, title, about, effect, notice, rule, wish, _words(given.get("words", {})))


def answer(found: Standing, currency: str, came: Progress | None = None) -> dict[str, Any]:
    """A change as a command answers with it."""
    kept, counted = found.change, found.concerned
    told: dict[str, Any] = {
        "key": kept.key,
        "kind": kept.kind,
        "title": kept.title,
        "effect_on": kept.effect_on.isoformat() if kept.effect_on else None,
        "notice_on": kept.notice_on.isoformat() if kept.notice_on else None,
        "stage": found.stage,
        "days_late": found.late,
        "play": kept.play_key,
        "concerned": counted.customers,
        "yearly": Money(counted.yearly_minor, currency or NO_CURRENCY).amount,
        "told": counted.told,
    }
    if came is None:
        return told
    return told | {
        "about": kept.about,
        "wish": kept.wish,
        "rule": kept.rule,
        "words": kept.words,
        "answered": came.answered,
        "complained": came.complained,
        "left": came.left,
        "left_untold": came.left_untold,
        "held": [{"code": each.code, "customers": each.customers} for each in came.held],
    }


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise _bad(Text("{name} is not what it should be.", name=name))
    return value


def _day(given: Mapping[str, Any], name: str) -> date | None:
    value = given.get(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _bad(Text("{name} is not what it should be.", name=name)) from error


def _words(given: object) -> dict[str, dict[str, str]]:
    fits = isinstance(given, dict) and all(
        isinstance(said, dict) and all(isinstance(text, str) for text in said.values())
        for said in given.values()
    )
    if not fits:
        raise _bad(Text("{name} is not what it should be.", name="words"))
    return {str(code): dict(said) for code, said in given.items()}  # type: ignore[attr-defined]


def _bad(found: Text) -> Refusal:
    return Refusal(
        "bad_change",
        found=found,
        expected=Text(
            "An object with {names}; days such as 2026-03-01, a kind that is one of {kinds}.",
            names=", ".join(FIELDS),
            kinds=", ".join(CHANGE_KINDS),
        ),
        remedy=Text("Mend that; nothing was changed."),
    )
