"""What is wrong with a play here: names that there are not, unknown fields, circles with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from holdfast.domain import play_checks
from holdfast.domain import plays as p
from holdfast.domain.merge_fields import fields_in, needed_by
from holdfast.domain.merge_fields import problems as field_problems
from holdfast.domain.moments import microseconds
from holdfast.domain.play_checks import Problem
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language.languages import written_in
from holdfast.services.act import survey_letters
from holdfast.services.act.plays.issues import coming, is_newsletter
from holdfast.services.act.plays.written import Ready, readable
from holdfast.settings import Settings
from holdfast.store import plays
from holdfast.store.plays import KeptVersion


def problems(settings: Settings, ready: Ready, now: datetime) -> list[Problem]:
    """Everything that is wrong, what stops the launch first."""
    found = [
        *play_checks.problems(ready.play),
        *_late(settings, ready, now),
        *_trigger(settings, ready),
        *_rules(settings, ready, now),
        *_messages(settings, ready),
        *_issues(settings, ready),
        *_scripts(settings, ready),
        *_circles(settings, ready),
    ]
    return sorted(found, key=lambda each: not each.stops)


def _late(settings: Settings, ready: Ready, now: datetime) -> Iterator[Problem]:
    """Days that are past; that a moment is, is no news of a play that went out."""
    found = plays.by_key(settings, ready.play.key)
    went = found is not None and found.launched_us is not None
    for each in play_checks.late(ready.play, settings.now(now), settings.zone):
        if each.stops or not went:
            yield each


def _trigger(settings: Settings, ready: Ready) -> Iterator[Problem]:
    from holdfast.services.warn.catalogue import listed
    from holdfast.store import segments, trait_names

    trigger = ready.play.trigger
    if isinstance(trigger, p.SignalRaised):
        known = {each.signal.name: each for each in listed(settings)}
        if trigger.key not in known:
            yield Problem("no_such_signal", Text("There is no signal {key}.", key=trigger.key))
        elif not known[trigger.key].on:
            yield Problem("signal_off", Text("The signal is switched off: the play never begins."))
    elif isinstance(trigger, p.SegmentMoved) and segments.by_key(settings, trigger.key) is None:
        yield Problem("no_such_segment", Text("There is no segment {key}.", key=trigger.key))
    elif isinstance(trigger, p.DateComes) and trigger.trait not in trait_names.trait_names(settings):
        yield Problem("no_such_trait", Text("Nobody has a trait {key} yet.", key=trigger.trait), stops=False)


def _rules(settings: Settings, ready: Ready, now: datetime) -> Iterator[Problem]:
    from holdfast.services.collect.segments.rules import check_rule

    for rule in ready.rules:
        try:
            check_rule(settings, rule, microseconds(now))
        except Refusal as refusal:
            yield Problem(refusal.code, refusal.found)


def _issues(settings: Settings, ready: Ready) -> Iterator[Problem]:
    """A newsletter for no coming day of which an issue is planned."""
    found = plays.by_key(settings, ready.play.key)
    if not is_newsletter(ready.play):
        return
    if found is None or not any(
        each.issue for each in coming(settings, found, ready.play, datetime.now(UTC))
    ):
        words = Text("No issue is planned yet: nothing goes before the contact calendar has one.")
        yield Problem("no_issue", words, stops=False)


def _messages(settings: Settings, ready: Ready) -> Iterator[Problem]:
    from holdfast.services.act.messages.values import known_fields
    from holdfast.store import templates

    steps = [step for step in p.steps_of(ready.play) if step.do in ("message", "survey")]
    known = known_fields(settings) if steps else ()
    for step in steps:
        options = ready.options[step.id]
        if step.do == "survey":
            yield from _survey(settings, step.id)
            yield from _fields(survey_letters.words_of(options.content), known, step.id)
            continue
        if options.template:
            found = templates.published(settings, [options.template]).get(options.template)
            if found is None or found.kind != "message":
                words = Text("There is no published message “{key}”.", key=options.template)
                yield Problem("no_such_template", words, step.id)
        yield from _fields(options.content, known, step.id)
        if options.content and not any(each.get("subject") for each in options.content.values()):
            words = Text("The message has no subject: mails need one.")
            yield Problem("no_subject", words, step.id, stops=options.channel in ("best", "email"))


def _scripts(settings: Settings, ready: Ready) -> Iterator[Problem]:
    from holdfast.services.act.scripts.kept import keys

    calls = [step for step in p.steps_of(ready.play) if step.do == "call" and ready.options[step.id].uses]
    known = keys(settings) if calls else frozenset()
    for step in calls:
        if (key := ready.options[step.id].uses) not in known:
            yield Problem("no_such_script", Text("There is no script {key}.", key=key), step.id)


def _survey(settings: Settings, step: str) -> Iterator[Problem]:
    """A question needs a page that customers can open."""
    from holdfast.store import message_settings

    if not message_settings.public_url(settings):
        yield Problem("no_public_url", survey_letters.nowhere_to_answer().found, step)


def _fields(content: Mapping[str, Mapping[str, str]], known: tuple[str, ...], step: str) -> Iterator[Problem]:
    """What is wrong with the fields of a message: each said once, with the languages in which it is so."""
    found: dict[tuple[str, str, bool], tuple[Problem, list[str]]] = {}
    for language, said in content.items():
        for text in (said.get("subject", ""), said["text"]):
            for name, problem in _fields_of(text, known, step):
                languages = found.setdefault((problem.code, name, problem.stops), (problem, []))[1]
                languages.extend({language} - set(languages))
    for problem, languages in found.values():
        if len(languages) == len(content):
            yield problem
            continue
        names = [written_in(each).own_name for each in languages]
        yield replace(problem, words=Text("{language}: {words}", language=names, words=problem.words))


def _fields_of(text: str, known: tuple[str, ...], step: str) -> Iterator[tuple[str, Problem]]:
    """What is wrong with one text, each with the name of the field, "" where it has none."""
    broken = field_problems(text)
    for each in broken:
        yield "", Problem(each.code, each.words, step)
    if broken:
        return
    needed = needed_by(text)
    for name in fields_in(text):
        if name not in known:
            words = Text("Nobody has a field “{name}”.", name=name)
            yield name, Problem("unknown_field", words, step, stops=name in needed)
        elif name in needed:
            words = Text("Who has no “{name}” gets no message; give it words in its place.", name=name)
            yield name, Problem("no_fallback", words, step, stops=False)


def _circles(settings: Settings, ready: Ready) -> Iterator[Problem]:
    from holdfast.services.collect.segments.rules import rules_of

    own = play_checks.changing(ready.play)
    if not own.changes and not own.writes:
        return
    others = [
        play_checks.changing(other.play)
        for version in _going(settings, ready.play.key)
        if (other := readable(version.id, version.made_us, version.written)) is not None
    ]
    if way := play_checks.circle(own, others, rules_of(settings)):
        words = Text("Plays would begin one another without an end: {way}.", way=" → ".join(way))
        yield Problem("circle", words)


def _going(settings: Settings, but: str) -> list[KeptVersion]:
    """The versions of all other plays that enrol, or will once they are resumed."""
    there = {
        each.id: each
        for each in plays.listed(settings)
        if each.state in ("running", "paused") and each.key != but
    }
    launched = plays.launched_versions(settings, list(there))
    return [each for each in launched if each.number == there[each.play_id].running]
