"""Cases: complaints and requests, opened, given to somebody, solved with how, closed and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import CASE_KINDS, CASE_OUTCOMES, CASE_STATES, CASE_STEPS, CaseStep
from holdfast.services.act import work_typed
from holdfast.services.act.tasks import said
from holdfast.services.act.work_mail import tell_owner
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.cases import Case, NewCase
    from holdfast.store.work import Done

CLOSED_AFTER_DAYS = 7
"""A solved case in which nothing happens for so long is closed by itself."""

NOBODY = "Holdfast"
"""Who does what happens by itself."""


def open_case(settings: Settings, new: NewCase, *, by: str, now: datetime) -> int:
    """Open a case; its number, and that of the one there is where ``key`` was opened already.

    Who looks after it hears of it by mail where they want to. Refuses as tasks do.
    """
    from holdfast.store import cases, sql

    work_typed.one_of(new.kind, CASE_KINDS, "bad_kind")
    work_typed.priority(new.priority)
    work_typed.due(new.due_us)
    work_typed.owner(settings, new.owner_id)
    work_typed.check_customer(settings, new.subject_id)
    work_typed.check_conversation(settings, new.conversation_id)
    checked = replace(new, title=work_typed.title(new.title), text=work_typed.text(new.text))
    with sql.short_write():
        case_id, is_new = cases.add(settings, checked, by=by, now_us=_us(now))
        if is_new:
            tell_owner(settings, _one(settings, case_id), by=by, now=now)
    return case_id


def step(
    settings: Settings,
    case_id: int,
    do: CaseStep,
    outcome: str = "",
    reason: str = "",
    *,
    by: str,
    now: datetime,
) -> None:
    """Let a case wait for the customer, be solved, be closed, or be opened again.

    Solving takes how (:data:`~holdfast.domain.work.CASE_OUTCOMES`, "bad_outcome"). Refuses a step that
    does not follow from the state it is in ("moved_on").
    """
    from holdfast.store import cases
    from holdfast.store.work import Done

    case, written = _one(settings, case_id), work_typed.text(reason)
    before, after = CASE_STEPS[do]
    if case.state not in before:
        raise work_typed.moved_on(CASE_STATES[case.state])
    values: dict[str, object] = {"state": after}
    if do == "solve":
        work_typed.one_of(outcome, CASE_OUTCOMES, "bad_outcome")
        values |= {"solved_us": _us(now), "outcome": outcome, "reason": written}
    elif do == "close":
        values |= {"closed_us": _us(now)}
    elif do == "reopen":
        values |= {"closed_us": None, "outcome": "", "reason": ""}
    done = Done(_WHAT[do], case.state, outcome if do == "solve" else after, written)
    if not cases.change(settings, case_id, values, done, by=by, now_us=_us(now), state=case.state):
        raise work_typed.moved_on(CASE_STATES[_one(settings, case_id).state])


_WHAT: dict[CaseStep, str] = {
    "wait": "waiting",
    "solve": "solved",
    "close": "closed",
    "reopen": "reopened",
}


def assign(settings: Settings, case_id: int, person_id: int | None, *, by: str, now: datetime) -> None:
    """Let somebody look after a case, ``None`` nobody."""
    from holdfast.store import sql
    from holdfast.store.work import Done

    case, person = _one(settings, case_id), work_typed.owner(settings, person_id)
    if case.owner_id == person_id:
        return
    name = "" if person is None else person.name or person.email
    with sql.short_write():
        _change(settings, case, {"owner_id": person_id}, Done("assigned", case.owner, name), by, now)
        tell_owner(settings, _one(settings, case_id), by=by, now=now)


def promise(settings: Settings, case_id: int, due_us: int | None, *, by: str, now: datetime) -> None:
    """Say until when a case is promised to be put right, ``None`` for no promise."""
    from holdfast.store.work import Done

    case, at_us = _one(settings, case_id), work_typed.due(due_us)
    if case.due_us != at_us:
        was, became = ("" if each is None else str(each) for each in (case.due_us, at_us))
        _change(settings, case, {"due_us": at_us}, Done("due", was, became), by, now)


def rate(settings: Settings, case_id: int, priority: int, *, by: str, now: datetime) -> None:
    """Give a case another priority, 0 (urgent) to 3 (low)."""
    from holdfast.store.work import Done

    case, wanted = _one(settings, case_id), work_typed.priority(priority)
    if case.priority != wanted:
        done = Done("priority", str(case.priority), str(wanted))
        _change(settings, case, {"priority": wanted}, done, by, now)


def rename(settings: Settings, case_id: int, title: str, text: str, *, by: str, now: datetime) -> None:
    """Write a case's title and text anew; what stood there stays in its history."""
    from holdfast.store.work import Done

    case = _one(settings, case_id)
    kept, more = work_typed.title(title), work_typed.text(text)
    if (case.title, case.text) != (kept, more):
        done = Done("named", case.title, kept, "" if case.text == more else case.text)
        _change(settings, case, {"title": kept, "text": more}, done, by, now)


def comment(settings: Settings, case_id: int, text: str, *, by: str, now: datetime) -> None:
    """Write something below a case, for colleagues. Refuses nothing and too much ("bad_text")."""
    from holdfast.store.work import Done

    case = _one(settings, case_id)
    _change(settings, case, {}, Done("commented", text=said(text)), by, now)


def carry_on(settings: Settings, now: datetime) -> int:
    """Open again whose customer has written since; close what has long been solved. How many changed."""
    from holdfast.store import cases

    changed = 0
    for case_id in cases.answered(settings):
        changed += _by_itself(settings, case_id, "reopen", now)
    for case_id in cases.long_solved(settings, _us(now) - CLOSED_AFTER_DAYS * 86_400_000_000):
        changed += _by_itself(settings, case_id, "close", now)
    return changed


def _by_itself(settings: Settings, case_id: int, do: CaseStep, now: datetime) -> bool:
    try:
        step(settings, case_id, do, by=NOBODY, now=now)
    except Refusal:  # somebody was faster
        return False
    return True


def _change(
    settings: Settings, case: Case, values: Mapping[str, object], done: Done, by: str, now: datetime
) -> None:
    from holdfast.store import cases

    if not cases.change(settings, case.id, values, done, by=by, now_us=_us(now)):
        raise _missing(case.id)


def _one(settings: Settings, case_id: int) -> Case:
    from holdfast.store import cases

    found = cases.one(settings, case_id)
    if found is None:
        raise _missing(case_id)
    return found


def _missing(case_id: int) -> Refusal:
    return Refusal(
        "no_such_case",
        found=Text("There is no case {id}.", id=str(case_id)),
        expected=Text("The number of a case, as the list of cases shows it."),
        remedy=Text("Look for it in the list; nothing was changed."),
    )


def _us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
