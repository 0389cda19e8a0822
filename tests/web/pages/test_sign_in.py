"""N2: signing in, slowly for whoever guesses, and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.sign_in import FREE_TRIES, wait_after
from web.people import costly_hash, make

if TYPE_CHECKING:
    from django.test import Client

EMAIL, PASSWORD = "niamh@example.com", "kelp-holds-to-rock"


@pytest.fixture(autouse=True)
def niamh(served: Settings) -> None:
    make(served, EMAIL, "admin", password=True)


def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL, **more: str) -> int:
    return client.post("/sign-in", {"email": email, "password": password, **more}).status_code


def test_n2_the_right_password_leads_to_the_page_that_was_wanted(visitor: Client) -> None:
    answer = visitor.post(
        "/sign-in", {"email": " Niamh@Example.com", "password": PASSWORD, "next": "/settings"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/settings")
    assert visitor.get("/settings").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_n2_nobody_is_led_to_another_site(visitor: Client, elsewhere: str) -> None:
    answer = visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/measure"


def test_n2_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor: Client) -> None:
    wrong = visitor.post("/sign-in", {"email": EMAIL, "password": "wrong"})
    unknown = visitor.post("/sign-in", {"email": "nobody@example.com", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 400
    mistake = "This e-mail address and password do not go together."
    assert mistake in wrong.content.decode()
    assert mistake in unknown.content.decode()


def test_n2_an_unknown_address_costs_as_many_hashes_as_a_known_one(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed: list[str] = []
    real = Argon2PasswordHasher.encode
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda self, *given: hashed.append("encode") or real(self, *given)
    )
    checked: list[str] = []
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda self, *given: checked.append("verify") or verify(self, *given)
    )
    sign_in(visitor, "wrong")
    sign_in(visitor, "wrong", "nobody@example.com")
    assert len(hashed) == len(checked) == 1


def test_n2_a_hash_of_another_cost_is_valid_and_made_anew_at_the_next_sign_in(visitor: Client) -> None:
    from argon2 import extract_parameters

    old = costly_hash()
    sql.write("UPDATE person SET password = %s WHERE email = %s", (old, EMAIL))
    assert sign_in(visitor, "kelp-holds-to-sand") == 400
    assert _kept() == old
    assert sign_in(visitor) == 302
    new = extract_parameters(_kept().removeprefix("argon2"))
    assert (new.memory_cost, new.time_cost, new.parallelism) == (19_456, 2, 1)
    assert visitor.get("/settings").status_code == 200
    visitor.post("/sign-out")
    again = _kept()
    assert sign_in(visitor) == 302
    assert _kept() == again


def _kept() -> str:
    return str(sql.read("SELECT password FROM person WHERE email = %s", (EMAIL,))[0][0])


def test_n2_an_empty_form_says_what_is_needed(visitor: Client) -> None:
    answer = visitor.post("/sign-in", {"email": EMAIL, "password": ""})
    assert answer.status_code == 400
    assert "your password are needed" in answer.content.decode()


def test_n2_after_five_wrong_tries_even_the_right_password_waits(visitor: Client) -> None:
    for _ in range(FREE_TRIES):
        assert sign_in(visitor, "wrong") == 400
    answer = visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 30
    assert "You can try again in 1 minute." in answer.content.decode()
    assert visitor.get("/settings").status_code == 302


def test_n2_an_unknown_account_is_slowed_down_alike(visitor: Client) -> None:
    statuses = [sign_in(visitor, "wrong", "nobody@example.com") for _ in range(FREE_TRIES + 1)]
    assert statuses == [400] * FREE_TRIES + [429]


def test_n2_another_account_and_another_address_are_not_held_up(visitor: Client) -> None:
    for _ in range(FREE_TRIES):
        sign_in(visitor, "wrong", "nobody@example.com")
    assert sign_in(visitor) == 302
    elsewhere = visitor.post(
        "/sign-in", {"email": "nobody@example.com", "password": "x"}, REMOTE_ADDR="10.0.0.9"
    )
    assert elsewhere.status_code in (302, 400)


def test_n2_the_right_password_forgets_the_tries_before_it(visitor: Client) -> None:
    for _ in range(FREE_TRIES - 1):
        sign_in(visitor, "wrong")
    assert sign_in(visitor) == 302
    visitor.post("/sign-out")
    assert sign_in(visitor, "wrong") == 400


def test_n2_each_wait_is_twice_the_last_up_to_an_hour() -> None:
    assert [wait_after(wrong) for wrong in (0, 4, 5, 6, 7, 12, 99)] == [0, 0, 30, 60, 120, 3600, 3600]


def test_n2_the_session_gets_a_new_name_when_someone_signs_in(visitor: Client) -> None:
    session = visitor.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(visitor)
    assert visitor.session.session_key != before
    assert visitor.cookies["holdfast_session"]["httponly"]
    assert visitor.cookies["holdfast_session"]["samesite"] == "Lax"


def test_n2_signing_out_ends_the_session_in_the_database(visitor: Client) -> None:
    from holdfast.store.models import PersonSession

    sign_in(visitor)
    kept = PersonSession.objects.get()
    assert visitor.cookies["holdfast_session"].value not in kept.key, (
        "the cookie cannot be read from the table"
    )
    assert visitor.post("/sign-out")["Location"] == "/sign-in"
    assert PersonSession.objects.count() == 0
    assert visitor.get("/settings").status_code == 302


def test_n2_a_link_cannot_sign_anyone_out(visitor: Client) -> None:
    sign_in(visitor)
    assert visitor.get("/sign-out").status_code == 405
    assert visitor.get("/settings").status_code == 200


def test_n2_the_tries_keep_neither_account_nor_address(visitor: Client, served: Settings) -> None:
    from holdfast.store.models import SignInTry

    sign_in(visitor, "wrong", "typed-my-password-here")
    kept = SignInTry.objects.all()
    assert {len(each.who) for each in kept} == {64}
    assert not any(each.who.startswith(("typed", "127")) for each in kept)


def test_n2_one_address_cannot_try_many_accounts_for_ever(visitor: Client, served: Settings) -> None:
    from holdfast.store.models import SignInTry
    from holdfast.web.signing import FREE_OF_ADDRESS

    sign_in(visitor, "wrong", "a@example.com")
    SignInTry.objects.filter(wrong=1).update(wrong=FREE_OF_ADDRESS)
    assert sign_in(visitor, "wrong", "b@example.com") == 429


def test_n2_who_signs_in_does_not_count_against_others_at_their_address(
    visitor: Client, served: Settings
) -> None:
    from holdfast.store.models import SignInTry
    from holdfast.web.signing import FREE_OF_ADDRESS

    for account in ("a@example.com", "b@example.com"):
        sign_in(visitor, "wrong", account)
    (of_address,) = [each.who for each in SignInTry.objects.filter(wrong=2)]
    SignInTry.objects.filter(who=of_address).update(wrong=FREE_OF_ADDRESS - 1)
    for _ in range(3):
        assert sign_in(visitor) == 302
        visitor.post("/sign-out")
    assert SignInTry.objects.get(who=of_address).wrong == FREE_OF_ADDRESS - 1
    assert sign_in(visitor, "wrong", "b@example.com") == 400
    assert sign_in(visitor, "wrong", "b@example.com") == 429


def test_n2_one_account_cannot_be_tried_from_everywhere(visitor: Client, served: Settings) -> None:
    from holdfast.store.models import SignInTry
    from holdfast.web.signing import FREE_OF_ACCOUNT

    sign_in(visitor, "wrong")
    SignInTry.objects.filter(wrong=1).update(wrong=FREE_OF_ACCOUNT)
    tried = visitor.post("/sign-in", {"email": EMAIL, "password": "wrong"}, REMOTE_ADDR="10.9.9.9")
    assert tried.status_code == 429
