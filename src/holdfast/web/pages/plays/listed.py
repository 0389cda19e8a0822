"""Plays in a line, and what one is apart from its steps: rows of the list, sentences, facts, versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from holdfast.domain import plays as p
from holdfast.domain.consent import TOPIC_WORDS
from holdfast.domain.money import Money
from holdfast.domain.plays import Play
from holdfast.domain.texts import Days, Text
from holdfast.language import Reader
from holdfast.services.act.plays.define import ready_of
from holdfast.store.plays import KeptPlay, KeptVersion
from holdfast.store.plays_reading import Counts
from holdfast.web.pages.plays import words
from holdfast.web.pages.plays.words import PlayNames


@dataclass(frozen=True, slots=True)
class ShownPlay:
    """A row of the list of plays; ``next`` says what is to be done with it, "" for nothing."""

    key: str
    title: str
    state: str
    badge: str
    begins: str
    under_way: str
    held_out: str
    goals: str
    next: str


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a play; ``runs`` says that customers enter by it."""

    number: str
    words: str
    url_number: int
    runs: bool


def shown_play(
    found: KeptPlay,
    version: KeptVersion | None,
    counted: Counts,
    names: PlayNames,
    reader: Reader,
) -> ShownPlay:
    """One play in the list."""
    launched = found.launched_us is not None
    play = None if version is None else ready_of(version).play
    return ShownPlay(
        found.key,
        found.title,
        reader.say(p.STATES[found.state]),
        words.STATE_BADGES[found.state],
        "" if play is None else words.trigger_words(play.trigger, names, reader),
        reader.number(counted.under_way) if launched else "",
        reader.number(counted.held_out) if launched else "",
        reader.number(counted.goals) if launched and play is not None and play.goal is not None else "",
        _next(found, version, reader),
    )


def _next(found: KeptPlay, version: KeptVersion | None, reader: Reader) -> str:
    if version is not None and version.asked_us is not None:
        return reader.say(Text("waits for a second person"))
    if found.running is not None and found.running != found.number and found.state != "ended":
        return reader.say(Text("a newer version is not launched yet"))
    return ""


def sentence(found: Sequence[KeptPlay], counted: Mapping[int, Counts], reader: Reader) -> Markup:
    """How many plays run, and how many customers are under way."""
    return reader.say_html(
        Text(
            "{plays}, {customers}.",
            plays=Text("{n} play runs", "{n} plays run", n=sum(each.state == "running" for each in found)),
            customers=Text(
                "{n} customer is under way",
                "{n} customers are under way",
                n=sum(each.under_way for each in counted.values()),
            ),
        ),
        strong=("plays", "customers"),
    )


def play_sentence(found: KeptPlay, play: Play, counted: Counts, reader: Reader) -> Markup | str:
    """Where a play stands, in a sentence: where everybody is who entered, and of a goal how many met it."""
    if found.launched_us is None:
        return reader.say(Text("It is a draft: nothing happens before it is launched."))
    entered = counted.under_way + counted.done + counted.left + counted.held_out
    if not entered:
        return reader.say(Text("Nobody has entered yet."))
    told = {
        "customers": Text("{n} customer", "{n} customers", n=entered),
        "standing": reader.list_of(_standing(counted, reader)),
    }
    if play.goal is None:
        return reader.say_html(Text("{customers} entered, {standing}.", **told), strong=tuple(told))
    goals = Text("{n} reached the goal", "{n} reached the goal", n=counted.goals)
    said = Text("{customers} entered, {standing}. {goals}.", goals=goals, **told)
    return reader.say_html(said, strong=(*told, "goals"))


def _standing(counted: Counts, reader: Reader) -> list[str]:
    """How many are under way, and of what else there is somebody: all together those who entered."""
    under_way = Text("{n} is under way", "{n} are under way", n=counted.under_way)
    others = (
        (counted.done, Text("{n} came to the end", "{n} came to the end", n=counted.done)),
        (counted.left, Text("{n} left early", "{n} left early", n=counted.left)),
        (counted.held_out, Text("{n} is held out", "{n} are held out", n=counted.held_out)),
    )
    return [reader.say(each) for each in (under_way, *(said for count, said in others if count))]


def facts(play: Play, names: PlayNames, reader: Reader) -> list[tuple[str, str]]:
    """What a play is apart from its steps."""
    found = [
        (reader.gettext("Purpose"), reader.say(words.PURPOSES[play.purpose])),
        (reader.gettext("Topic"), _topic(play, reader)),
        (reader.gettext("Priority"), reader.number(play.priority)),
        (reader.gettext("Enters again"), _again(play, reader)),
    ]
    if play.exits:
        ends = " · ".join(words.exit_words(each, names, reader) for each in play.exits)
        found.append((reader.gettext("Ends early"), ends))
    if play.budget is not None:
        found.append((reader.gettext("Budget"), _budget(play.budget, reader)))
    if play.ends_on is not None:
        found.append((reader.gettext("Last day"), reader.day(play.ends_on)))
    if play.follow_days is not None:
        found.append(
            (reader.gettext("Followed for"), reader.say(Text("{days}", days=Days(play.follow_days))))
        )
    return found


def _topic(play: Play, reader: Reader) -> str:
    known = {str(name): said for name, said in TOPIC_WORDS.items()}
    return reader.say(known[play.topic]) if play.topic in known else play.topic


def _again(play: Play, reader: Reader) -> str:
    if play.again_after_days is None:
        return reader.gettext("never")
    return reader.say(Text("{days} after the end", days=Days(play.again_after_days)))


def _budget(budget: p.Budget, reader: Reader) -> str:
    said = []
    if budget.amount_minor is not None:
        said.append(reader.money(Money(budget.amount_minor, budget.currency)))
    if budget.touches is not None:
        said.append(reader.say(Text("{n} message", "{n} messages", n=budget.touches)))
    both = reader.list_of(said)
    if budget.per == "month":
        return reader.say(Text("{what} a month", what=both))
    return reader.say(Text("{what} in all", what=both))


def shown_version(version: KeptVersion, found: KeptPlay, reader: Reader) -> ShownVersion:
    """One version in a line: who made it, who launched it, who agreed."""
    said = Text("made by {person}, {when}", person=version.made_by or "–", when=_at(version.made_us, reader))
    if version.launched_us is not None:
        when = _at(version.launched_us, reader)
        said = Text("launched by {person}, {when}", person=version.launched_by or "–", when=when)
        if version.approved_by:
            said = Text(
                "launched by {person} and {second}, {when}",
                person=version.launched_by,
                second=version.approved_by,
                when=when,
            )
    return ShownVersion(
        reader.number(version.number),
        reader.say(said),
        version.number,
        version.number == found.running and found.state in ("running", "paused"),
    )


def _at(moment_us: int, reader: Reader) -> str:
    return reader.moment(datetime.fromtimestamp(moment_us / 1_000_000, UTC))
