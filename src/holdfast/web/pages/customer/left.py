"""Why a customer left, as far as anything says so, on their page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from holdfast.analytics.loss_evidence import KIND_WORDS
from holdfast.domain.origins import ORIGINS
from holdfast.domain.period import date_of
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.understand.loss_parts import HOW
from holdfast.settings import Settings
from holdfast.store.losses import KeptLoss, Told, last_of
from holdfast.web.cause_words import CauseName


@dataclass(frozen=True, slots=True)
class ShownTold:
    """One thing that speaks for a cause: which, what it is, when, and how often such is right."""

    cause: str
    kind: str
    day: date
    weight: str


@dataclass(frozen=True, slots=True)
class LeftCard:
    """When the customer left and how, for which cause, how sure that is, and what speaks for it."""

    said: str
    cause: str
    url: str
    origin: str
    confidence: str
    evidence: tuple[ShownTold, ...]


def left_card(workspace: Settings, unit_id: int, reader: Reader, name: CauseName) -> LeftCard | None:
    """The last loss of a customer; ``None`` for who never left."""
    loss = last_of(workspace, unit_id)
    return None if loss is None else shown_loss(loss, reader, name)


def shown_loss(loss: KeptLoss, reader: Reader, name: CauseName) -> LeftCard:
    """A loss in the reader's words."""
    origin = next((words for name, words in ORIGINS.items() if name == loss.origin), None)
    said = Text("{how} on {day}", how=reader.say(HOW[loss.how]), day=date_of(loss.left_day))
    return LeftCard(
        said=reader.say(said),
        cause=name(loss.cause) if loss.cause else "",
        url=f"{reverse('voice')}?cause={loss.cause}#cause" if loss.cause else "",
        origin=reader.say(origin) if origin is not None else "",
        confidence=reader.say(Text("{share} sure", share=Share(loss.confidence, 0))) if loss.cause else "",
        evidence=tuple(_told(each, reader, name) for each in loss.evidence),
    )


def _told(each: Told, reader: Reader, name: CauseName) -> ShownTold:
    return ShownTold(
        cause=name(each.cause),
        kind=reader.say(KIND_WORDS[each.kind]),
        day=date_of(each.day),
        weight=reader.say(Text("right in {share} of cases", share=Share(each.weight, 0))),
    )
