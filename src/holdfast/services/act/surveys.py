"""Questions to customers: asked by a message, answered on our own page, read as any other answer.

What was answered is an event "Survey Answered" from the source "surveys": it stands on the timeline, its
words are read, and they speak for the cause of a loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from holdfast.domain import surveys
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.surveys import Answer, Question
from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.surveys import Asked, Counted, NewAsked

SOURCE = "surveys"
"""The kind of the sources under which answers are kept, and the name of the first."""

WEEKS = 26
"""So many weeks back answers are shown over time."""

MOST_QUOTES = 8
_DAY_US = 86_400_000_000


def new_asked(
    settings: Settings,
    key: str,
    asked: Question,
    *,
    play_key: str,
    subject_id: int,
    language: str,
    words: tuple[str, tuple[str, ...]],
) -> NewAsked:
    """A question to a customer, not kept yet; ``words`` are the question and the answers to choose from."""
    from holdfast.store.surveys import NewAsked

    return NewAsked(
        key,
        token_of(settings, key),
        play_key,
        key.rpartition(":")[2][:40],
        subject_id,
        asked.kind,
        asked.code,
        language,
        *words,
    )


def token_of(settings: Settings, key: str) -> str:
    """What the link to the question of a message ends with."""
    from holdfast.store import suppression

    return surveys.token(key, suppression.links_secret(settings))


def keep(settings: Settings, asked: Sequence[NewAsked], *, present_us: int, now_us: int) -> None:
    """Keep questions that are being asked, in the caller's transaction; links work from ``now_us`` on."""
    from holdfast.store import surveys as stored

    if asked:
        ends_us = now_us + surveys.VALID_DAYS * _DAY_US
        stored.add(settings, asked, asked_us=present_us, ends_us=ends_us)


def sent_facts(
    settings: Settings, touch_ids: Sequence[int], *, present_us: int, now_us: int
) -> list[LogEvent]:
    """The facts of questions among messages that just went out."""
    from holdfast.store import surveys as stored
    from holdfast.store.ingest_log import LogEvent
    from holdfast.store.outbox_sending import SOURCE as OURS
    from holdfast.store.outbox_sending import event_key

    return [
        LogEvent(
            event_key=event_key(touch_id, "survey", 0),
            message_id=None,
            subject_id=subject_id,
            at_us=present_us,
            known_us=now_us,
            name=surveys.SENT,
            source=OURS,
            object_kind="survey",
            object_id=str(touch_id),
            code=code,
        )
        for touch_id, subject_id, code in stored.note_sent(settings, touch_ids, now_us=present_us)
    ]


def opened(settings: Settings, token: str, *, now_us: int) -> Asked | None:
    """The question that a link opens; ``None`` for one that is not ours or whose customer is erased.

    Refuses a link that is too old ("too_old").
    """
    from holdfast.store import surveys as stored

    found = stored.by_token(settings, token) if len(token) < 40 and token.isascii() else None
    if found is not None and found.ends_us <= now_us and found.answered_us is None:
        raise Refusal(
            "too_old",
            found=Text("The question was asked long ago."),
            expected=Text("An answer within {n} days.", n=surveys.VALID_DAYS),
            remedy=Text("Answer any of our messages: a person reads it."),
        )
    return found


def answer(settings: Settings, asked: Asked, given: Answer, *, now_us: int) -> bool:
    """Keep the answer to a question; whether it is the first: a second one changes nothing."""
    from holdfast.services.collect.arrive import accept_calls
    from holdfast.store import known_ids, live_sources, sql
    from holdfast.store import surveys as stored

    at_us = min(now_us, microseconds(settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))))
    at_us -= at_us % 1_000  # as precise as an event is told
    with sql.short_write():
        words = bool(given.words)
        if not stored.answer(settings, asked.id, given.score, words=words, now_us=at_us):
            return False
        namespace, key = known_ids.id_of(settings, asked.subject_id)
        name = SOURCE if namespace == "customer" else f"{SOURCE}: {namespace}"
        source = live_sources.ensure(settings, name, SOURCE, namespace=namespace, now_us=now_us)
        accept_calls(settings, source, [_call(asked, given, key, at_us)], received_us=now_us)
    return True


