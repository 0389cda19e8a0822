"""Cases: complaints and requests, opened, given to somebody, solved with how, closed and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.work import CASE_KINDS, CASE_OUTCOMES, CASE_STATES, CASE_STEPS, CaseStep
from holdfast.services.act import work_edits, work_typed
from holdfast.services.act.work_edits import Edit
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

    checked = work_typed.checked(settings, new, CASE_KINDS)
    with sql.short_write():
        case_id, is_new = cases.add(settings, checked, by=by, now_us=microseconds(now))
        if is_new:
            tell_owner(settings, _one(settings, case_id), by=by)
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
        values |= {"solved_us": microseconds(now), "outcome": outcome, "reason": written}
    elif do == "close":
        values |= {"closed_us": microseconds(now)}
    elif do == "reopen":
        values |= {"closed_us": None, "outcome": "", "reason": ""}
    done = Done(_WHAT[do], case.state, outcome if do == "solve" else after, written)
    if not cases.change(settings, case_id, values, done, by=by, now_us=microseconds(now), state=case.state):
        raise work_typed.moved_on(CASE_STATES[_one(settings, case_id).state])


_WHAT: dict[CaseStep, str] = {
    "wait": "waiting",
    "solve": "solved",
    "close": "closed",
    "reopen": "reopened",
}


def edit(settings: Settings, case_id: int, wanted: Edit, *, by: str, now: datetime) -> None:
    """Give a case other words, another priority, owner or promise: all that is ``wanted``, or nothing.

    Who looks after it now hears of it by mail. Refuses what :func:`open_case` refuses.
    """
    from holdfast.store import sql

    with sql.short_write():
        case = _one(settings, case_id)
        for values, done in work_edits.changes(settings, case, wanted):
            _change(settings, case, values, done, by, now)
            if done.what == "assigned":
                tell_owner(settings, _one(settings, case_id), by=by)


def comment(settings: Settings, case_id: int, text: str, *, by: str, now: datetime) -> None:
    """Write something below a case, for colleagues. Refuses nothing and too much ("bad_text")."""
    from holdfast.store.work import Done

    case = _one(settings, case_id)
    _change(settings, case, {}, Done("commented", text=work_typed.said(text)), by, now)


def carry_on(settings: Settings, now: datetime) -> int:
    """Open again whose customer has written since; close what has long been solved. How many changed."""
    from holdfast.store import cases

    changed = 0
    for case_id in cases.answered(settings):
        changed += _by_itself(settings, case_id, "reopen", now)
    for case_id in cases.long_solved(settings, microseconds(now) - CLOSED_AFTER_DAYS * 86_400_000_000):
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

    if not cases.change(settings, case.id, values, done, by=by, now_us=microseconds(now)):
        raise work_typed.no_such_case(case.id)


def _one(settings: Settings, case_id: int) -> Case:
    from holdfast.store import cases

    found = cases.one(settings, case_id)
    if found is None:
        raise work_typed.no_such_case(case_id)
    return found
