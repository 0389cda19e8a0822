"""Early warnings: signals with their records, how they are set, and the episodes they raised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, field

from holdfast.analytics import scorecards
from holdfast.analytics.own_signals import COOLDOWN_DAYS
from holdfast.domain.expression import Expression
from holdfast.domain.written_expressions import parse
from holdfast.services.warn import judging, own, reading, setting
from holdfast.store.write_keys import ADMIN, READ, WRITE
from holdfast.web.access import DECIDERS, EXPORTERS, WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Money,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.seeing import check_customers
from holdfast.web.api.shapes import named

Key = Annotated[str, Meta(min_length=1, max_length=100)]
Title = Annotated[str, Meta(min_length=1, max_length=own.LONGEST_TITLE)]
Pause = Annotated[
    int, Meta(ge=0, le=3_650, description="Days after its end in which it does not begin anew.")
]
Rule = Annotated[
    dict[str, Any],
    Meta(description="A rule as docs/reference/segments.md describes it, of what can be asked of the past."),
]


class SignalSetting(Answered, frozen=True):
    """A number of a signal that people may change, between ``least`` and ``most``."""

    name: str
    title: str
    unit: str
    value: float
    delivered: float
    least: float
    most: float


class Scorecard(Answered, frozen=True):
    """The record of a signal by its replay on the past; null is what cannot be said.

    ``left_with`` is the share that left within ``horizon_days`` of a warning, ``left_without`` that of
    customers not warned of on the same days, ``lift`` the quotient with its 95 % interval. ``overlap`` says
    which share of its episodes began while one of another signal was open.
    """

    from_day: date
    to_day: date
    horizon_days: int
    customers: int
    episodes: int
    warned: int
    weekly: float
    left_with: float | None
    left_without: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    lead_days: float | None
    overlap: dict[str, float]
    false_weekly: float | None
    answered_hours: float | None
    unanswered: float | None
    verdict: str
    words: str
    stale: bool


class Storm(Answered, frozen=True):
    """That a signal warned of far more customers on one day than the ``usual`` number: look for one cause."""

    id: int
    signal: str
    on: date
    customers: int
    usual: float


class Signal(Answered, frozen=True):
    """A signal: what it warns of, how it is set, what it raised, and what it is worth.

    ``code`` is its row in the catalogue, "" for an ``own`` one that people built. ``storms`` are those of
    the last year, for who may see every customer.
    """

    key: str
    code: str
    title: str
    meaning: str
    cause: str
    on: bool
    own: bool
    cooldown_days: int
    settings: list[SignalSetting]
    open: int
    raised_in_7_days: int
    storms: list[Storm]
    scorecard: Scorecard | None


class Signals(Answered, frozen=True):
    """Every signal."""

    items: list[Signal]


class SignalSet(Asked, kw_only=True, frozen=True):
    """How a signal is to be set: settings that are not named are as delivered."""

    on: bool = True
    settings: dict[str, float] = field(default_factory=dict)


class SignalTried(Asked, kw_only=True, frozen=True):
    """Settings that are only replayed."""

    settings: dict[str, float] = field(default_factory=dict)


class NewSignal(Asked, kw_only=True, frozen=True):
    """A signal to be built: when it begins, and when it ends (left out: when the rule no longer holds)."""

    title: Title
    rule: Rule
    ends_rule: Rule | None = None
    cooldown_days: Pause = COOLDOWN_DAYS


class Episode(Answered, frozen=True):
    """That a signal warned of a customer, from ``began_on`` until ``ended_on`` (null: it still does).

    ``ended_why``, where nobody of us settled it: "" as its rule says so, "lapsed" as nothing is left to
    judge it by, "left" as the customer left, "off" as the signal is not asked any more.
    ``evidence`` are sentences, ``numbers`` what they are made of. ``right`` is what a person said of it;
    ``first_look``: it held already when everybody was looked at for the first time.
    """

    id: int
    signal: str
    customer_id: int
    name: str
    title: str
    state: str
    began_on: date
    raised_at: datetime
    ended_on: date | None
    ended_by: str
    ended_why: str
    strength: float
    evidence: list[str]
    numbers: dict[str, float]
    risk: float | None
    value_at_risk: Money | None
    snoozed_until: date | None
    right: bool | None
    judged_by: str
    first_look: bool
    storm_id: int | None
    acted_at: datetime | None


class EpisodeQuery(Paging, kw_only=True, frozen=True):
    """Which episodes."""

    signal: Annotated[str, Meta(max_length=100)] = ""
    customer_id: Id | None = None
    open: bool = False


class EpisodeSaid(Asked, kw_only=True, frozen=True):
    """What is said of an episode; what is not named stays.

    ``wake`` shows again what was put off. ``settled`` ends an open one, for good.
    """

    snoozed_until: date | None = None
    wake: bool = False
    settled: bool = False


class Judged(Asked, kw_only=True, frozen=True):
    """Whether the warning was right; null takes the word back."""

    right: bool | None


@operation("GET", "/signals", scope=READ)
def list_signals(call: Call) -> Signals:
    """List every signal with its record."""
    rows = reading.signal_list(call.settings, now=call.actual, seen_by=call.theirs)
    storms = storms_of(call, reading.YEAR)
    return Signals(items=[_signal(call, row, storms) for row in rows])


@operation("POST", "/signals", scope=WRITE, roles=EXPORTERS, status=201)
def create_signal(call: Call, body: NewSignal) -> Signal:
    """Build a signal."""
    kept = own.create(
        *(call.settings, body.title, parse(body.rule), _ends(body), body.cooldown_days),
        by=call.by,
        now=call.actual,
    )
    return get_signal(call, kept.key)


@operation("POST", "/signals/replay", scope=WRITE, roles=EXPORTERS)
def replay_new_signal(call: Call, body: NewSignal) -> Scorecard:
    """Replay a signal that is not built yet on the past; nothing is kept."""
    card = own.replayed(
        *(call.settings, body.title, parse(body.rule), _ends(body), body.cooldown_days), now=call.actual
    )
    return _card(call, card)


@operation("GET", "/signals/{signal}", scope=READ)
def get_signal(call: Call, signal: Key) -> Signal:
    """Get a signal."""
    row = reading.one_signal(call.settings, signal, now=call.actual, seen_by=call.theirs)
    return _signal(call, row, storms_of(call, reading.YEAR))


@operation("PUT", "/signals/{signal}/settings", scope=ADMIN, roles=DECIDERS)
def set_signal(call: Call, signal: Key, body: SignalSet) -> Signal:
    """Set a signal; from the next night on everybody is looked at so."""
    setting.change(call.settings, signal, body.settings, body.on, by=call.by, now=call.actual)
    return get_signal(call, signal)


@operation("POST", "/signals/{signal}/replay", scope=WRITE, roles=DECIDERS)
def replay_signal(call: Call, signal: Key, body: SignalTried) -> Scorecard:
    """Replay a signal with other settings on the past; nothing is kept."""
    return _card(call, setting.replayed(call.settings, signal, body.settings, now=call.actual))


@operation("PUT", "/signals/{signal}", scope=WRITE, roles=EXPORTERS)
def change_signal(call: Call, signal: Key, body: NewSignal) -> Signal:
    """Give a signal that people built another title, rule or pause."""
    own.change(
        *(call.settings, signal, body.title, parse(body.rule), _ends(body), body.cooldown_days),
        by=call.by,
        now=call.actual,
    )
    return get_signal(call, signal)


@operation("DELETE", "/signals/{signal}", scope=WRITE, roles=EXPORTERS)
def delete_signal(call: Call, signal: Key) -> None:
    """Delete a signal that people built; what it raised stays in the history."""
    own.delete(call.settings, signal, by=call.by, now=call.actual)


@operation("GET", "/episodes", scope=READ)
def list_episodes(call: Call, query: EpisodeQuery) -> Page[Episode]:
    """List early warnings, the newest first."""
    seen = call.theirs
    if query.customer_id is not None:
        check_customers(call, [query.customer_id])
        seen = frozenset({query.customer_id})
    rows = reading.walked(
        *(call.settings, seen),
        now=call.actual,
        before_id=cursors.where(call, query, int),
        limit=query.limit + 1,
        signal=query.signal,
        only_open=query.open,
    )
    return cursors.page(
        call, query, rows, place=lambda row: row.episode_id, show=lambda row: episode_of(call, row)
    )


@operation("GET", "/episodes/{episode_id}", scope=READ)
def get_episode(call: Call, episode_id: Id) -> Episode:
    """Get an early warning."""
    found = reading.one_episode(call.settings, episode_id, now=call.actual)
    if found is None:
        raise not_here("episode", episode_id)
    return episode_of(call, found)


@operation("PATCH", "/episodes/{episode_id}", scope=WRITE, roles=WRITERS)
def change_episode(call: Call, episode_id: Id, body: EpisodeSaid) -> Episode:
    """Put an early warning off, show it again, or settle it."""
    if body.snoozed_until is not None or body.wake:
        judging.snooze(call.settings, episode_id, body.snoozed_until, by=call.by, now=call.actual)
    if body.settled:
        judging.end(call.settings, episode_id, by=call.by, now=call.actual)
    return get_episode(call, episode_id)


@operation("PUT", "/episodes/{episode_id}/right", scope=WRITE, roles=WRITERS)
def judge_episode(call: Call, episode_id: Id, body: Judged) -> Episode:
    """Say whether an early warning was right."""
    judging.judge(call.settings, episode_id, body.right, by=call.by, now=call.actual)
    return get_episode(call, episode_id)


def _ends(body: NewSignal) -> Expression | None:
    return None if body.ends_rule is None else parse(body.ends_rule)


def storms_of(call: Call, days: int) -> list[Storm]:
    """Storms of the last days that the key may see: of all customers or none."""
    found = [] if call.theirs is not None else reading.storms(call.settings, now=call.actual, days=days)
    return [
        Storm(
            id=each.storm_id, signal=each.signal_key, on=each.day, customers=each.customers, usual=each.usual
        )
        for each in found
    ]


def _signal(call: Call, row: reading.SignalRow, storms: Sequence[Storm]) -> Signal:
    signal = row.signal
    return Signal(
        key=signal.name,
        code=signal.code,
        title=call.say(signal.title),
        meaning=call.say(signal.meaning),
        cause=signal.cause,
        on=row.on,
        own=row.own,
        cooldown_days=signal.cooldown_days,
        settings=[
            SignalSetting(
                name=each.name,
                title=call.say(each.title),
                unit=each.unit,
                value=row.values[each.name],
                delivered=each.default,
                least=each.least,
                most=each.most,
            )
            for each in signal.settings
        ],
        open=row.open_count,
        raised_in_7_days=row.raised_last_7_days,
        storms=[each for each in storms if each.signal == signal.name],
        scorecard=None if row.scorecard is None else _card(call, row.scorecard),
    )


def _card(call: Call, card: scorecards.Scorecard) -> Scorecard:
    own_names = {name: getattr(card, name) for name in Scorecard.__struct_fields__ if name != "overlap"}
    return Scorecard(**{**own_names, "words": call.say(card.words), "overlap": dict(card.overlap)})


def episode_of(call: Call, row: reading.Raised) -> Episode:
    """An early warning as it is answered."""
    worth = row.value_at_risk_minor
    return Episode(
        id=row.episode_id,
        signal=row.signal_key,
        customer_id=row.unit_id,
        name=named(call, row.name),
        title=call.say(row.title),
        state=row.state,
        began_on=row.began,
        raised_at=moment(row.raised_us),
        ended_on=row.ended,
        ended_by=row.ended_by,
        ended_why=row.ended_why,
        strength=row.strength,
        evidence=[call.say(each) for each in row.evidence],
        numbers=dict(row.numbers),
        risk=row.risk,
        value_at_risk=None if worth is None else Money(amount_minor=worth, currency=row.currency),
        snoozed_until=row.snoozed_until,
        right=row.judged,
        judged_by=row.judged_by,
        first_look=row.first_look,
        storm_id=row.storm_id,
        acted_at=moment_or_none(row.acted_us),
    )
