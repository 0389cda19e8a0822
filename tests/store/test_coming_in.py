"""N2: what opens a door is kept as a hash, opens it once, and ends in time; on both databases."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace

import pytest

from holdfast.domain import totp
from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import (
    invitations,
    one_time,
    password_resets,
    people,
    providers,
    second_factor,
    sessions,
    sign_in_rules,
    sql,
    users,
)
from holdfast.store.sign_in_rules import MINUTE_US, Rules

NOW = 1_790_000_000_000_000
HOUR = 60 * MINUTE_US


def person(settings: Settings, email: str = "niamh@example.com", role: str = "admin") -> int:
    return users.add(settings, email, "!none", name=email.partition("@")[0], role=role)


def test_n2_an_invitation_is_taken_once(base: Settings) -> None:
    admin = person(base)
    made, token = invitations.make(
        base, "ada@example.com", "agent", language="fa", invited_by=admin, now_us=NOW
    )
    assert (made.state(NOW), made.inviter, made.role, made.language) == ("open", "niamh", "agent", "fa")
    assert invitations.by_token(base, token) == made
    assert invitations.take(base, made.id, person_id=admin, now_us=NOW + 1)
    assert not invitations.take(base, made.id, person_id=admin, now_us=NOW + 2)
    assert not invitations.revoke(base, made.id, now_us=NOW + 2)
    used = invitations.by_token(base, token)
    assert used is not None
    assert used.state(NOW + 3) == "used"


def test_n2_an_invitation_ends(base: Settings) -> None:
    first, _ = invitations.make(base, "ada@example.com", "agent", language="", invited_by=None, now_us=NOW)
    second, token = invitations.make(
        base, "ada@example.com", "agent", language="", invited_by=None, now_us=NOW + 1
    )
    assert [each.state(NOW + 2) for each in invitations.listed(base)] == ["open", "revoked"]
    assert not invitations.take(base, first.id, person_id=1, now_us=NOW + 2)
    late = NOW + invitations.VALID_DAYS * invitations.DAY_US + 1
    assert not invitations.take(base, second.id, person_id=1, now_us=late)
    found = invitations.by_token(base, token)
    assert found is not None
    assert found.state(late) == "expired"
    invitations.make(
        base, "bo@example.com", "agent", language="", invited_by=None, now_us=late + 100 * invitations.DAY_US
    )
    assert [each.email for each in invitations.listed(base)] == ["bo@example.com"]


def test_n2_a_link_is_signed_for_one_use(workspace: Settings) -> None:
    made, token = invitations.make(
        workspace, "a@example.com", "agent", language="", invited_by=None, now_us=NOW
    )
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    forged = []
    for at in range(len(raw)):
        changed = bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])
        forged.append(urlsafe_b64encode(changed).decode().rstrip("="))
    for each in [*forged, "", token[:-1], token + "A", "é", "x" * 5000, "A" * 54]:
        assert invitations.by_token(workspace, each) is None
    assert one_time.read(workspace, password_resets.USE, token) is None
    kept = sql.one("SELECT digest FROM invitation WHERE id = %s", (made.id,))
    assert kept is not None
    assert kept[0] not in token


def test_n2_another_workspace_signs_otherwise(workspace: Settings, tmp_path: object) -> None:
    _, token = invitations.make(workspace, "a@example.com", "agent", language="", invited_by=None, now_us=NOW)
    other = replace(workspace, folder=workspace.folder.parent / "other")
    assert one_time.read(other, invitations.USE, token) is None


def test_n2_a_link_to_a_new_password_works_once_for_an_hour(base: Settings) -> None:
    who = person(base)
    _, first = password_resets.make(base, who, now_us=NOW)
    number, second = password_resets.make(base, who, now_us=NOW + 1)
    earlier, later = password_resets.by_token(base, first), password_resets.by_token(base, second)
    assert earlier is not None
    assert later is not None
    assert (earlier.state(NOW + 2), later.state(NOW + 2), later.state(NOW + 2 * HOUR)) == (
        "expired",
        "open",
        "expired",
    )
    assert password_resets.take(base, number, now_us=NOW + 2)
    assert not password_resets.take(base, number, now_us=NOW + 3)
    _, nobodys = password_resets.make(base, None, now_us=NOW)
    nobody = password_resets.by_token(base, nobodys)
    assert nobody is not None
    assert nobody.state(NOW) == "expired"


def test_n2_a_code_is_taken_once_and_none_before_it(base: Settings) -> None:
    who = person(base)
    secret = second_factor.begin(base, who, now_us=NOW)
    assert second_factor.begin(base, who, now_us=NOW) == secret
    assert not second_factor.is_on(base, who)
    step = totp.step_at(NOW)
    assert not second_factor.confirm(
        base, who, "000000" if totp.code_of(secret, step) != "000000" else "1", now_us=NOW
    )
    assert second_factor.confirm(base, who, totp.code_of(secret, step), now_us=NOW)
    assert second_factor.who_has_one(base) == {who}
    assert not second_factor.check(base, who, totp.code_of(secret, step), now_us=NOW)
    assert not second_factor.check(base, who, totp.code_of(secret, step - 1), now_us=NOW)
    following = totp.code_of(secret, step + 1)
    assert second_factor.check(base, who, f"{following[:3]} {following[3:]}", now_us=NOW + 30_000_000)
    assert not second_factor.check(base, who, following, now_us=NOW + 30_000_000)
    kept = sql.one("SELECT sealed FROM second_factor WHERE person_id = %s", (who,))
    assert kept is not None
    assert totp.written(secret).replace(" ", "") not in kept[0]


def test_n2_recovery_codes_are_hashed_and_used_up(base: Settings) -> None:
    who = person(base)
    codes = second_factor.make_recovery_codes(base, who)
    assert len(set(codes)) == second_factor.CODES
    kept = [digest for (digest,) in sql.read("SELECT digest FROM recovery_code")]
    assert all(digest.startswith("$argon2id$") for digest in kept)
    assert second_factor.use_recovery_code(base, who, codes[3].upper().replace("-", " "))
    assert not second_factor.use_recovery_code(base, who, codes[3])
    assert not second_factor.use_recovery_code(base, who + 1, codes[4])
    assert second_factor.recovery_codes_left(base, who) == 9
    assert not second_factor.turn_off(base, who)
    assert second_factor.recovery_codes_left(base, who) == 0


def test_n2_rules_hold_for_sessions_that_run(base: Settings) -> None:
    who = person(base)
    sql.write(
        "INSERT INTO person_session (key, person_id, data, since_us, last_us, expires_us, address, device) "
        "VALUES (%s, %s, '', %s, %s, %s, '10.0.0.1', 'x')",
        ("k" * 64, who, NOW, NOW + HOUR, NOW + 3 * HOUR),
    )
    assert sign_in_rules.read(base) == Rules()
    for rules in (Rules(15, 12, ("agent",)), Rules(720, 4)):
        sign_in_rules.write(base, rules)
        assert sign_in_rules.read(base) == rules
        row = sql.one("SELECT expires_us FROM person_session")
        assert row == (rules.ends_us(NOW, NOW + HOUR),)
    (mine,) = sessions.of_person(base, who, now_us=NOW)
    assert sessions.counted(base, now_us=NOW) == {who: 1}
    assert not sessions.end(base, who + 1, mine.id)
    assert not sessions.end(base, who, "%")
    assert sessions.end(base, who, mine.id)
    assert sessions.of_person(base, who, now_us=NOW) == []


def test_n2_somebody_always_remains_who_lets_others_in(base: Settings) -> None:
    admin, other = person(base), person(base, "ada@example.com", "agent")
    for change in (
        lambda: people.set_role(base, admin, "manager"),
        lambda: people.set_active(base, admin, False),
    ):
        with pytest.raises(Refusal) as refused:
            change()
        assert refused.value.code == "last_admin"
    people.set_role(base, other, "admin")
    people.set_active(base, admin, False)
    found = people.listed(base)
    assert [(each.id, each.role, each.active) for each in found] == [
        (other, "admin", True),
        (admin, "admin", False),
    ]
    assert not found[0].has_password


def test_n2_a_provider_means_one_person_by_one_number(base: Settings) -> None:
    ada, bo = person(base), person(base, "bo@example.com")
    made = keep(base)
    assert providers.by_name(base, "google") == made
    assert providers.secret_of(base, made.id) == "sésame"
    kept = sql.one("SELECT sealed FROM identity_provider")
    assert kept is not None
    assert "same" not in kept[0]
    assert keep(base, secret="", label="G").label == "G"
    assert providers.secret_of(base, made.id) == "sésame"
    providers.link(base, ada, made, "7", now_us=NOW)
    with pytest.raises(Refusal) as refused:
        providers.link(base, bo, made, "7", now_us=NOW)
    assert refused.value.code == "linked_elsewhere"
    assert providers.person_of(base, made.issuer, "7", now_us=NOW) == ada
    assert providers.person_of(base, "https://other.example", "7", now_us=NOW) is None
    (identity,) = providers.identities_of(base, ada)
    assert not providers.unlink(base, bo, identity.id)
    keep(base, secret="", issuer="https://other.example")
    assert providers.secret_of(base, made.id) == "", "what one gave us is not told to another"
    assert providers.identities_of(base, ada) == []
    providers.remove(base, made.id)
    assert providers.listed(base) == []


def keep(settings: Settings, **other: str) -> providers.Provider:
    given = {
        "label": "Google",
        "issuer": "https://accounts.example",
        "client_id": "us",
        "secret": "sésame",
    } | other
    return providers.keep(
        settings,
        "google",
        **given,
        domains=["example.com"],
        default_role="agent",
        makes_people=True,
        own_second_factor=False,
        now_us=NOW,
    )
