"""Plays as JSON: ``{"key": ..., "trigger": {"signal": "gone_quiet"}, "steps": [{"id": "s1", ...}]}``.

Read strictly: whatever is unknown, missing or of another kind is refused with the place where it stands
(``play.steps[2].paths[0].when``). What a step's own options may be is checked by the file of that step
(:func:`holdfast.steps.contract.options_of`).
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from holdfast.domain import plays as p
from holdfast.domain import written_expressions, written_triggers
from holdfast.domain.consent import TOPICS
from holdfast.domain.expression import Expression
from holdfast.domain.plays import Play
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_values import Written, bad_play, in_reach

MOST_CHARACTERS = 1_000_000
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 4_000
MOST_EXITS = 20
MOST_DAYS = 3_650
SHORTEST_FOLLOW, LONGEST_FOLLOW = 7, 730

_KEY = re.compile(r"[a-z0-9][a-z0-9_\-]{0,79}")
_STEP_ID = re.compile(r"[A-Za-z0-9_\-]{1,40}")
_PLAY = frozenset(
    {
        *("key", "title", "description", "purpose", "topic", "priority", "trigger", "audience", "steps"),
        *("goal", "exits", "re_entry", "budget", "hold_out", "ends_on", "follow_days"),
    }
)
_EVERY_STEP = frozenset({"id", "do", "paths", "else"})


def read_play(written: str) -> Play:
    """The play of a JSON text. Raises ``Refusal`` (``bad_play``) for what is none."""
    if len(written) > MOST_CHARACTERS:
        raise bad_play(Text("it has more than {n} characters", n=MOST_CHARACTERS), "play")
    try:
        return parse(json.loads(written))
    except (ValueError, RecursionError) as error:
        raise bad_play(Text("it is not JSON ({error})", error=str(error)[:200]), "play") from error


def parse(written: object) -> Play:
    """The play of what JSON holds. Raises ``Refusal`` (``bad_play``) with the place of what is wrong."""
    whole = Written.of(written, "play")
    whole.only(_PLAY)
    key = whole.words("key", 80)
    if not _KEY.fullmatch(key):
        raise bad_play(Text("a key has 1 to 80 small letters, digits, hyphens and underscores"), "play.key")
    steps, purpose = _Steps(), whole.one_of("purpose", p.PURPOSES, default="marketing")
    return Play(
        key=key,
        title=whole.words("title", LONGEST_TITLE),
        description=whole.words("description", LONGEST_DESCRIPTION, default=""),
        purpose=purpose,  # type: ignore[arg-type]
        topic=whole.one_of("topic", TOPICS, default="offers"),
        priority=whole.whole("priority", 0, p.HIGHEST_PRIORITY, default=5),
        trigger=written_triggers.parse(whole.get("trigger"), "play.trigger"),
        audience=_rule(whole, "audience"),
        steps=steps.read(whole.get("steps"), "play.steps", 0, needed=True),
        goal=_goal(whole),
        exits=_exits(whole),
        again_after_days=_re_entry(whole),
        budget=_budget(whole),
        hold_out=whole.number("hold_out", 0, 1, default=p.usual_hold_out(purpose)),
        ends_on=_day(whole, "ends_on"),
        follow_days=_follow_days(whole),
    )


def as_json(play: Play) -> dict[str, Any]:
    """What :func:`parse` reads the same play from."""
    written: dict[str, Any] = {"key": play.key, "title": play.title}
    if play.description:
        written["description"] = play.description
    written |= {"purpose": play.purpose, "topic": play.topic, "priority": play.priority}
    written["trigger"] = written_triggers.as_json(play.trigger)
    if play.audience is not None:
        written["audience"] = written_expressions.as_json(play.audience)
    written["steps"] = [step_as_json(step) for step in play.steps]
    if play.goal is not None:
        written["goal"] = _goal_as_json(play.goal)
    if play.exits:
        written["exits"] = [_exit_as_json(each) for each in play.exits]
    again = play.again_after_days
    written["re_entry"] = {"never": True} if again is None else {"after_days": again}
    if play.budget is not None:
        written["budget"] = _budget_as_json(play.budget)
    written["hold_out"] = play.hold_out
    if play.ends_on is not None:
        written["ends_on"] = play.ends_on.isoformat()
    if play.follow_days is not None:
        written["follow_days"] = play.follow_days
    return written


def step_as_json(step: p.PlayStep) -> dict[str, Any]:
    """One step as it is written."""
    written: dict[str, Any] = {"id": step.id, "do": step.do, **step.options}
    if step.do == p.SPLIT:
        written["paths"] = [
            {"share": path.share, "steps": [step_as_json(each) for each in path.steps]} for path in step.paths
        ]
    elif step.do == p.BRANCH:
        *ways, others = step.paths
        written["paths"] = [_path_as_json(path) for path in ways]
        written["else"] = [step_as_json(each) for each in others.steps]
    return written


def _path_as_json(path: p.Path) -> dict[str, Any]:
    if path.when is None:
        how: dict[str, Any] = {"happened": path.happened}
    else:
        how = {"when": written_expressions.as_json(path.when)}
    return {**how, "steps": [step_as_json(each) for each in path.steps]}


class _Steps:
    """Reads steps, and knows which ids were given already."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def read(self, written: object, at: str, deep: int, *, needed: bool = False) -> tuple[p.PlayStep, ...]:
        if not isinstance(written, list):
            raise bad_play(Text("steps are a list"), at)
        if needed and not written:
            raise bad_play(Text("a play has at least one step"), at)
        if deep > p.DEEPEST:
            raise bad_play(Text("paths lie more than {n} deep", n=p.DEEPEST), at)
        return tuple(self._step(each, f"{at}[{place}]", deep) for place, each in enumerate(written))

    def _step(self, written: object, at: str, deep: int) -> p.PlayStep:
        step = Written.of(written, at)
        number = step.words("id", 40)
        if not _STEP_ID.fullmatch(number):
            raise bad_play(Text("an id has 1 to 40 letters, digits, hyphens and underscores"), f"{at}.id")
        if number in self.seen:
            raise bad_play(Text("another step has the id {id}", id=number), f"{at}.id")
        self.seen.add(number)
        if len(self.seen) > p.MOST_STEPS:
            raise bad_play(Text("a play has at most {n} steps", n=p.MOST_STEPS), at)
        do = step.words("do", 40)
        options = {key: value for key, value in step.values.items() if key not in _EVERY_STEP}
        if do not in p.WITH_PATHS:
            step.none_of("paths", "else")
            return p.PlayStep(number, do, options)
        if unknown := sorted(options):
            raise bad_play(Text("nothing is called {key} here", key=unknown[0][:40]), at)
        return p.PlayStep(number, do, {}, self._paths(step, do, at, deep))

    def _paths(self, step: Written, do: str, at: str, deep: int) -> tuple[p.Path, ...]:
        listed = step.list("paths", p.MOST_PATHS)
        if not listed:
            raise bad_play(Text("it takes a list of 1 to {n} paths", n=p.MOST_PATHS), f"{at}.paths")
        read = self._share if do == p.SPLIT else self._way
        paths = tuple(read(each, f"{at}.paths[{place}]", deep) for place, each in enumerate(listed))
        if do == p.BRANCH:
            others = self.read(step.values.get("else", []), f"{at}.else", deep + 1)
            return (*paths, p.Path(others))
        step.none_of("else")
        if (found := sum(path.share for path in paths)) != 100:
            raise bad_play(Text("shares add up to 100, here to {n}", n=found), f"{at}.paths")
        return paths

    def _share(self, written: object, at: str, deep: int) -> p.Path:
        path = Written.of(written, at)
        path.only({"share", "steps"})
        steps = self.read(path.get("steps"), f"{at}.steps", deep + 1)
        return p.Path(steps, share=path.whole("share", 1, 100))

    def _way(self, written: object, at: str, deep: int) -> p.Path:
        path = Written.of(written, at)
        path.only({"when", "happened", "steps"})
        if ("when" in path.values) == ("happened" in path.values):
            raise bad_play(Text("a path says either {one} or {other}", one="when", other="happened"), at)
        steps = self.read(path.get("steps"), f"{at}.steps", deep + 1)
        return p.Path(steps, _rule(path, "when"), path.words("happened", 200, default=""))


