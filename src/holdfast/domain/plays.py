"""What a play is: a trigger, an audience, steps in their order, and when it ends; a frozen tree.

A step stands in a sequence. ``branch`` and ``split`` hold paths of their own; whoever comes to the end of a
path goes on behind it, so there are no jumps and no circles within a play.
:mod:`holdfast.domain.written_plays` reads and writes the tree as JSON. What a step may say is
declared in ``steps/``, one file each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from holdfast.domain.dashboards import Every
from holdfast.domain.expression import Expression
from holdfast.domain.texts import Text

PlayPurpose = Literal["marketing", "service"]
PURPOSES: tuple[PlayPurpose, ...] = get_args(PlayPurpose)

PlayState = Literal["draft", "running", "paused", "ended"]
STATES: Mapping[PlayState, Text] = {
    "draft": Text("draft"),
    "running": Text("running"),
    "paused": Text("paused"),
    "ended": Text("over"),
}

EnrolmentState = Literal["under_way", "done", "left", "held_out"]
ENROLMENT_STATES: Mapping[EnrolmentState, Text] = {
    "under_way": Text("under way"),
    "done": Text("came to the end"),
    "left": Text("left early"),
    "held_out": Text("held out"),
}
"""*left* early: an exit, the goal; *held out* walks the steps without being touched."""

BRANCH, SPLIT = "branch", "split"
WITH_PATHS = (BRANCH, SPLIT)

DEEPEST = 6
"""Paths within paths."""
MOST_STEPS = 200
MOST_PATHS = 10
HIGHEST_PRIORITY = 9
DEFAULT_HOLD_OUT = 0.1


def usual_hold_out(purpose: str) -> float:
    """The share that is held out where nobody says: of what is service, nobody ever is."""
    return DEFAULT_HOLD_OUT if purpose == "marketing" else 0.0


@dataclass(frozen=True, slots=True)
class SignalRaised:
    """A signal warns of the customer with at least ``strength`` (0..1)."""

    key: str
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class RiskAbove:
    """The risk comes to ``risk`` (0..1) from below."""

    risk: float


@dataclass(frozen=True, slots=True)
class HealthBelow:
    """The health (0..100) falls below ``health``."""

    health: int


@dataclass(frozen=True, slots=True)
class SegmentMoved:
    """The customer enters a segment, or leaves it."""

    key: str
    entered: bool = True


@dataclass(frozen=True, slots=True)
class EventHappened:
    """Something happened; ``where`` names columns (``code``, ``product``, ``source``) and their values."""

    name: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class DateComes:
    """A day that a trait names is ``days`` away (negative: days before it), at ``minute`` of the day.

    With ``yearly`` the same day of every year counts (a birthday).
    """

    trait: str
    days: int = 0
    minute: int = 540
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class OnSchedule:
    """Every day, week (``on``: 0 is Monday) or month (``on``: its day), the audience of that moment."""

    every: Every
    on: int = 0
    minute: int = 540


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody of ours enrols customers."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Once, to the whole audience; ``at`` is a local moment (2026-03-01T09:00), ``None``: once launched.

    With a ``feast`` (:data:`holdfast.domain.feasts.FEASTS`) each year on its day instead.
    """

    at: str | None = None
    feast: str = ""


Trigger = (
    SignalRaised
    | RiskAbove
    | HealthBelow
    | SegmentMoved
    | EventHappened
    | DateComes
    | OnSchedule
    | ByHand
    | Broadcast
)


@dataclass(frozen=True, slots=True)
class PlayStep:
    """One step: ``do`` names the file in ``steps/``, ``options`` is what it is told, as JSON."""

    id: str
    do: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A way on within a step.

    Of a branch: of whom the rule ``when`` holds, or of whom ``happened`` (an event) was heard since they
    were enrolled; with neither it is for all others. Of a split: for ``share`` of a hundred.
    """

    steps: tuple[PlayStep, ...]
    when: Expression | None = None
    happened: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Goal:
    """What the play is for: an event, or a rule that holds, within ``days`` after a customer was enrolled."""

    days: int = 30
    event: str = ""
    rule: Expression | None = None


ExitWord = Literal["left", "case_opened", "unsubscribed", "replied"]
EXIT_WORDS: Mapping[ExitWord, Text] = {
    "left": Text("the customer left"),
    "case_opened": Text("a case was opened"),
    "unsubscribed": Text("the customer wants no such messages"),
    "replied": Text("the customer answered"),
}


@dataclass(frozen=True, slots=True)
class Exit:
    """What ends an enrolment early: a rule that holds, an event, or one of :data:`EXIT_WORDS`."""

    rule: Expression | None = None
    event: str = ""
    word: ExitWord | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent at most: money (minor units), touches; ``per`` calendar month or in ``all``."""

    amount_minor: int | None = None
    currency: str = ""
    touches: int | None = None
    per: Literal["month", "all"] = "month"


@dataclass(frozen=True, slots=True)
class Play:
    """A play as it is written; ``hold_out`` is the share (0..1) that is enrolled and not touched.

    ``again_after_days`` is when somebody may be enrolled anew, ``None``: never. ``priority`` decides between
    plays that want the same customer, the higher first. ``follow_days`` is how long a customer is followed
    to see whether the play helps, ``None``: as long as the risk of leaving looks ahead.
    """

    key: str
    title: str
    trigger: Trigger
    steps: tuple[PlayStep, ...]
    description: str = ""
    purpose: PlayPurpose = "marketing"
    topic: str = "offers"
    priority: int = 5
    audience: Expression | None = None
    goal: Goal | None = None
    exits: tuple[Exit, ...] = ()
    again_after_days: int | None = None
    budget: Budget | None = None
    hold_out: float = DEFAULT_HOLD_OUT
    ends_on: date | None = None
    follow_days: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A step, the first step of each of its paths, and the step behind it; "" where there is none.

    A path without steps leads behind the step at once.
    """

    step: PlayStep
    into: tuple[str, ...]
    behind: str

    def next_of(self, path: int | None) -> str:
        """The step that follows; ``path`` is the number of the path that is taken, ``None`` for none."""
        return self.behind if path is None else self.into[path]


def places(play: Play) -> dict[str, Place]:
    """Every step by its id, with where it leads."""
    found: dict[str, Place] = {}

    def lay(steps: tuple[PlayStep, ...], behind: str) -> str:
        """The id of the first of ``steps``, else ``behind``."""
        following = behind
        for step in reversed(steps):
            into = tuple(lay(path.steps, following) for path in step.paths)
            found[step.id] = Place(step, into, following)
            following = step.id
        return following

    lay(play.steps, "")
    return found


def steps_of(play: Play) -> Iterator[PlayStep]:
    """Every step, in the order in which it is read."""

    def walk(steps: tuple[PlayStep, ...]) -> Iterator[PlayStep]:
        for step in steps:
            yield step
            for path in step.paths:
                yield from walk(path.steps)

    yield from walk(play.steps)


def rules_in(play: Play) -> Iterator[Expression]:
    """Every rule that a play asks of customers: audience, goal, exits, paths; none in options of steps."""
    yield from (each for each in (play.audience, play.goal.rule if play.goal else None) if each is not None)
    yield from (each.rule for each in play.exits if each.rule is not None)
    for step in steps_of(play):
        yield from (path.when for path in step.paths if path.when is not None)


def events_in(play: Play) -> frozenset[str]:
    """Names of events that a play listens to once a customer is enrolled: goal, exits, paths."""
    named = [play.goal.event if play.goal else "", *(each.event for each in play.exits)]
    for step in steps_of(play):
        named += [path.happened for path in step.paths]
    return frozenset(each for each in named if each)
