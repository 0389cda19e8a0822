"""What a play was worth, in the reader's words: the verdict, the two groups, and on what it rests."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.texts import Days, Share, Text
from holdfast.language import Reader
from holdfast.learning.experiment import NotKnown
from holdfast.learning.experiment_words import points
from holdfast.services.prove.plays import Proof
from holdfast.store.plays import KeptPlay


@dataclass(frozen=True, slots=True)
class ShownProof:
    """``sentences``, the verdict first; ``judged`` is "better", "worse" or ""; ``facts`` are behind."""

    sentences: tuple[str, ...]
    judged: str
    facts: tuple[tuple[str, str], ...] = ()


def shown(proof: Proof | None, play: KeptPlay, reader: Reader) -> ShownProof | None:
    """The proof of a play; ``None`` before it was launched."""
    if play.launched_us is None:
        return None
    if proof is None:
        words = Text("Nobody is held out: what the play is worth cannot be told.")
        return ShownProof((reader.say(words),), "")
    verdict = proof.verdict
    judged = {"helps": "better", "harms": "worse"}.get(verdict.kind, "")
    said = tuple(reader.say(each) for each in verdict.sentences)
    return ShownProof(said, judged, tuple(_facts(proof, reader)))


def _facts(proof: Proof, reader: Reader) -> list[tuple[str, str]]:
    facts = [
        (reader.gettext("Entered"), reader.number(proof.entered)),
        (
            reader.say(Text("Followed for {days}", days=Days(proof.horizon_days))),
            reader.number(sum(proof.followed.values())),
        ),
        (reader.gettext("Of the treated left"), _left(proof, "treated", reader)),
        (reader.gettext("Of those held out left"), _left(proof, "held_out", reader)),
        (reader.gettext("Difference"), _difference(proof, reader)),
        (reader.gettext("The planned end"), reader.say(_planned(proof))),
    ]
    if proof.cost.minor:
        facts.append((reader.gettext("Credited to customers"), reader.money(proof.cost)))
    return facts


def _left(proof: Proof, arm: str, reader: Reader) -> str:
    followed = proof.followed[arm]  # type: ignore[index]
    if not followed:
        return reader.gettext("not clear yet")
    left = proof.left[arm]  # type: ignore[index]
    return reader.say(
        Text("{left} of {followed}, {share}", left=left, followed=followed, share=Share(left / followed))
    )


def _difference(proof: Proof, reader: Reader) -> str:
    """In percentage points with its interval: of the planned end once that is known, else at any time."""
    found = proof.verdict.left_at_end
    if isinstance(found, NotKnown):
        found = proof.verdict.left_any_time
    if isinstance(found, NotKnown):
        return reader.gettext("not clear yet")
    low, middle, high = (
        reader.signed(points(each) * (-1 if each < 0 else 1))
        for each in (found.low, found.difference, found.high)
    )
    return reader.say(
        Text("{points} percentage points (between {low} and {high})", points=middle, low=low, high=high)
    )


def _planned(proof: Proof) -> Text:
    return Text(
        "after {n} customer, where a fall of {points} percentage points shows",
        "after {n} customers, where a fall of {points} percentage points shows",
        n=proof.plan.customers,
        points=points(proof.plan.worthwhile),
    )
