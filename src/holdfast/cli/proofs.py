"""``holdfast play proof``: whether a play helps, by those who were held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.cli.answers import columns
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.learning.experiment import Estimate
    from holdfast.services.prove.plays import Proof
    from holdfast.settings import Settings
    from holdfast.store.plays import KeptPlay


def tell(session: Session, settings: Settings, play: KeptPlay) -> None:
    """Tell what a play was worth, and on what that rests."""
    from holdfast.services.prove.play_words import facts, planted_words
    from holdfast.services.prove.plays import proof

    found = proof(settings, play, session.now())
    if found is None:
        words = Text("There is nothing to tell: the play was never launched, or holds nobody out.")
        session.finish(_answer(session, play, None), lambda: session.tell(words))
        return

    def show() -> None:
        for each in (*found.verdict.sentences, *planted_words(found)):
            session.tell(each)
        session.write()
        session.write(columns(facts(found, session.reader(settings))))

    session.finish(_answer(session, play, found), show)


def tell_planted(session: Session, settings: Settings) -> list[dict[str, object]]:
    """Of a demo company: what each play was worth beside the truth, which only a demo knows."""
    from holdfast.services.prove.play_words import planted_words
    from holdfast.services.prove.plays import proof
    from holdfast.store import plays

    answers: list[dict[str, object]] = []
    for play in plays.listed(settings):
        found = proof(settings, play, session.now())
        if found is None or found.planted is None:
            continue
        answers.append(_answer(session, play, found))
        session.write(f"{play.title}:")
        for each in (*found.verdict.sentences, *planted_words(found)):
            session.write(f"  {session.say(each)}")
    return answers


def _answer(session: Session, play: KeptPlay, found: Proof | None) -> dict[str, object]:
    if found is None:
        return {"play": play.key, "verdict": "none", **dict.fromkeys(_KEYS)}
    from holdfast.services.prove.play_words import leaving, margin

    verdict, profit, truth = found.verdict, found.verdict.profit, found.planted
    told = {
        "sentences": [session.say(each) for each in verdict.sentences],
        "follow_days": found.horizon_days,
        "as_of": found.as_of,
        "entered": found.entered,
        "followed": dict(found.followed),
        "left": dict(found.left),
        "weeks": verdict.weeks,
        "groups": {
            "held_out": verdict.balance.held_out,
            "expected_held_out": verdict.balance.expected_held_out,
            "problem": verdict.balance.problem,
        },
        "difference": _interval(leaving(found)),
        "margin_minor": _interval(margin(found)),
        "cost_minor": found.cost.minor,
        "profit_minor": profit
        and {"value": profit.amount.minor, "low": profit.low.minor, "high": profit.high.minor},
        "truth": truth
        and {"difference": truth.difference, "margin_minor": truth.margin, "customers": truth.customers},
    }
    return {"play": play.key, "verdict": verdict.kind, **{name: told[name] for name in _KEYS}}


_KEYS = (
    *("sentences", "follow_days", "as_of", "entered", "followed", "left", "weeks", "groups", "difference"),
    *("margin_minor", "cost_minor", "profit_minor", "truth"),
)


def _interval(found: Estimate | None) -> dict[str, float] | None:
    return None if found is None else {"value": found.difference, "low": found.low, "high": found.high}
