"""N2: a second factor is turned on, asked for, lost and reset; nobody guesses it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.domain import totp
from holdfast.settings import Settings
from holdfast.store import people, second_factor, sessions, sign_in_rules, sql
from holdfast.store.sign_in import FREE_TRIES
from holdfast.store.sign_in_rules import Rules
from web.people import PASSWORD, code, make, prove, with_factor

if TYPE_CHECKING:
    from django.test import Client

EMAIL = "ada@example.com"


@pytest.fixture
def ada(served: Settings) -> int:
    return make(served, EMAIL, password=True)


def sign_in(client: Client) -> str:
    """Show the password; where that leads."""
    answer = client.post("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": "/settings/me"})
    return str(answer.headers.get("Location", answer.status_code))


def test_n2_it_is_turned_on_by_a_code_of_the_phone(ada: int, visitor: Client, served: Settings) -> None:
    assert sign_in(visitor) == "/settings/me"
    page = visitor.get("/settings/me/second-factor").content.decode()
    assert "<svg" in page.split('class="qr-frame"')[1]
    (written,) = re.findall(r'id="secret">([A-Z2-7 ]+)<', page)
    assert written == totp.written(second_factor.begin(served, ada, now_us=1))
    assert visitor.post("/settings/me/second-factor", {"code": "1"}).status_code == 422
    secret = second_factor.begin(served, ada, now_us=1)
    before = visitor.session.session_key
    shown = visitor.post("/settings/me/second-factor", {"code": code(secret)}).content.decode()
    codes = html.unescape(shown).split('id="codes">')[1].split("<")[0].split()
    assert len(codes) == 10
    assert visitor.session.session_key != before
    assert "with a second factor" in visitor.get("/settings/me").content.decode()
    visitor.post("/sign-out")
    assert sign_in(visitor) == "/sign-in/code"
    assert visitor.get("/settings/me").status_code == 302, "a password alone opens nothing"
    assert visitor.post("/sign-in/code", {"code": code(secret)}).status_code == 400, "used at turning it on"
    assert visitor.post("/sign-in/code", {"code": codes[0]})["Location"] == "/settings/me"
    assert "9 recovery codes are left" in visitor.get("/settings/me").content.decode()
    visitor.post("/sign-out")
    sign_in(visitor)
    assert visitor.post("/sign-in/code", {"code": codes[0]}).status_code == 400


def test_n2_a_code_signs_in_once(ada: int, visitor: Client, served: Settings) -> None:
    secret = with_factor(served, ada)
    assert sign_in(visitor) == "/sign-in/code"
    shown = code(secret)
    assert visitor.post("/sign-in/code", {"code": shown})["Location"] == "/settings/me"
    visitor.post("/sign-out")
    sign_in(visitor)
    assert visitor.post("/sign-in/code", {"code": shown}).status_code == 400
    assert visitor.post("/sign-in/code", {"code": code(secret, later=1)})["Location"] == "/settings/me"


def test_n2_nobody_guesses_codes_not_even_from_many_places(
    ada: int, visitor: Client, served: Settings
) -> None:
    secret = with_factor(served, ada)
    sign_in(visitor)
    for guess in range(FREE_TRIES):
        answer = visitor.post("/sign-in/code", {"code": f"x{guess}"}, REMOTE_ADDR=f"10.0.0.{guess}")
        assert answer.status_code == 400
    late = visitor.post("/sign-in/code", {"code": code(secret)}, REMOTE_ADDR="10.0.1.1")
    assert (late.status_code, int(late["Retry-After"]) > 0) == (429, True)


def test_n2_the_page_of_the_code_is_for_who_has_shown_a_password(visitor: Client, served: Settings) -> None:
    assert visitor.get("/sign-in/code")["Location"] == "/sign-in"
    assert visitor.post("/sign-in/code", {"code": "123456"})["Location"] == "/sign-in"


def test_n2_a_role_can_need_one(ada: int, visitor: Client, served: Settings) -> None:
    sign_in_rules.write(served, Rules(second_factor_roles=("agent",)))
    sign_in(visitor)
    for path in ("/customers", "/settings/me", "/settings"):
        assert visitor.get(path)["Location"] == "/settings/me/second-factor"
    swapped = visitor.get("/customers", headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped["HX-Redirect"]) == (204, "/settings/me/second-factor")
    secret = second_factor.begin(served, ada, now_us=1)
    assert visitor.post("/settings/me/second-factor", {"code": code(secret)}).status_code == 200
    assert visitor.get("/settings/me").status_code == 200
    refused = visitor.post("/settings/me/second-factor/off")
    assert "Your role needs a second factor" in refused.content.decode()
    assert second_factor.is_on(served, ada)


def test_n2_an_administrator_decides_who_needs_one(
    ada: int, visitor: Client, signed_in: Callable[..., Client], served: Settings
) -> None:
    sign_in(visitor)
    admin = prove(signed_in())
    given = {"idle": "30", "longest": "8", "role": ["agent"]}
    own = admin.post("/settings/sign-in", given | {"role": ["admin", "agent"]})
    assert "You have no second factor yourself yet" in own.content.decode()
    assert admin.post("/settings/sign-in", given).status_code == 302
    assert sign_in_rules.read(served) == Rules(30, 8, ("agent",))
    assert visitor.get("/settings/me").status_code == 302, "signed out, to set it up"
    assert admin.post("/settings/sign-in", given | {"idle": "99999"}).status_code == 400
    assert 'value="30" selected' in admin.get("/settings/sign-in").content.decode()


def test_n2_an_administrator_resets_a_lost_one(
    ada: int, visitor: Client, signed_in: Callable[..., Client], served: Settings
) -> None:
    secret = with_factor(served, ada)
    second_factor.make_recovery_codes(served, ada)
    sign_in(visitor)
    visitor.post("/sign-in/code", {"code": code(secret)})
    assert prove(signed_in()).post(f"/settings/people/{ada}/second-factor-off").status_code == 302
    assert visitor.get("/settings/me").status_code == 302
    assert second_factor.recovery_codes_left(served, ada) == 0
    assert sign_in(visitor) == "/settings/me"
    assert ("person.second_factor_off",) in sql.read("SELECT did FROM audit_note")


def test_n2_what_lets_people_in_asks_again_who_it_is(ada: int, visitor: Client, served: Settings) -> None:
    sign_in(visitor)
    forget_proof(visitor)
    away = visitor.get("/settings/me/second-factor")
    assert away["Location"] == "/confirm?next=%2Fsettings%2Fme%2Fsecond-factor"
    for path in ("password", "sessions", "second-factor/off", "second-factor/codes"):
        answer = visitor.post(f"/settings/me/{path}", {"password": "another long password"})
        assert answer["Location"].startswith("/confirm"), path
    assert visitor.post("/confirm", {"password": "wrong", "next": "/settings/me"}).status_code == 400
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        page = visitor.get("/confirm", {"next": elsewhere}).content.decode()
        assert "evil" not in page.split('name="next"')[1].split(">")[0]
    right = visitor.post("/confirm", {"password": PASSWORD, "next": "/settings/me/second-factor"})
    assert right["Location"] == "/settings/me/second-factor"
    assert visitor.get("/settings/me/second-factor").status_code == 200
    assert sql.read("SELECT who FROM audit_note WHERE did = 'confirm.done'") == [(ada,)]


def test_n2_who_has_a_second_factor_proves_by_it(ada: int, visitor: Client, served: Settings) -> None:
    secret = with_factor(served, ada)
    sign_in(visitor)
    visitor.post("/sign-in/code", {"code": code(secret)})
    forget_proof(visitor)
    assert visitor.post("/confirm", {"password": PASSWORD, "next": "/settings/me"}).status_code == 400
    assert visitor.post("/confirm", {"code": code(secret)}).status_code == 400, "used at signing in"
    assert visitor.post("/confirm", {"code": code(secret, later=1)})["Location"] == "/settings/me"
    assert visitor.post("/settings/me/second-factor/off").status_code == 302
    assert not second_factor.is_on(served, ada)
    assert len(sessions.of_person(served, ada, now_us=1)) == 1
    assert people.wanted(served, EMAIL).second_factor is False


def forget_proof(client: Client) -> None:
    session = client.session
    session["proved_us"] = 1
    session.save()
