"""Where one customer goes next: step by step until there is something to wait for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from holdfast.domain import plays as p
from holdfast.domain.effects import AskTouch, Effect, Grant, SetTrait
from holdfast.domain.texts import Text
from holdfast.services.act.plays.known import Customer
from holdfast.services.act.plays.written import Ready
from holdfast.steps.contract import Do, End, Go, Hold, Moment, Skip, View, Wait
from holdfast.store.plays_walking import Happened, Walked, Walker

DAY_US = 86_400_000_000
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """An effect of a step, to be carried out."""

    step_id: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Way:
    """Where a customer is now, and what has to be done for that."""

    walked: Walked
    effects: tuple[Asked, ...] = ()


class Purse:
    """What a play may still spend; asked and taken from as its customers go on."""

    def __init__(
        self, budget: p.Budget | None, touches: int, amount_minor: int, opens_us: int | None
    ) -> None:
        self._budget, self.touches, self.amount_minor, self._opens_us = (
            budget,
            touches,
            amount_minor,
            opens_us,
        )
        self.new_touches = self.new_amount = 0

    def take(self, effects: tuple[Effect, ...]) -> Hold | Skip | None:
        """Take what these effects cost; what holds them where there is too little left."""
        touches = sum(1 for each in effects if isinstance(each, AskTouch))
        money = money_of(effects)
        if self._fits(touches, money):
            self.new_touches += touches
            self.new_amount += money
            return None
        words = Text("The budget of the play is spent.")
        if self._never_fits(money):
            return Skip("budget", words)
        return Skip("budget", words) if self._opens_us is None else Hold(self._opens_us, "budget", words)

    def give_back(self, *, touches: int) -> None:
        """Messages that were taken for and could not be written."""
        self.new_touches -= touches

    def _never_fits(self, money: int) -> bool:
        """Whether no month to come brings enough: waiting for it would never end."""
        most = None if self._budget is None else self._budget.amount_minor
        return most is not None and money > most

    def _fits(self, touches: int, money: int) -> bool:
        budget = self._budget
        if budget is None:
            return True
        if touches and budget.touches is not None:
            return self.touches + self.new_touches + touches <= budget.touches
        return (
            not money
            or budget.amount_minor is None
            or (self.amount_minor + self.new_amount + money <= budget.amount_minor)
        )


def money_of(effects: Iterable[Effect]) -> int:
    """What these effects grant in money, in minor units."""
    return sum(each.amount for each in effects if isinstance(each, Grant) and each.unit == "money")


def walk(ready: Ready, walker: Walker, customer: Customer | None, purse: Purse, now_us: int) -> Way:
    """Take a customer as far as they go now; ``None`` for one who is no customer any more."""
    at = _At(ready, walker, purse, now_us)
    if customer is None:
        return at.ended("left", "merged")
    if (goal_us := reached_goal(ready.play, walker.entered_us, customer, now_us)) is not None:
        return at.ended("done", "goal", goal_us)
    if why := leaves(ready.play, walker.entered_us, customer):
        return at.ended("left", why)
    return at.go_on(customer)


def reached_goal(play: p.Play, entered_us: int, customer: Customer, now_us: int) -> int | None:
    """When the goal was met within its days; ``None``: not yet, or there is none."""
    goal = play.goal
    if goal is None:
        return None
    until_us = entered_us + goal.days * DAY_US
    if goal.rule is not None:
        return now_us if now_us <= until_us and customer.holds(goal.rule) else None
    at_us = customer.happened(goal.event, entered_us)
    return at_us if at_us is not None and at_us <= until_us else None


def leaves(play: p.Play, entered_us: int, customer: Customer) -> str:
    """Why a customer leaves the play early; "" where they do not."""
    for number, each in enumerate(play.exits):
        if each.word is not None:
            if _WORDS[each.word](customer, entered_us):
                return each.word
        elif each.rule is not None:
            if customer.holds(each.rule):
                return f"exit {number + 1}"
        elif customer.happened(each.event, entered_us) is not None:
            return f"exit {number + 1}"
    return ""


_WORDS: dict[p.ExitWord, Callable[[Customer, int], bool]] = {
    "left": lambda customer, entered_us: customer.has_left,
    "case_opened": lambda customer, entered_us: customer.open_cases > 0,
    "unsubscribed": lambda customer, entered_us: (customer.declined_us or 0) >= entered_us,
    "replied": lambda customer, entered_us: customer.happened("Message Received", entered_us) is not None,
}


class _At:
    """A customer at a step, with what happened on the way there."""

    def __init__(self, ready: Ready, walker: Walker, purse: Purse, now_us: int) -> None:
        self.ready, self.walker, self.purse, self.now_us = ready, walker, purse, now_us
        self.step, self.reached_us = walker.step, walker.reached_us
        self.happened: list[Happened] = []
        self.effects: list[Asked] = []

    def go_on(self, customer: Customer) -> Way:
        """Step by step; there are no circles, so this ends."""
        while self.step:
            if (way := self._decide(customer)) is not None:
                return way
        return self._behind_the_last()

    def _decide(self, customer: View) -> Way | None:
        """One step; the way when it has to be waited."""
        place = self.ready.places[self.step]
        moment = Moment(self.now_us, self.walker.entered_us, self.reached_us)
        decision = self.ready.step(self.step).decide(
            customer, self.ready.options[self.step], moment, place.step
        )
        match decision:
            case Go(path, because):
                self._note("branched" if place.step.paths else "waited", "", because)
                self._follow(path)
            case Skip(code, because):
                self._note("skipped", code, because)
                self._follow(None)
            case Wait(until_us, event):
                return self._waits(max(until_us, self.now_us + _SECOND_US), event)
            case Hold(until_us, code, because):
                return self._held(until_us, code, because)
            case End(why):
                self._note("ended", why, None)
                return self.ended("done", why)
            case Do(effects, then):
                return self._do(effects, then)
        return None

    def _do(self, effects: tuple[Effect, ...], then: Go) -> Way | None:
        if self.walker.arm == "held_out":
            self._note("would", "", None)
            self.effects += [Asked(self.step, each) for each in effects if isinstance(each, AskTouch)]
            self._follow(then.path)
            return None
        refused = self.purse.take(effects)
        if isinstance(refused, Hold):
            return self._held(refused.until_us, refused.code, refused.because)
        if refused is not None:
            self._note("skipped", refused.code, refused.because)
        else:
            self._note("did", "", then.because)
            self.effects += [Asked(self.step, each) for each in effects]
        self._follow(then.path)
        # What was changed of the customer is known to the next look only.
        return self._waits(self.now_us, "") if any(isinstance(each, SetTrait) for each in effects) else None

    def _follow(self, path: int | None) -> None:
        self.step, self.reached_us = self.ready.places[self.step].next_of(path), self.now_us

    def _note(self, what: str, code: str, because: Text | None) -> None:
        self.happened.append(Happened(self.step, what, code, because))

    def _held(self, until_us: int, code: str, because: Text) -> Way:
        self._note("held", code, because)
        return self._waits(max(until_us, self.now_us + _SECOND_US), "")

    def _waits(self, due_us: int, event: str) -> Way:
        return self._way(due_us=due_us, waits_for=event)

    def _behind_the_last(self) -> Way:
        """All steps are done: the goal may still be met."""
        goal = self.ready.play.goal
        until_us = self.walker.entered_us + (goal.days * DAY_US if goal is not None else 0)
        if goal is None or self.now_us >= until_us:
            return self.ended("done", "end")
        daily = goal.rule is not None
        return self._waits(min(until_us, self.now_us + DAY_US) if daily else until_us, "")

    def ended(self, state: p.EnrolmentState, why: str, goal_us: int | None = None) -> Way:
        """The enrolment is over."""
        way = self._way(due_us=self.walker.due_us, waits_for="")
        return replace(way, walked=replace(way.walked, state=state, why=why, goal_us=goal_us))

    def _way(self, *, due_us: int, waits_for: str) -> Way:
        walked = Walked(
            self.walker,
            self.step,
            self.reached_us,
            due_us,
            waits_for,
            happened=tuple(self.happened),
            goal_us=self.walker.goal_us,
        )
        return Way(walked, tuple(self.effects))
