"""Plays: written, rehearsed, tried dry, launched, ended."""

from __future__ import annotations

from holdfast.domain.play_checks import Problem
from holdfast.domain.texts import Text
from holdfast.services.act.plays import checks, define, launch, steps_told
from holdfast.services.act.plays.dry_run import dry_run
from holdfast.services.act.plays.rehearse import Rehearsal, rehearse
from holdfast.services.act.plays.written import Ready, read, written_as
from holdfast.settings import Settings
from holdfast.store import plays as stored
from holdfast.store import plays_reading
from holdfast.store.plays import KeptPlay
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS, EXPORTERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Call, Page, Paging, moment, moment_or_none, operation
from holdfast.web.api.play_shapes import (
    DryRunCount,
    DryRunPerson,
    Key,
    NewPlay,
    OfVersion,
    Play,
    PlayChanged,
    PlayDryRun,
    PlayEnd,
    PlayLaunch,
    PlayLaunched,
    PlayProblem,
    PlayProblems,
    PlayRehearsal,
    PlayRules,
    PlayRulesSet,
    PlayVersions,
    PlayWritten,
    RehearsalQuery,
    StepField,
    StepKind,
    StepKinds,
)
from holdfast.web.api.seeing import trait_shown
from holdfast.web.api.shapes import named


@operation("GET", "/plays", scope=READ)
def list_plays(call: Call, query: Paging) -> Page[Play]:
    """List the plays by key."""
    after = cursors.where(call, query, str)
    counted = plays_reading.counts(call.settings)
    kept = sorted(stored.listed(call.settings), key=lambda each: each.key)
    rest = [each for each in kept if after is None or each.key > after]
    return cursors.page(
        call,
        query,
        rest[: query.limit + 1],
        place=lambda each: each.key,
        show=lambda each: play_of(each, counted.get(each.id, plays_reading.Counts())),
    )


@operation("POST", "/plays", scope=WRITE, roles=EXPORTERS, status=201)
def create_play(call: Call, body: NewPlay) -> Play:
    """Keep a new play as a draft."""
    return _one(call, define.make(call.settings, body.content, by=call.by, now=call.actual))


@operation("GET", "/plays/steps", scope=READ)
def list_step_kinds(call: Call) -> StepKinds:
    """List the steps that plays can have, with their options."""
    return StepKinds(
        items=[
            StepKind(
                name=each.name,
                title=call.say(each.title),
                meaning=call.say(each.meaning),
                fields=[
                    StepField(
                        name=one.name,
                        label=call.say(one.label),
                        hint="" if one.hint is None else call.say(one.hint),
                        kind=one.kind,
                        choices=list(one.choices),
                    )
                    for one in steps_told.fields(each)
                ],
            )
            for each in steps_told.listed()
        ]
    )


@operation("GET", "/plays/rules", scope=READ)
def get_play_rules(call: Call) -> PlayRules:
    """Get what holds of all plays."""
    found = stored.read_settings(call.settings)
    return PlayRules(hold_out=found.hold_out, approve_above=found.approve_above)


@operation("PUT", "/plays/rules", scope=WRITE, roles=DECIDERS)
def set_play_rules(call: Call, body: PlayRulesSet) -> PlayRules:
    """Decide what holds of all plays."""
    stored.save_settings(call.settings, hold_out=body.hold_out, approve_above=body.approve_above)
    return get_play_rules(call)


@operation("GET", "/plays/{key}", scope=READ)
def get_play(call: Call, key: Key) -> Play:
    """Get one play."""
    return _one(call, define.find(call.settings, key))


@operation("PUT", "/plays/{key}", scope=WRITE, roles=EXPORTERS)
def update_play(call: Call, key: Key, body: PlayChanged) -> Play:
    """Keep another version of a play; customers enter by it once it is launched."""
    play = define.find(call.settings, key)
    return _one(
        call,
        define.keep(call.settings, play, body.content, number=body.number, by=call.by, now=call.actual),
    )


@operation("DELETE", "/plays/{key}", scope=WRITE, roles=EXPORTERS)
def delete_play(call: Call, key: Key) -> None:
    """Delete a play that was never launched."""
    play = define.find(call.settings, key)
    define.delete(call.settings, play, number=play.number)


@operation("GET", "/plays/{key}/versions", scope=READ)
def list_play_versions(call: Call, key: Key) -> PlayVersions:
    """List the versions of a play as they are written, the newest first."""
    play = define.find(call.settings, key)
    return PlayVersions(items=[_version(each) for each in stored.versions(call.settings, play.id)])


@operation("GET", "/plays/{key}/problems", scope=READ)
def list_play_problems(call: Call, key: Key) -> PlayProblems:
    """List what is wrong with the latest version of a play."""
    found = checks.problems(call.settings, _ready(call.settings, key), call.actual)
    return PlayProblems(items=[_problem(call, each) for each in found])


@operation("POST", "/plays/{key}/launch", scope=WRITE, roles=DECIDERS)
def launch_play(call: Call, key: Key, body: PlayLaunch) -> PlayLaunched:
    """Let customers enter a play; where it reaches many, a second person has to launch it too."""
    play = define.find(call.settings, key)
    done = launch.launch(
        call.settings,
        play,
        number=body.number,
        by=call.by,
        now=call.actual,
        although_twice=body.although_twice,
    )
    return PlayLaunched(
        outcome=done.outcome,
        customers=done.customers,
        problems=[_problem(call, each) for each in done.problems],
    )


