"""Help: who asks, who answers, how well, and what that leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from holdfast.simulate import draws
from holdfast.simulate.arrays import Array, Flags, Ints
from holdfast.simulate.causes import CAUSES, cause_index
from holdfast.simulate.countries import countries
from holdfast.simulate.diary import Columns
from holdfast.simulate.draws import Purpose
from holdfast.simulate.people import Kind, Stage
from holdfast.simulate.speaking import note_texts, theme_index, write_words
from holdfast.simulate.today import DAY_US, HOUR_US, MINUTE_US, Today, strings


class Topic(IntEnum):
    """What a ticket is about."""

    QUESTION = 0
    WHERE_IS_IT = 1
    QUALITY = 2
    PAYMENT = 3
    APP = 4
    BILLING = 5
    COMPLAINT = 6
    DISCOUNT = 7


@dataclass(frozen=True, slots=True)
class Agent:
    """Someone who answers: languages, median minutes to the first answer, and how often (shares)
    tickets stay unsolved, customers are treated rudely, and promises are not kept.
    """

    name: str
    languages: tuple[str, ...]
    minutes: float
    unsolved: float
    rude: float
    broken: float
    share: float = 1.0


AGENTS: tuple[Agent, ...] = (
    Agent("Aisling", ("en",), 18, 0.06, 0.002, 0.05),
    Agent("Tom", ("en",), 45, 0.10, 0.01, 0.12),
    Agent("Radu", ("ro",), 25, 0.07, 0.002, 0.06),
    Agent("Corina", ("ro",), 95, 0.16, 0.01, 0.25),
    Agent("Nazanin", ("fa",), 30, 0.08, 0.002, 0.08),
    Agent("Elena", ("bg",), 35, 0.08, 0.004, 0.08),
    Agent("Krasimir", ("bg",), 70, 0.18, 0.10, 0.15),
    Agent("Timur", ("ru",), 420, 0.24, 0.02, 0.22),
    Agent("Dana", ("ru",), 60, 0.08, 0.004, 0.10),
    Agent("Wei", ("zh",), 28, 0.07, 0.002, 0.06),
    Agent("Night desk", ("en", "ro", "fa", "bg", "ru", "zh"), 8, 0.34, 0.0, 0.12, share=0.45),
)
"""The night desk answers at once and by template; Timur is slow; Krasimir is unkind."""

NIGHT_DESK = 10
TOPIC_CODES = tuple(topic.name.lower() for topic in Topic)
_ASKS_A_DAY = 0.0014
_CALLS_TOO = 0.6
"""Of those whose problem comes back so many ask on the phone too, twice (C2)."""
_UNSOLVED, _CANNED, _RUDE, _REPEATED = 0.0050, 0.0040, 0.0110, 0.0060
_BROKEN, _SLOW, _SLOWISH = 0.0050, 0.0045, 0.0008
_PUT_RIGHT = 0.35
"""The share of all grievances that a quick and good answer takes away: a complaint is a gift."""

_OUTAGE_LOAD, _WEEKEND_LOAD = 12.0, 2.5
_MAX_DAYS = 12


def ask_for_help(today: Today) -> None:
    """Those with a reason today, and some without a special one, open a ticket each."""
    rows, topics = _with_reason(today)
    more = np.setdiff1d(_without_reason(today), rows)
    topics = np.concatenate([topics, _usual_topics(today, more)])
    rows = np.concatenate([rows, more])
    if len(rows):
        order = np.argsort(rows, kind="stable")
        _open(today, rows[order], topics[order])


def work_on_tickets(today: Today) -> None:
    """Tickets of earlier days are answered and closed, and closed ones come back."""
    answered = today.diary.take("answered", today.day)
    if answered is not None:
        _show(today, answered, closed=False)
    closed = today.diary.take("closed", today.day)
    if closed is not None:
        _close(today, closed)
    later = today.diary.take("said", today.day)
    if later is not None:
        for name in ("Promise Made", "Promise Kept", "Ticket Reopened", "Call Received"):
            _say(today, name, {key: column[later["name"] == name] for key, column in later.items()})


def _with_reason(today: Today) -> tuple[Ints, Ints]:
    if not today.asks:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = np.concatenate([rows for rows, _ in today.asks])
    topics = np.concatenate([np.full(len(rows), topic, np.int64) for rows, topic in today.asks])
    kept = today.people.kind[rows] != Kind.WHOLESALE
    rows, first = np.unique(rows[kept], return_index=True)
    return rows, topics[kept][first]


def _without_reason(today: Today) -> Ints:
    people = today.people
    recent = (people.stage == Stage.NOT_YET) & (people.arrived > today.day - 60)
    rows = np.flatnonzero((people.present() | recent) & (people.kind != Kind.WHOLESALE))
    factor = np.where(people.stage[rows] == Stage.WAVERING, 3.5, 1.0)
    return rows[today.uniform(rows, Purpose.ASK_HELP) < _ASKS_A_DAY * factor]


def _usual_topics(today: Today, rows: Ints) -> Ints:
    people = today.people
    drawn = today.uniform(rows, Purpose.ASK_HELP, 1)
    usual = draws.choose(drawn, np.array([0.6, 0.04, 0.03, 0.05, 0.12, 0.16]))
    wavers = people.stage[rows] == Stage.WAVERING
    cause = np.where(wavers, people.cause[rows], 0)
    haggles = wavers & np.isin(cause, [cause_index("price_too_high"), cause_index("competitor_better_offer")])
    ours = np.array([c.origin == "ours" for c in CAUSES])[cause]
    topics = np.where(wavers & ours & (drawn < 0.8), int(Topic.COMPLAINT), usual)
    chosen: Ints = np.where(haggles & (drawn < 0.75), int(Topic.DISCOUNT), topics)
    return chosen


def _open(today: Today, rows: Ints, topics: Ints) -> None:
    people = today.people
    people.tickets[rows] += 1
    again = (people.last_topic[rows] == topics) & (today.day - people.last_ticket[rows] < 90)
    again &= (people.last_ticket[rows] >= 0) & (topics != Topic.QUESTION)
    people.last_ticket[rows], people.last_topic[rows] = today.day, topics
    ticket = {
        "row": rows,
        "id": today.numbered("T", rows, people.tickets[rows]),
        "topic": topics,
        "again": again,
        "opened": today.moments(rows, Purpose.TICKET),
        **_words(today, rows, topics, again),
    }
    ticket |= _work(today, ticket)
    _show(today, ticket, closed=False)
    note_texts(today, "ticket", ticket["id"], rows, ticket["theme"], ticket["leaving"])
    waits = _day_of(today, ticket["answered"]) > today.day
    later = _day_of(today, ticket["answered"]) < _day_of(today, ticket["done"])
    _put(today, "answered", ticket, waits & later, _day_of(today, ticket["answered"]))
    closes = np.maximum(_day_of(today, ticket["done"]), today.day + 1)
    _put(today, "closed", ticket, np.ones(len(rows), bool), closes)


def _work(today: Today, ticket: Columns) -> Columns:
    rows = ticket["row"]
    agent = _agents(today, rows)
    load = _OUTAGE_LOAD if today.is_outage else (_WEEKEND_LOAD if today.on.weekday() >= 5 else 1.0)
    medians = np.array([a.minutes for a in AGENTS])[agent]
    minutes = np.clip(medians * load * np.exp(0.9 * today.normal(rows, Purpose.TICKET)), 1, 9000)
    solved = today.uniform(rows, Purpose.TICKET_QUALITY, 0) >= np.array([a.unsolved for a in AGENTS])[agent]
    hours = np.where(solved, 4.0, 30.0) * np.exp(0.8 * today.normal(rows, Purpose.TICKET, 1))
    answered = ticket["opened"] + (minutes * MINUTE_US).astype(np.int64) // 1_000_000 * 1_000_000
    done = answered + (hours * 3600).astype(np.int64) * 1_000_000
    done = np.minimum(done, ticket["opened"] + _MAX_DAYS * DAY_US)
    # A ticket is closed on a day of its own, so that everyone can see it open.
    done = np.maximum(done, (today.number + 1) * DAY_US + 7 * HOUR_US)
    return {"agent": agent, "minutes": minutes, "solved": solved, "answered": answered, "done": done}


def _agents(today: Today, rows: Ints) -> Ints:
    speaks = np.array([[a.share if c.language in a.languages else 0.0 for a in AGENTS] for c in countries()])
    return draws.choose_by_row(
        today.uniform(rows, Purpose.TICKET_QUALITY, 3), speaks[today.people.country[rows]]
    )


def _words(today: Today, rows: Ints, topics: Ints, again: Flags) -> Columns:
    drawn = today.uniform(rows, Purpose.TICKET, 5)
    first = [_TEXTS[topic][0] for topic in topics.tolist()]
    other = [_TEXTS[topic][-1] for topic in topics.tolist()]
    themes = np.where(drawn < 0.6, [theme_index(t) for t in first], [theme_index(t) for t in other])
    themes = np.where(again, theme_index("repeated_issue"), themes)
    complains = (topics == Topic.COMPLAINT) & (today.people.cause[rows] >= 0)
    themes = np.where(complains, today.people.cause[rows], themes).astype(np.int64)
    leaving = complains & (today.uniform(rows, Purpose.TICKET, 6) < 0.3)
    return {"theme": themes, "leaving": leaving, "text": write_words(today, rows, themes, 0, leaving)}


_TEXTS: dict[int, tuple[str, ...]] = {
    Topic.QUESTION: ("question",),
    Topic.WHERE_IS_IT: ("late_delivery", "no_information"),
    Topic.QUALITY: ("poor_quality",),
    Topic.PAYMENT: ("payment_problem",),
    Topic.APP: ("bugs_outages",),
    Topic.BILLING: ("unclear_pricing_hidden_fees", "question"),
    Topic.COMPLAINT: ("poor_support", "unresolved_complaint"),
    Topic.DISCOUNT: ("discount",),
}


def _close(today: Today, ticket: Columns) -> None:
    rows, agent = ticket["row"], ticket["agent"]
    rude = today.uniform(rows, Purpose.TICKET_QUALITY, 1) < np.array([a.rude for a in AGENTS])[agent]
    broken = _promise(today, ticket)
    unsolved = ~ticket["solved"] & (ticket["topic"] != Topic.QUESTION)
    canned = agent == NIGHT_DESK
    for which, cause, amount in (
        (rude, "rude_staff", _RUDE),
        (broken, "inconsistent_followup", _BROKEN),
        (unsolved & ~canned, "unresolved_complaint", _UNSOLVED),
        (unsolved & canned, "poor_support", _CANNED),
        (ticket["again"], "repeated_issue", _REPEATED),
        (ticket["minutes"] > 24 * 60, "slow_response", _SLOW),
        ((ticket["minutes"] > 4 * 60) & (ticket["minutes"] <= 24 * 60), "slow_response", _SLOWISH),
    ):
        today.grieve(rows[which], cause_index(cause), amount)
    well = ticket["solved"] & ~rude & ~broken & ~ticket["again"] & (ticket["minutes"] <= 4 * 60)
    today.forgive(rows[well & (ticket["topic"] != Topic.QUESTION)], _PUT_RIGHT)
    pleased = 4.4 - 2.2 * unsolved - 2.4 * rude - 0.9 * broken - 0.8 * (ticket["minutes"] > 24 * 60)
    score = np.clip(np.round(pleased + 0.7 * today.normal(rows, Purpose.TICKET_RATING)), 1, 5)
    rates = today.uniform(rows, Purpose.TICKET_RATING, 1) < 0.36
    _show(today, ticket, closed=True, score=np.where(rates, score, -1).astype(np.int64))
    back = unsolved & (today.uniform(rows, Purpose.TICKET_QUALITY, 4) < 0.5)
    _say_later(today, "Ticket Reopened", ticket, back, ticket["done"] + 20 * HOUR_US)
    calls = back & (today.uniform(rows, Purpose.TICKET_QUALITY, 6) < _CALLS_TOO)
    for hours in (27, 52):
        _say_later(today, "Call Received", ticket, calls, ticket["done"] + hours * HOUR_US)


def _promise(today: Today, ticket: Columns) -> Flags:
    """In a quarter of the tickets a further step is promised at closing; not all are kept (I4, C11)."""
    rows, made = ticket["row"], ticket["done"]
    promises = today.uniform(rows, Purpose.TICKET_QUALITY, 2) < 0.25
    kept = (
        today.uniform(rows, Purpose.TICKET_QUALITY, 5)
        >= np.array([a.broken for a in AGENTS])[ticket["agent"]]
    )
    _say_later(today, "Promise Made", ticket, promises, made, promised_at=made + 2 * DAY_US)
    _say_later(today, "Promise Kept", ticket, promises & kept, made + 30 * HOUR_US)
    return promises & ~kept


def _say_later(
    today: Today, name: str, ticket: Columns, which: Flags, at: Ints, promised_at: Ints | None = None
) -> None:
    promised = np.full(len(at), -1, np.int64) if promised_at is None else promised_at
    said = {
        "row": ticket["row"],
        "id": ticket["id"],
        "at": at,
        "promised_at": promised,
        "name": strings([name] * len(at)),
    }
    chosen = {key: column[which] for key, column in said.items()}
    now = _day_of(today, chosen["at"]) <= today.day
    _say(today, name, {key: column[now] for key, column in chosen.items()})
    _put(today, "said", chosen, ~now, _day_of(today, chosen["at"]))


def _say(today: Today, name: str, said: Columns) -> None:
    if len(said["row"]):
        today.event(
            name,
            said["row"],
            said["at"],
            object_kind="ticket",
            object_id=said["id"],
            promised_at=said["promised_at"],
        )


def _show(today: Today, ticket: Columns, *, closed: bool, score: Ints | None = None) -> None:
    """Put tickets, as far as they are known by the end of today, into today's table."""
    end, rows = (today.number + 1) * DAY_US, ticket["row"]
    never = np.full(len(rows), -1, np.int64)
    topics = ticket["topic"].tolist()
    today.add(
        "tickets",
        customer=today.ids(rows),
        ticket_id=ticket["id"],
        opened_at=ticket["opened"],
        answered_at=np.where(ticket["answered"] < end, ticket["answered"], never),
        closed_at=ticket["done"] if closed else never,
        score=never if score is None else score,
        topic=strings([TOPIC_CODES[topic] for topic in topics]),
        priority=strings(["normal" if topic == Topic.QUESTION else "high" for topic in topics]),
        channel=strings(np.where(today.people.chats[rows], "chat", "email").tolist()),
        agent=strings([AGENTS[agent].name for agent in ticket["agent"].tolist()]),
        text=ticket["text"],
    )


def _put(today: Today, kind: str, ticket: Columns, which: Flags, days: Ints) -> None:
    if which.any():
        chosen: dict[str, Array] = {name: column[which] for name, column in ticket.items()}
        today.diary.put(kind, days[which], chosen)


def _day_of(today: Today, at: Ints) -> Ints:
    day: Ints = at // DAY_US - today.number + today.day
    return day
