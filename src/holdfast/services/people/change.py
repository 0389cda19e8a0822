"""What may be changed about somebody: role, sign-in, second factor, sessions; each noted and told."""

from __future__ import annotations

from datetime import datetime

from holdfast import store
from holdfast.domain.colleagues import clean_name
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.people import mails
from holdfast.services.people.acting import By, check_may_give
from holdfast.settings import Settings
from holdfast.store import audit, people, second_factor, sessions, sign_in_rules, sql, users
from holdfast.store.people import Person
from holdfast.store.sign_in_rules import Rules


def set_role(settings: Settings, person_id: int, role: str, *, by: By, now: datetime) -> None:
    """Give somebody a role, from their next request on.

    Refuses ("role_above") a role, or somebody with a role, above one's own, and to take it from the last
    administrator. Who needs a second factor in the new role and has none signs in anew.
    """
    person = _target(settings, person_id, by)
    users.check_role(role)
    check_may_give(by, role)
    with sql.short_write():
        people.set_role(settings, person_id, role)
        if role in sign_in_rules.read(settings).second_factor_roles and not person.second_factor:
            sessions.end_all(settings, person_id)
        _note(settings, "person.role_changed", person, by, now, {"from": person.role, "to": role})


def set_active(settings: Settings, person_id: int, active: bool, *, by: By, now: datetime) -> None:
    """Let somebody in again, or shut them out, and every session of theirs with them.

    Refuses like :func:`set_role`, and ("own_sign_in") to shut oneself out.
    """
    person = _target(settings, person_id, by)
    if not active and by.person_id == person_id:
        raise Refusal(
            "own_sign_in",
            found=Text("This is your own sign-in."),
            expected=Text("Somebody else's."),
            remedy=Text("Ask another administrator; nothing was changed."),
        )
    with sql.short_write():
        people.set_active(settings, person_id, active)
        did = "person.let_in" if active else "person.shut_out"
        _note(settings, did, person, by, now, {})


def rename(settings: Settings, person_id: int, name: str, *, by: By, now: datetime) -> None:
    """Keep what somebody is called. Refuses a name with characters that nobody sees."""
    person, called = _target(settings, person_id, by), clean_name(name)
    with sql.short_write():
        people.rename(settings, person_id, called)
        _note(settings, "person.renamed", person, by, now, {})


def end_sessions(
    settings: Settings, person_id: int, *, by: By, one: str = "", but: str = "", now: datetime
) -> int:
    """End the session ``one`` of somebody, else every one but that of the cookie ``but``; how many."""
    person = _target(settings, person_id, by)
    with sql.short_write():
        if one:
            ended = int(sessions.end(settings, person_id, one))
        else:
            ended = sessions.end_all(settings, person_id, but=but)
        _note(settings, "person.sessions_ended", person, by, now, {"count": ended})
    return ended


def factor_on(settings: Settings, person_id: int, code: str, *, by: By, but: str, now: datetime) -> bool:
    """Turn the second factor on, when ``code`` is one of it; other sessions end. Whether it was."""
    person, now_us = _target(settings, person_id, by), int(now.timestamp() * 1_000_000)
    with sql.short_write():
        if not second_factor.confirm(settings, person_id, code, now_us=now_us):
            return False
        sessions.end_all(settings, person_id, but=but)
        mails.changed(settings, person, Text("The second factor was turned on."), now_us=now_us)
        _note(settings, "person.second_factor_on", person, by, now, {})
    return True


def factor_off(settings: Settings, person_id: int, *, by: By, but: str = "", now: datetime) -> bool:
    """Forget somebody's second factor and recovery codes; whether there was one.

    By an administrator, when phone and codes are lost; by the person. Other sessions end.
    """
    person, now_us = _target(settings, person_id, by), int(now.timestamp() * 1_000_000)
    with sql.short_write():
        if not second_factor.turn_off(settings, person_id):
            return False
        sessions.end_all(settings, person_id, but=but)
        mails.changed(settings, person, Text("The second factor was turned off."), now_us=now_us)
        _note(settings, "person.second_factor_off", person, by, now, {})
    return True


def new_codes(settings: Settings, person_id: int, *, by: By, now: datetime) -> list[str]:
    """Ten new recovery codes, told this once; the old ones are forgotten."""
    person = _target(settings, person_id, by)
    codes = second_factor.make_recovery_codes(settings, person_id)
    _note(settings, "person.recovery_codes_made", person, by, now, {})
    return codes


def set_rules(settings: Settings, rules: Rules, *, by: By, now: datetime) -> None:
    """Decide how long sessions last and who needs a second factor.

    Who needs one now and has none is signed out, to set it up at the next sign-in. Refuses ("own_factor")
    to need one for one's own role before one has it.
    """
    store.connect(settings)
    have = second_factor.who_has_one(settings)
    needed = set(rules.second_factor_roles)
    if by.role in needed and by.person_id is not None and by.person_id not in have:
        raise Refusal(
            "own_factor",
            found=Text("You have no second factor yourself yet."),
            expected=Text("One of your own before your role needs one."),
            remedy=Text("Turn it on under your own sign-in, then come back; nothing was changed."),
        )
    before = sign_in_rules.read(settings)
    with sql.short_write():
        sign_in_rules.write(settings, rules)
        for person in people.listed(settings):
            if person.role in needed and person.id not in have:
                sessions.end_all(settings, person.id)
        audit.note(
            settings,
            who=by.person_id,
            did="sign_in_rules.changed",
            about="sign_in_rules",
            details={"from": _rules(before), "to": _rules(rules)},
            now_us=int(now.timestamp() * 1_000_000),
            via=by.via,
        )


def _rules(rules: Rules) -> str:
    roles = " ".join(rules.second_factor_roles) or "-"
    return f"idle {rules.idle_minutes} min, longest {rules.longest_hours} h, second factor {roles}"


def _target(settings: Settings, person_id: int, by: By) -> Person:
    """Whom it is about; oneself, or nobody above oneself."""
    person = people.by_id(settings, person_id)
    if person is None:
        raise Refusal(
            "unknown_person",
            found=Text("There is nobody with the number {number}.", number=str(person_id)),
            expected=Text("Somebody of the list of people."),
            remedy=Text("Go back to the list; nothing was changed."),
        )
    if person_id != by.person_id:
        check_may_give(by, person.role)
    return person


def _note(
    settings: Settings, did: str, person: Person, by: By, now: datetime, details: dict[str, str | int]
) -> None:
    audit.note(
        settings,
        who=by.person_id,
        did=did,
        about=f"person:{person.id}",
        details=details,
        now_us=int(now.timestamp() * 1_000_000),
        via=by.via,
    )
