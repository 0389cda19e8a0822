"""What a play was worth, in the reader's words: the verdict, the two groups, and on what it rests."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.prove.play_words import facts, planted_words
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
    said = tuple(reader.say(each) for each in (*verdict.sentences, *planted_words(proof)))
    return ShownProof(said, judged, tuple(facts(proof, reader)))
