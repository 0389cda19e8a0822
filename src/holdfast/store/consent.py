"""What customers agreed to: every statement is kept as it was made, and none is ever changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.consent import Statement, last_word
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import Walked, stretches, walk
from holdfast.store.notes import among
from holdfast.store.pauses import Pause

NO_ADDRESS = b""
"""The key of a statement that is about the customer, wherever they are reached."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a customer; ``address_key`` is :data:`NO_ADDRESS` where it is about no one address."""

    subject_id: int
    statement: Statement
    address_key: bytes = NO_ADDRESS


def say(settings: Settings, said: Iterable[Said], *, now_us: int) -> int:
    """Keep statements, in the order given; how many. Joins the caller's transaction, where there is one."""
    store.connect(settings)
    rows = [
        (
            each.subject_id,
            each.address_key,
            each.statement.topic,
            each.statement.channel,
            each.statement.given,
            min(each.statement.at_us, now_us),
            now_us,
            each.statement.how,
            each.statement.wording,
            each.statement.said_by,
            each.statement.source,
            each.statement.pace,
        )
        for each in said
    ]
    for row in rows:
        sql.write(
            "INSERT INTO consent_said (subject_id, address_key, topic, channel, given, at_us, kept_us, how, "
            "wording, said_by, source, pace) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            row,
        )
    return len(rows)


_COLUMNS = "id, subject_id, address_key, topic, channel, given, at_us, how, wording, said_by, source, pace"


def history(settings: Settings, subjects: Sequence[int]) -> list[Statement]:
    """Everything that a customer, or a contact of an account, said, in the order in which it was kept."""
    store.connect(settings)
    rows = sql.read(f"SELECT {_COLUMNS} FROM consent_said WHERE subject_id IN {among(subjects)} ORDER BY id")
    return [_statement(row) for row in rows]


def history_and_pause(
    settings: Settings, subjects: Sequence[int], *, now_us: int
) -> tuple[list[Statement], Pause | None]:
    """The history of a customer, and the pause that holds, if any: one statement."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_COLUMNS}, 0 AS pauses FROM consent_said WHERE subject_id IN {among(subjects)} "
        "UNION ALL SELECT id, subject_id, address_key, '', '', asked, until_us, '', why, made_by, "
        "CAST(made_us AS TEXT), NULL, 1 FROM contact_pause "
        f"WHERE subject_id IN {among(subjects)} AND until_us > %s AND ended_us IS NULL ORDER BY pauses, id",
        (now_us,),
    )
    said = [_statement(row[:-1]) for row in rows if not row[-1]]
    pauses = [
        Pause(int(row[0]), int(row[1]), int(row[6]), bool(row[5]), str(row[8]), int(row[10]), str(row[9]))
        for row in rows
        if row[-1]
    ]
    return said, max(pauses, key=lambda each: each.until_us, default=None)


def last_told(
    settings: Settings, subjects: Collection[int], wordings: Collection[str]
) -> dict[tuple[int, str], int]:
    """(subject, wording) to when a program last told it in these words; who was never told of is left out."""
    store.connect(settings)
    marks = ", ".join(["%s"] * len(wordings))
    return {
        (int(subject), str(wording)): int(at_us)
        for some in stretches(sorted(subjects))
        for subject, wording, at_us in sql.read(
            "SELECT subject_id, wording, MAX(at_us) FROM consent_said WHERE how = 'program' "
            f"AND subject_id IN {among(some)} AND wording IN ({marks}) GROUP BY subject_id, wording",
            list(wordings),
        )
    }


def of_people(
    settings: Settings, whom: Collection[tuple[int | None, bytes]], walked: Walked | None = None
) -> dict[tuple[int | None, bytes], list[Statement]]:
    """What was said by each of ``whom``: (a subject, the key of the address), in the order kept.

    A person's statements under every id of theirs count, and whatever was said for the address itself,
    whoever it belongs to. A few statements, however many are asked for; ``walked`` saves one where the
    links of all of them are known already.
    """
    store.connect(settings)
    known = {subject for subject, _ in whom if subject is not None}
    walked = walked or walk(known)
    rows = _rows(known | walked.unit.keys(), {key for _, key in whom if key})
    found: dict[tuple[int | None, bytes], list[Statement]] = {}
    for subject, key in whom:
        unit = None if subject is None else walked.unit_of(subject)
        found[subject, key] = [
            _statement(row)
            for row in rows
            if (unit is not None and walked.unit_of(int(row[1])) == unit) or (key and bytes(row[2]) == key)
        ]
    return found


def allows(
    settings: Settings, subject_id: int | None, address_key: bytes, topic: str, channel: str
) -> bool | None:
    """Whether a person agreed to this; ``None`` where nothing was said about it."""
    found = of_people(settings, [(subject_id, address_key)])[subject_id, address_key]
    word = last_word(found, topic, channel)
    return None if word is None else word.given


def channels_of(settings: Settings, subject_id: int) -> set[str]:
    """The messengers on which a person wrote to us."""
    store.connect(settings)
    if not subject_id:
        return set()
    ids = walk({subject_id}).unit.keys()
    rows = sql.read(
        f"SELECT DISTINCT channel FROM inbox_conversation WHERE subject_id IN {among(sorted(ids))}"
    )
    return {str(channel) for (channel,) in rows}


def _rows(subjects: Collection[int], keys: Collection[bytes]) -> list[sql.Row]:
    if not subjects and not keys:
        return []
    conditions, values = [], []
    if subjects:
        conditions.append(f"subject_id IN {among(sorted(subjects))}")
    if keys:
        conditions.append(f"address_key IN ({', '.join(['%s'] * len(keys))})")
        values = list(keys)
    return sql.read(
        f"SELECT {_COLUMNS} FROM consent_said WHERE {' OR '.join(conditions)} ORDER BY id", values
    )


def _statement(row: sql.Row) -> Statement:
    _, _, _, topic, channel, given, at_us, how, wording, said_by, source, pace = row
    return Statement(topic, channel, bool(given), int(at_us), how, wording, said_by, source, pace)