def _rule(written: Written, key: str) -> Expression | None:
    if written.values.get(key) is None:
        return None
    return parse_rule(written.values[key], f"{written.at}.{key}")


def parse_rule(written: object, at: str) -> Expression:
    """A rule within a play; what is wrong with it is said with its place in the play."""
    try:
        return written_expressions.parse(written)
    except Refusal as refusal:
        place = str(refusal.found.values.get("place", "rule")).removeprefix("rule")
        why = refusal.found.values.get("why", refusal.found)
        raise bad_play(why if isinstance(why, Text) else refusal.found, f"{at}{place}") from refusal


def _goal(whole: Written) -> p.Goal | None:
    if whole.values.get("goal") is None:
        return None
    goal = Written.of(whole.get("goal"), "play.goal")
    goal.only({"event", "rule", "days"})
    if ("event" in goal.values) == ("rule" in goal.values):
        raise bad_play(Text("a goal says either {one} or {other}", one="event", other="rule"), "play.goal")
    return p.Goal(
        goal.whole("days", 1, 730, default=30), goal.words("event", 200, default=""), _rule(goal, "rule")
    )


def _goal_as_json(goal: p.Goal) -> dict[str, Any]:
    if goal.rule is None:
        return {"event": goal.event, "days": goal.days}
    return {"rule": written_expressions.as_json(goal.rule), "days": goal.days}