def _call(asked: Asked, given: Answer, key: str, at_us: int) -> Mapping[str, Any]:
    from holdfast.services.collect.look_up import moment

    properties: dict[str, Any] = {
        "survey": asked.code,
        "survey_id": f"{asked.play_key}/{asked.step_id}",
        "question": asked.question,
    }
    if given.score is not None:
        properties["score"] = given.score
    chosen = asked.choices[given.score - 1] if asked.kind == "choice" and given.score else ""
    if text := "\n".join(part for part in (chosen, given.words) if part):
        properties["text"] = text
    return {
        "type": "track",
        "userId": key,
        "event": surveys.ANSWERED,
        "properties": properties,
        "timestamp": moment(at_us),
        "messageId": f"survey-{asked.id}",
    }


@dataclass(frozen=True, slots=True)
class Share:
    """One answer: the mark, what stands on it, how many gave it, and their share of all who answered.

    ``low`` and ``high`` are its 95 % interval; with fewer than :data:`~holdfast.domain.surveys.ENOUGH`
    answers there is no share.
    """

    score: int
    label: str
    count: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quoted:
    """What one customer wrote, without what says who they are."""

    text: str
    score: int | None
    at_us: int


@dataclass(frozen=True, slots=True)
class Results:
    """What came of one question; ``answered_share`` is the share of those asked, with its interval.

    ``over_time`` has the weeks that had answers: (its first day in microseconds, answers, mean mark).
    """

    of: Counted
    answered_share: Share
    shares: tuple[Share, ...]
    mean: float | None
    over_time: tuple[tuple[int, int, float | None], ...]
    quotes: tuple[Quoted, ...]

    @property
    def enough(self) -> bool:
        """Whether there are answers enough to tell shares."""
        return self.of.answered >= surveys.ENOUGH


def listed(settings: Settings, play_key: str = "") -> list[Counted]:
    """Every question that was asked (by one play), what was answered last first."""
    from holdfast.store import surveys as stored

    return stored.counted(settings, play_key)


def results(settings: Settings, play_key: str, step_id: str, *, now_us: int) -> Results | None:
    """What came of the question of a step; ``None`` where nobody was asked."""
    from holdfast.store import surveys as stored

    found = next((each for each in stored.counted(settings, play_key) if each.step_id == step_id), None)
    if found is None:
        return None
    counts = {
        score: count
        for kind, score, count in stored.scores(settings, play_key, step_id)
        if kind == found.kind and score is not None
    }
    whole = sum(counts.values())
    shares = tuple(
        _share(score, counts.get(score, 0), whole, _label(found, score))
        for score in surveys.scores_of(found.kind, len(found.choices))
    )
    mean = sum(score * count for score, count in counts.items()) / whole if whole >= surveys.ENOUGH else None
    week_us = 7 * _DAY_US
    since_us = now_us - WEEKS * week_us
    weeks = stored.over_time(settings, play_key, step_id, since_us=since_us, width_us=week_us)
    return Results(
        found,
        _share(1, min(found.answered, found.sent), found.sent, ""),
        shares,
        mean if found.kind in surveys.MARKS else None,
        tuple((since_us + place * week_us, count, average) for place, count, average in weeks),
        _quotes(settings, play_key, step_id),
    )


def _share(score: int, count: int, whole: int, label: str) -> Share:
    from holdfast.analytics.intervals import wilson

    if whole < surveys.ENOUGH:
        return Share(score, label, count, None, None, None)
    return Share(score, label, count, count / whole, *wilson(count, whole))


def _label(found: Counted, score: int) -> str:
    return found.choices[score - 1] if found.kind == "choice" else str(score)


def _quotes(settings: Settings, play_key: str, step_id: str) -> tuple[Quoted, ...]:
    from holdfast.services.understand.quotes import of_texts
    from holdfast.store import surveys as stored
    from holdfast.store.texts_at import texts_at

    said = stored.said(settings, play_key, step_id, MOST_QUOTES)
    there = texts_at(settings, [(who, at_us) for who, at_us, _ in said])
    kept = [each for each in said if each[:2] in there]
    words = of_texts(settings, [(who, at_us) for who, at_us, _ in kept])
    return tuple(Quoted(text, score, at_us) for text, (_, at_us, score) in zip(words, kept, strict=True))