@operation("POST", "/plays/{key}/launch/withdraw", scope=WRITE, roles=DECIDERS)
def withdraw_launch(call: Call, key: Key, body: OfVersion) -> Play:
    """Take back, or turn down, that somebody wants a play launched."""
    launch.withdraw(call.settings, define.find(call.settings, key), number=body.number, by=call.by)
    return get_play(call, key)


@operation("POST", "/plays/{key}/pause", scope=WRITE, roles=DECIDERS)
def pause_play(call: Call, key: Key) -> Play:
    """Let nobody enter and nobody go on until the play is resumed."""
    launch.pause(call.settings, define.find(call.settings, key), now=call.actual)
    return get_play(call, key)


@operation("POST", "/plays/{key}/resume", scope=WRITE, roles=DECIDERS)
def resume_play(call: Call, key: Key) -> Play:
    """Let a paused play go on."""
    launch.resume(call.settings, define.find(call.settings, key), now=call.actual)
    return get_play(call, key)


@operation("POST", "/plays/{key}/end", scope=WRITE, roles=DECIDERS)
def end_play(call: Call, key: Key, body: PlayEnd) -> Play:
    """Let nobody enter any more; those under way go on, unless they are stopped."""
    launch.end(call.settings, define.find(call.settings, key), stop=body.stop, now=call.actual)
    return get_play(call, key)


@operation("POST", "/plays/{key}/dry-run", scope=READ, roles=EXPORTERS)
def dry_run_play(call: Call, key: Key) -> PlayDryRun:
    """Say what the latest version of a play would do now, to whom and why; nothing is written."""
    play = define.find(call.settings, key)
    found = dry_run(call.settings, _ready(call.settings, key), call.actual, play_id=play.id)
    seen = [each for each in found.people if call.theirs is None or each.unit_id in call.theirs]
    names = steps_told.names(call.settings, [each.unit_id for each in seen])
    return PlayDryRun(
        about=found.about,
        scale=found.scale,
        counts=[
            DryRunCount(what=what, code=code, customers=number)
            for (what, code), number in sorted(found.counts.items())
        ],
        people=[
            DryRunPerson(
                customer_id=each.unit_id,
                name=named(call, names.get(each.unit_id, "")),
                what=each.what,
                code=each.code,
                because=_said(call, each.because),
                channel=each.channel,
                title=trait_shown(call, "name", each.title),
            )
            for each in seen
        ],
    )


@operation("POST", "/plays/{key}/rehearsal", scope=READ, roles=EXPORTERS)
def rehearse_play(call: Call, key: Key, body: RehearsalQuery) -> PlayRehearsal:
    """Say who would have entered a play in the past, when, and what it would have cost."""
    ready = _ready(call.settings, key)
    return _rehearsal(rehearse(call.settings, ready, call.actual, days=body.days, with_steps=True))


def _ready(settings: Settings, key: str) -> Ready:
    return define.ready_of(define.version_of(settings, define.find(settings, key)))


def _one(call: Call, play: KeptPlay) -> Play:
    return play_of(play, plays_reading.counts(call.settings).get(play.id, plays_reading.Counts()))


def play_of(play: KeptPlay, counted: plays_reading.Counts) -> Play:
    """A play as it is answered."""
    return Play(
        key=play.key,
        title=play.title,
        state=play.state,
        purpose=play.purpose,
        priority=play.priority,
        number=play.number,
        running=play.running,
        made_at=moment(play.made_us),
        made_by=play.made_by,
        launched_at=moment_or_none(play.launched_us),
        ended_at=moment_or_none(play.ended_us),
        under_way=counted.under_way,
        done=counted.done,
        left=counted.left,
        held_out=counted.held_out,
        goals=counted.goals,
    )


def _version(version: stored.KeptVersion) -> PlayWritten:
    return PlayWritten(
        number=version.number,
        content=written_as(read(dict(version.content)).play),
        made_at=moment(version.made_us),
        made_by=version.made_by,
        launched_at=moment_or_none(version.launched_us),
        launched_by=version.launched_by,
        approved_by=version.approved_by,
    )


def _problem(call: Call, problem: Problem) -> PlayProblem:
    return PlayProblem(
        code=problem.code, words=call.say(problem.words), step=problem.step, stops=problem.stops
    )


def _rehearsal(found: Rehearsal) -> PlayRehearsal:
    return PlayRehearsal(
        since=found.since,
        until=found.until,
        began=found.began,
        entered=found.entered,
        customers=found.customers,
        held_out=found.held_out,
        without=dict(found.without),
        months=dict(found.months),
        touches=found.touches,
        money_minor=found.money_minor,
        tasks=found.tasks,
        scale=found.scale,
        steps=dict(found.steps.through) if found.steps else {},
        goals=found.steps.goals if found.steps else 0,
    )


def _said(call: Call, words: Text | None) -> str:
    return "" if words is None else call.say(words)