def _exits(whole: Written) -> tuple[p.Exit, ...]:
    listed = whole.list("exits", MOST_EXITS) if "exits" in whole.values else []
    return tuple(_exit(each, f"play.exits[{place}]") for place, each in enumerate(listed))


def _exit(written: object, at: str) -> p.Exit:
    for word in p.EXIT_WORDS:
        if written == word:
            return p.Exit(word=word)
    if isinstance(written, str):
        raise bad_play(Text("{key} is one of {known}", key="exits", known=list(p.EXIT_WORDS)), at)
    if isinstance(written, dict) and set(written) == {"event"}:  # with a window it is a rule
        return p.Exit(event=Written.of(written, at).words("event", 200))
    return p.Exit(rule=parse_rule(written, at))


def _exit_as_json(left: p.Exit) -> Any:
    if left.word is not None:
        return left.word
    return {"event": left.event} if left.rule is None else written_expressions.as_json(left.rule)


def _re_entry(whole: Written) -> int | None:
    if whole.values.get("re_entry") is None:
        return None
    again = Written.of(whole.get("re_entry"), "play.re_entry")
    again.only({"never", "after_days"})
    if again.values == {"never": True}:
        return None
    again.none_of("never")
    return again.whole("after_days", 1, MOST_DAYS)


def _follow_days(whole: Written) -> int | None:
    if whole.values.get("follow_days") is None:
        return None
    return whole.whole("follow_days", SHORTEST_FOLLOW, LONGEST_FOLLOW)


def _budget(whole: Written) -> p.Budget | None:
    if whole.values.get("budget") is None:
        return None
    budget = Written.of(whole.get("budget"), "play.budget")
    budget.only({"amount_minor", "currency", "touches", "per"})
    amount = budget.whole("amount_minor", 0, 10**15) if "amount_minor" in budget.values else None
    touches = budget.whole("touches", 1, 10**9) if "touches" in budget.values else None
    if amount is None and touches is None:
        raise bad_play(
            Text("a budget says at least one of {keys}", keys=["amount_minor", "touches"]), "play.budget"
        )
    currency = budget.words("currency", 3, default="")
    if amount is not None and not re.fullmatch(r"[A-Z]{3}", currency):
        raise bad_play(Text("money needs a currency such as EUR"), "play.budget.currency")
    per = budget.one_of("per", ("month", "all"), default="month")
    return p.Budget(amount, currency, touches, per)  # type: ignore[arg-type]


def _budget_as_json(budget: p.Budget) -> dict[str, Any]:
    written: dict[str, Any] = {"per": budget.per}
    if budget.amount_minor is not None:
        written |= {"amount_minor": budget.amount_minor, "currency": budget.currency}
    if budget.touches is not None:
        written["touches"] = budget.touches
    return written


def _day(whole: Written, key: str) -> date | None:
    if whole.values.get(key) is None:
        return None
    try:
        return in_reach(date.fromisoformat(whole.words(key, 10)))
    except ValueError as error:
        raise bad_play(Text("{key} takes a day like 2026-03-01", key=key), f"{whole.at}.{key}") from error
