"""What a step of a play asks for: frozen values that ``services/act/plays`` carries out, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from holdfast.domain.surveys import Question
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchChannel

GrantKind = Literal["points", "extension", "credit", "discount", "gift"]

GRANT_KINDS: Mapping[GrantKind, Text] = {
    "points": Text("points"),
    "extension": Text("extension"),
    "credit": Text("credit"),
    "discount": Text("discount"),
    "gift": Text("gift"),
}
"""What a customer can be granted, with its name."""

GrantUnit = Literal["points", "days", "money", "percent", "pieces"]


@dataclass(frozen=True, slots=True)
class AskTouch:
    """A message to the customer.

    ``content`` is what it says per language (``{"en": {"subject": ..., "text": ...}}``), or ``template`` the
    key of a kept one. ``channels`` are those that may carry it, the best first. With a ``question`` it asks
    for an answer: content then says ``question`` and ``choices`` too. An ``issue`` says what the contact
    calendar has for the day on which the customer entered.
    """

    channels: tuple[TouchChannel, ...]
    content: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    template: str = ""
    topic: str = ""
    question: Question | None = None
    issue: bool = False


@dataclass(frozen=True, slots=True)
class MakeTask:
    """Work for one of ours; ``for_whom`` is "owner" (of the customer), "" (anybody) or a mail address.

    ``script`` is the key of what to say.
    """

    kind: str
    title: str
    text: str = ""
    priority: int = 2
    due_days: int | None = 3
    for_whom: str = "owner"
    script: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """Something given to the customer, dated, with a reason; ``task`` asks a person of ours to book it.

    ``amount`` is in ``unit``: money in minor units of ``currency``, per cent, points, days, pieces.
    ``until_days`` is for how long it can be used.
    """

    kind: GrantKind
    amount: int
    unit: GrantUnit
    reason: str
    currency: str = ""
    until_days: int | None = None
    task: MakeTask | None = None


@dataclass(frozen=True, slots=True)
class SetTrait:
    """Another value of a trait of the customer; "" takes it away."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Tell other systems, through the webhooks that are set up; ``name`` says of what."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Notify:
    """A mail to one of ours: "owner" of the customer, or a mail address of a colleague."""

    whom: str
    title: str
    text: str = ""


Effect = AskTouch | MakeTask | Grant | SetTrait | CallWebhook | Notify
