"""N2: who may sign in, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from commands import call
from holdfast.settings import Settings
from holdfast.store import audit, people, sql
from web.people import make, with_factor

EMAIL = "ada@example.com"


@pytest.fixture
def user(workspace: Settings) -> Callable[..., Any]:
    """Runs ``holdfast user``; its answer, or what it refused."""

    def run(*arguments: str) -> Any:
        ended = call("user", *arguments, "--workspace", workspace.folder, "--json")
        return ended.json if ended.code == 0 else ended.out + ended.err

    return run


def test_n2_people_are_managed_without_a_page(user: Callable[..., Any], workspace: Settings) -> None:
    person = make(workspace, EMAIL, "admin")
    make(workspace, "bo@example.com", "admin")
    with_factor(workspace, person)
    assert [each["email"] for each in user("list")["people"]] == [EMAIL, "bo@example.com"]
    assert user("role", EMAIL, "--role", "manager")["role"] == "manager"
    assert user("reset-second-factor", EMAIL)["second_factor"] is False
    assert user("shut-out", EMAIL)["active"] is False
    assert user("let-in", EMAIL)["active"] is True
    sql.write(
        "INSERT INTO person_session (key, person_id, data, since_us, last_us, expires_us, address, device) "
        "VALUES ('k', %s, '', 1, 1, 9000000000000000, '', '')",
        (person,),
    )
    password = user("reset-password", EMAIL)["password"]
    assert len(password) == 19
    assert people.wanted(workspace, EMAIL).has_password
    assert sql.one("SELECT COUNT(*) FROM person_session") == (0,)
    assert user("sign-out", EMAIL)["email"] == EMAIL
    ours = "SELECT did FROM audit_note WHERE via = %s ORDER BY id"
    noted = [did for (did,) in sql.read(ours, (audit.by_command(),))]
    assert noted == [
        "person.role_changed", "person.second_factor_off", "person.shut_out", "person.let_in",
        "person.password_changed", "person.sessions_ended",
    ]  # fmt: skip


def test_n2_an_invitation_is_made_without_a_page(user: Callable[..., Any], workspace: Settings) -> None:
    made = user("invite", EMAIL, "--role", "analyst", "--address", "https://holdfast.example.com/")
    assert made["link"].startswith("https://holdfast.example.com/invitation/")
    assert (made["role"], made["mailed"]) == ("analyst", False)


def test_n2_what_cannot_be_is_refused(user: Callable[..., Any], workspace: Settings) -> None:
    make(workspace, EMAIL, "admin")
    for arguments, said in (
        (["role", EMAIL, "--role", "agent"], "last administrator"),
        (["role", EMAIL, "--role", "owner"], "no role"),
        (["role", EMAIL], "No role was named."),
        (["role", EMAIL], "admin, "),
        (["shut-out", "nobody@example.com"], "Nobody signs in with"),
        (["invite", "a@b@c.com"], "no e-mail address"),
        (["invite", "bo@example.com", "--mail-language", "tlh"], "no language"),
        (["bo@example.com", "--name", "nimdA\u202e"], "U+202E"),
        (["dance"], "Expected an e-mail address"),
        (["reset-password"], "Expected an e-mail address"),
    ):
        assert said in user(*arguments), arguments
    assert [each.email for each in people.listed(workspace)] == [EMAIL]
    assert people.wanted(workspace, EMAIL).role == "admin"
