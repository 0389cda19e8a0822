"""Signals that people build: made, changed, deleted; each is replayed like every other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, cast

from holdfast import registry
from holdfast.analytics.feature import FeatureFamily
from holdfast.analytics.own_signals import COOLDOWN_DAYS, MOST_COOLDOWN_DAYS, Known, mute_signal, signal_of
from holdfast.analytics.signal import Signal, Tuned
from holdfast.domain.expression import Expression, folded
from holdfast.domain.moments import microseconds
from holdfast.domain.money import NO_CURRENCY, exponent
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import as_json, parse
from holdfast.services.collect.segments.define import slug
from holdfast.services.warn.contradictions import check_rule
from holdfast.store import episodes, signal_settings
from holdfast.store.signal_settings import KeptOwn

if TYPE_CHECKING:
    from holdfast.analytics.scorecards import Scorecard
    from holdfast.settings import Settings

LONGEST_TITLE = 100
MOST = 50
"""So many own signals at most: each is asked of everybody every night."""

PREFIX = "own-"
"""How their keys begin: no file of a signal is called so."""


def create(
    settings: Settings,
    title: str,
    rule: Expression,
    ends_rule: Expression | None = None,
    cooldown_days: int = COOLDOWN_DAYS,
    *,
    by: str,
    now: datetime,
) -> KeptOwn:
    """Keep a new signal. The first look at everybody is the next night's.

    Refuses a title that is none or taken (``bad_title``), a rule that names what there is not
    (``unknown_in_rule``), that cannot be asked of a past day (``not_of_the_past``) or that contradicts
    itself (``contradiction``), a pause out of bounds (``bad_signal_setting``), and more than :data:`MOST`.
    """
    wanted = _checked(settings, "", title, rule, ends_rule, cooldown_days, now)
    kept = signal_settings.own_signals(settings)
    if len(kept) >= MOST:
        raise Refusal(
            "too_many_signals",
            found=Text("There are {n} own signals already.", n=len(kept)),
            expected=Text("At most {n}: each is asked of everybody every night.", n=MOST),
            remedy=Text("Delete one that does not earn its place."),
        )
    key = _free(PREFIX + slug(wanted), signal_settings.own_keys(settings))
    ends = None if ends_rule is None else as_json(ends_rule)
    signal_settings.add_own(
        *(settings, key, wanted, as_json(rule), ends, cooldown_days), by=by, now_us=microseconds(now)
    )
    return find(settings, key)


def change(
    settings: Settings,
    key: str,
    title: str,
    rule: Expression,
    ends_rule: Expression | None,
    cooldown_days: int,
    *,
    by: str,
    now: datetime,
) -> KeptOwn:
    """Give it another title, rules or pause; refuses like :func:`create`, and ``no_such_signal``."""
    find(settings, key)
    wanted = _checked(settings, key, title, rule, ends_rule, cooldown_days, now)
    ends = None if ends_rule is None else as_json(ends_rule)
    signal_settings.change_own(
        settings, key, wanted, as_json(rule), ends, cooldown_days, now_us=microseconds(now)
    )
    return find(settings, key)


def delete(settings: Settings, key: str, *, by: str, now: datetime) -> None:
    """Let it raise nothing more: what it raised ends today and stays in the history."""
    from holdfast.services.warn.reading import today

    find(settings, key)
    signal_settings.delete_own(settings, key, now_us=microseconds(now))
    episodes.end_all(settings, key, today(settings, now), now_us=microseconds(now))


def find(settings: Settings, key: str) -> KeptOwn:
    """The own signal of a key; refuses ``no_such_signal``."""
    kept = signal_settings.own_by_key(settings, key)
    if kept is None:
        raise Refusal(
            "no_such_signal",
            found=Text("No signal of your own is called {name}.", name=key[:100]),
            expected=Text(
                "One of: {names}.",
                names=", ".join(each.key for each in signal_settings.own_signals(settings)) or "-",
            ),
            remedy=Text("List them with `holdfast signals list`."),
        )
    return kept


def as_signals(settings: Settings, kept: Sequence[KeptOwn]) -> list[Signal]:
    """The signals of what is kept; one that warns of nobody where its rule asks for what is gone."""
    known = _known(settings)
    return [_as_signal(each, known) for each in kept]


def _as_signal(kept: KeptOwn, known: Known) -> Signal:
    try:
        ends = None if kept.ends_rule is None else parse(kept.ends_rule)
        return signal_of(kept.key, kept.title, parse(kept.rule), ends, kept.cooldown_days, known)
    except Refusal as refusal:
        return mute_signal(kept.key, kept.title, refusal.found)


def replayed(
    settings: Settings,
    title: str,
    rule: Expression,
    ends_rule: Expression | None,
    cooldown_days: int,
    *,
    now: datetime,
) -> Scorecard:
    """What a signal that is not kept yet would have been worth, on a part of the past; takes seconds."""
    from holdfast.services.warn.replay import trial

    made = signal_of(f"{PREFIX}new", title, rule, ends_rule, cooldown_days, _known(settings))
    check_rule(Tuned(made))
    return trial(settings, Tuned(made), now=now)


def _checked(
    settings: Settings,
    key: str,
    title: str,
    rule: Expression,
    ends_rule: Expression | None,
    cooldown_days: int,
    now: datetime,
) -> str:
    """The title as it is kept."""
    from holdfast.services.collect.segments.rules import check_rule as check_names

    written = " ".join(title.split())
    others = {each.title.casefold() for each in signal_settings.own_signals(settings) if each.key != key}
    if not written or len(written) > LONGEST_TITLE or not written.isprintable():
        raise _bad_title(Text("A signal needs a name of 1 to {n} characters.", n=LONGEST_TITLE))
    if written.casefold() in others:
        raise _bad_title(Text("A signal is called {title} already.", title=written))
    if not 0 <= cooldown_days <= MOST_COOLDOWN_DAYS:
        raise Refusal(
            "bad_signal_setting",
            found=Text("The pause is {n} day.", "The pause is {n} days.", n=cooldown_days),
            expected=Text("A number from {least} to {most}.", least=0, most=MOST_COOLDOWN_DAYS),
            remedy=Text("Mend it and try again; nothing was changed."),
        )
    made = signal_of(key or PREFIX, written, rule, ends_rule, cooldown_days, _known(settings))
    for each in (rule, *(() if ends_rule is None else (ends_rule,))):
        check_names(settings, each, microseconds(now))
    check_rule(Tuned(made))
    return written


def _known(settings: Settings) -> Known:
    from holdfast.store import readers

    families = [cast(FeatureFamily, part.declared) for part in registry.parts("features").values()]
    every = cache(lambda: [(each.product_id, folded(each.category)) for each in readers.products(settings)])

    def products(categories: Sequence[str]) -> tuple[str, ...]:
        wanted = {folded(each) for each in categories}
        return tuple(product for product, category in every() if category in wanted)

    return Known(
        {feature.name: feature for family in families for feature in family.features},
        products,
        exponent(settings.currency or NO_CURRENCY),
    )


def _bad_title(found: Text) -> Refusal:
    return Refusal(
        "bad_title",
        found=found,
        expected=Text("A name that says what the customer does."),
        remedy=Text("Choose another name; nothing was changed."),
    )


def _free(key: str, taken: set[str]) -> str:
    number, chosen = 2, key
    while chosen in taken:
        chosen, number = f"{key}-{number}", number + 1
    return chosen
