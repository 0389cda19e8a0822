"""Writes the generated page of ready plays, from their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.domain.expression import Expression
    from holdfast.domain.plays import Exit, Goal, Play, PlayStep, Trigger
    from holdfast.services.act.plays.library import ReadyPlay


def ready_plays() -> str:
    """Every ready play: what begins it, its steps and messages, and when it is over."""
    from holdfast.services.act.plays import library

    lines = [
        "# Ready plays",
        "",
        "*Generated.* Each is a file; take it over, change what you like, and launch it. Titles, messages",
        "and scripts are there in six languages: English, Romanian, Persian, Bulgarian, Russian, Chinese.",
        "*Valued customers* are those of the segment `abc-a`, which is made with the first play that asks",
        "for it: who belongs to it is yours to change, for all plays at once.",
        "",
        "## For signals",
        "",
    ]
    scenarios = library.scenarios()
    for ready in library.every():
        if ready in scenarios[:1]:
            lines += ["## For scenarios", ""]
        lines += _play(ready)
    return "\n".join(lines)


def _play(ready: ReadyPlay) -> Iterator[str]:
    play = ready.play("en")
    yield from (f"### {play.title}", "", f"`{play.key}` · {', '.join(ready.meets)} · {play.purpose}", "")
    yield from (play.description, "")
    begins = f"Begins: {_trigger(play.trigger, ready.feast)}"
    yield begins + (f"; for whom {_rule(play.audience)}." if play.audience else ".")
    yield ""
    yield from _steps(play.steps, "")
    yield from ("", _over(play), "")


def _steps(steps: tuple[PlayStep, ...], deep: str) -> Iterator[str]:
    for step in steps:
        yield f"{deep}- {_step(step)}"
        if step.do in ("message", "survey"):
            said = step.options["content"]["en"]
            yield ""
            yield f"{deep}  > **{said.get('subject') or said.get('question', '')}**"
            for line in said["text"].splitlines():
                yield f"{deep}  > {line}".rstrip() + ("  " if line else "")
            yield ""
        for text in (step.options.get(name, "") for name in ("script", "text", "questions")):
            yield from (f"{deep}  - {line}" for line in text.splitlines())
        for path in step.paths:
            how = "If " + _rule(path.when) if path.when else "If heard: " + path.happened
            yield f"{deep}  - {how if path.when or path.happened else 'Else'}: " + (
                "" if path.steps else "go on"
            )
            yield from _steps(path.steps, f"{deep}    ")


def _step(step: PlayStep) -> str:
    told = step.options
    if step.do in _SAID:
        return _SAID[step.do](told)
    return f"{step.do.replace('_', ' ').capitalize()}, due in {_days(told['due_days'])}: {told['title']}"


def _wait(told: Mapping[str, Any]) -> str:
    return f"Wait {_days(told['days'])}" + (f", or for {told['event']}" if told.get("event") else "")


def _days(number: int) -> str:
    return "a day" if number == 1 else f"{number} days"


def _offer(told: Mapping[str, Any]) -> str:
    kind = f"{told['amount']} % off" if told["sort"] == "discount" else "a gift"
    return f"Offer: {kind} for {told['until_days']} days"


def _answer(told: Mapping[str, Any]) -> str:
    from holdfast.domain.surveys import KINDS

    return str(KINDS[told.get("answer", "five")])


_SAID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "wait": _wait,
    "message": lambda told: "Message:",
    "survey": lambda told: f"Question, answered by {_answer(told)}:",
    "newsletter": lambda told: "Newsletter: the issue that the contact calendar has for the day",
    "branch": lambda told: "Part ways:",
    "offer": _offer,
    "credit": lambda told: "Credit: about a tenth of an order, in your currency",
    "extension": lambda told: f"Extension: {told['amount']} days",
    "points": lambda told: f"Points: {told['amount']}",
    "end": lambda told: "End",
}


def _trigger(trigger: Trigger, feast: str) -> str:
    from holdfast.domain.written_triggers import as_json

    written: dict[str, Any] = as_json(trigger)
    if feast:
        return f"each year on the day of {feast.replace('_', ' ')}, 10:00"
    name, value = next(iter(written.items()))
    match name:
        case "signal":
            return f"when the signal `{value}` is raised"
        case "event":
            where = [f"{key} {', '.join(each)}" for key, each in written.get("where", {}).items()]
            return f"when `{value}` happens" + (f" with {', '.join(where)}" if where else "")
        case "date":
            return f"every year on the day of the trait `{value}`, {written['at']}"
        case "schedule":
            return f"every {value['every']}, {value['at']}"
        case _:
            return "when somebody of yours enrols customers"


def _over(play: Play) -> str:
    again = play.again_after_days
    said = [
        _goal(play.goal),
        "ends early when " + " or when ".join(map(_exit, play.exits)),
        "nobody enters twice" if again is None else f"again after {again} days",
        f"holds out {play.hold_out:.0%}" if play.hold_out else "holds nobody out",
    ]
    if play.budget is not None:
        said.append(f"at most {play.budget.touches} messages a {play.budget.per}")
    return "; ".join(said) + "."


def _goal(goal: Goal | None) -> str:
    assert goal is not None
    what = f"`{goal.event}`" if goal.rule is None else _rule(goal.rule)
    return f"Goal: {what} within {goal.days} days"


def _exit(each: Exit) -> str:
    from holdfast.domain.plays import EXIT_WORDS

    if each.word is not None:
        return str(EXIT_WORDS[each.word])
    return f"`{each.event}` happens" if each.rule is None else _rule(each.rule)


def _rule(rule: Expression) -> str:
    from holdfast.analytics.segment_words import Names, rule_words
    from holdfast.language import say

    return say(rule_words(rule, Names(segments={"abc-a": "Valued customers"})), "en")
