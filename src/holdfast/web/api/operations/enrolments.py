"""Who is in plays, how each went, and what customers were granted."""

from __future__ import annotations

import numpy as np

from holdfast.domain.texts import Text
from holdfast.services.act.plays import define
from holdfast.services.act.plays.by_hand import enrol_by_hand
from holdfast.services.collect.care.who import who
from holdfast.store import grants as kept_grants
from holdfast.store import plays_reading
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import WRITERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Call, Id, Page, moment, moment_or_none, not_here, operation
from holdfast.web.api.play_shapes import (
    EnrolAnswer,
    EnrolBody,
    Enrolment,
    Enrolments,
    EnrolmentsQuery,
    EnrolmentWay,
    Grant,
    Grants,
    GrantState,
    Key,
    WayStep,
)
from holdfast.web.api.seeing import check_customers
from holdfast.web.api.shapes import named


@operation("POST", "/plays/{key}/enrolments", scope=WRITE, roles=WRITERS)
def enrol_customers(call: Call, key: Key, body: EnrolBody) -> EnrolAnswer:
    """Enrol customers into a running play by hand."""
    check_customers(call, body.customer_ids)
    for number in body.customer_ids:
        who(call.settings, number)
    done = enrol_by_hand(
        call.settings,
        define.find(call.settings, key),
        np.array(body.customer_ids, np.int64),
        by=call.by,
        now=call.actual,
    )
    return EnrolAnswer(treated=done.treated, held_out=done.held_out)


@operation("GET", "/plays/{key}/enrolments", scope=READ)
def list_enrolments(call: Call, key: Key, query: EnrolmentsQuery) -> Page[Enrolment]:
    """List who is or was in a play, the latest first."""
    play = define.find(call.settings, key)
    rows, more = plays_reading.enrolments(
        call.settings,
        play.id,
        state=query.state,
        after=cursors.where(call, query, int),
        limit=query.limit,
        only=call.theirs,
    )
    return cursors.page(
        call,
        query,
        rows,
        place=lambda row: row.id,
        show=lambda row: _enrolment(call, row),
        more=more,
    )


@operation("GET", "/enrolments/{enrolment_id}", scope=READ)
def get_enrolment(call: Call, enrolment_id: Id) -> EnrolmentWay:
    """Get one customer's way through a play, with what happened at each step and why."""
    found = plays_reading.one(call.settings, enrolment_id)
    if found is None or (call.theirs is not None and found.unit_id not in call.theirs):
        raise not_here("enrolment", enrolment_id)
    return EnrolmentWay(
        enrolment=_enrolment(call, found),
        steps=[
            WayStep(
                step=each.step_id,
                at=moment(each.at_us),
                what=each.what,
                code=each.code,
                because=_said(call, each.because),
            )
            for each in plays_reading.way(call.settings, enrolment_id)
        ],
    )


@operation("GET", "/customers/{customer_id}/enrolments", scope=READ)
def list_customer_enrolments(call: Call, customer_id: Id) -> Enrolments:
    """List the plays of a customer, the latest first."""
    found = plays_reading.of_customer(call.settings, who(call.settings, customer_id).subjects)
    return Enrolments(items=[_enrolment(call, each) for each in found])


@operation("GET", "/customers/{customer_id}/grants", scope=READ)
def list_customer_grants(call: Call, customer_id: Id) -> Grants:
    """List what a customer was granted, the latest first."""
    found = kept_grants.of_customer(call.settings, who(call.settings, customer_id).subjects)
    return Grants(
        items=[
            Grant(
                id=each.id,
                kind=each.kind,
                amount=each.amount,
                unit=each.unit,
                currency=each.currency,
                reason=each.reason,
                made_at=moment(each.made_us),
                made_by=each.made_by,
                until_at=moment_or_none(each.until_us),
                task_id=each.task_id,
                state=each.state,
            )
            for each in found
        ]
    )


@operation("POST", "/customers/{customer_id}/grants/{grant_id}", scope=WRITE, roles=WRITERS)
def settle_grant(call: Call, customer_id: Id, grant_id: Id, body: GrantState) -> Grants:
    """Say that a grant was booked, or that it is withdrawn."""
    mine = kept_grants.of_customer(call.settings, who(call.settings, customer_id).subjects, 1_000)
    if grant_id not in {each.id for each in mine}:
        raise not_here("grant", grant_id)
    kept_grants.set_state(call.settings, grant_id, body.state)  # type: ignore[arg-type]
    return list_customer_grants(call, customer_id)


def _enrolment(call: Call, row: plays_reading.Enrolment) -> Enrolment:
    return Enrolment(
        id=row.id,
        play=row.play_key,
        version=row.version,
        customer_id=row.unit_id,
        name=named(call, row.name),
        round=row.round,
        arm=row.arm,
        state=row.state,
        entered_at=moment(row.entered_us),
        reason=dict(row.reason),
        step=row.step,
        ended_at=moment_or_none(row.ended_us),
        ended_why=row.ended_why,
        goal_at=moment_or_none(row.goal_us),
    )


def _said(call: Call, words: Text | None) -> str:
    return "" if words is None else call.say(words)
