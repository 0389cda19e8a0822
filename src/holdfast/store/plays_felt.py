"""What plays did to customers of the demo company since it was last asked, for the company to react to."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_NAMESPACE = "customer"
"""In which the demo company's files name their customers."""


@dataclass(frozen=True, slots=True)
class Felt:
    """Something that reached a customer: ``what`` is a channel, the kind of a task, or of a grant; ``amount``
    in ``unit`` for a grant. ``customer`` is the id in the company's files.
    """

    number: int
    customer: str
    what: str
    amount: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a customer was sent: what its link ends with, how it is answered, and how many answers
    there are to choose from.
    """

    token: str
    customer: str
    kind: str
    choices: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """That a customer entered a play."""

    play: str
    customer: str
    arm: str
    entered_us: int


def touches(settings: Settings, after: int) -> list[Felt]:
    """Messages of plays that were taken for delivery since the try ``after``, in order."""
    store.connect(settings)
    rows = sql.read(
        "SELECT y.id, s.key, t.channel FROM touch_try y JOIN touch t ON t.id = y.touch_id "
        "JOIN subject s ON s.id = COALESCE(t.subject_id, t.unit_id) "
        "WHERE y.id > %s AND y.what = 'sent' AND t.key LIKE 'play:%%' AND t.purpose <> 'staff' "
        "AND s.namespace = %s ORDER BY y.id",
        (after, _NAMESPACE),
    )
    return [Felt(int(number), customer, channel) for number, customer, channel in rows]


def grants(settings: Settings, after: int) -> list[Felt]:
    """What was granted since the grant ``after``, in order."""
    store.connect(settings)
    rows = sql.read(
        "SELECT g.id, s.key, g.kind, g.amount, g.unit FROM granted g JOIN subject s ON s.id = g.subject_id "
        "WHERE g.id > %s AND s.namespace = %s ORDER BY g.id",
        (after, _NAMESPACE),
    )
    return [Felt(int(number), key, kind, int(amount), unit) for number, key, kind, amount, unit in rows]


def open_tasks(settings: Settings, most: int) -> list[Felt]:
    """Tasks of plays that wait to be done, the most pressing first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT t.id, s.key, t.kind FROM task t JOIN subject s ON s.id = t.subject_id "
        "WHERE t.origin = 'play' AND t.state = 'open' AND s.namespace = %s "
        "ORDER BY t.priority, t.due_us IS NULL, t.due_us, t.id LIMIT %s",
        (_NAMESPACE, most),
    )
    return [Felt(int(number), customer, kind) for number, customer, kind in rows]


def asked(settings: Settings, from_us: int, until_us: int) -> list[Question]:
    """Questions of plays that went out in a stretch of the company's time and are not answered, in order."""
    store.connect(settings)
    rows = sql.read(
        "SELECT a.token, s.key, a.kind, a.choices FROM survey_asked a JOIN subject s ON s.id = a.subject_id "
        "WHERE a.sent_us >= %s AND a.sent_us < %s AND a.answered_us IS NULL AND s.namespace = %s "
        "ORDER BY a.id",
        (from_us, until_us, _NAMESPACE),
    )
    return [Question(token, key, kind, len(sql.json_value(choices))) for token, key, kind, choices in rows]


def enrolled(settings: Settings) -> list[Enrolled]:
    """Everybody who ever entered a play."""
    store.connect(settings)
    rows = sql.read(
        "SELECT p.key, s.key, e.arm, e.entered_us FROM enrolment e JOIN play p ON p.id = e.play_id "
        "JOIN subject s ON s.id = e.unit_id WHERE s.namespace = %s ORDER BY e.id",
        (_NAMESPACE,),
    )
    return [Enrolled(play, customer, arm, int(entered)) for play, customer, arm, entered in rows]


def customers(settings: Settings) -> dict[int, str]:
    """Subject to the id in the company's files."""
    store.connect(settings)
    rows = sql.read("SELECT id, key FROM subject WHERE namespace = %s", (_NAMESPACE,))
    return {int(number): str(key) for number, key in rows}


def mail_domains(settings: Settings) -> list[str]:
    """The domains of all addresses, each once."""
    store.connect(settings)
    rows = sql.read("SELECT value FROM contact_point WHERE kind = 'email'", ())
    return sorted({str(value).rpartition("@")[2].lower() for (value,) in rows} - {""})
