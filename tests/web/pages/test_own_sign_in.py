"""N2: sessions are listed and ended, and end by themselves; a password is changed and forgotten."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import people, sql
from holdfast.store.sign_in_rules import MINUTE_US, Rules
from holdfast.web.pages.own.words import device_words
from web.people import PASSWORD, asked_mails, costly_hash, link_in, make, prove, set_up_mail

if TYPE_CHECKING:
    from django.test import Client

EMAIL = "ada@example.com"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def browsers(served: Settings) -> Callable[..., Client]:
    """Makes browsers in which Ada is signed in."""
    from django.test import Client

    from holdfast.store.models import User

    who = make(served, EMAIL, password=True)

    def another(**extra: str) -> Client:
        client = Client(**extra)
        client.force_login(User.objects.get(pk=who))
        client.get("/settings/me")
        return prove(client)

    return another


def open_to(client: Client) -> bool:
    return client.get("/settings/me").status_code == 200


def test_n2_who_proves_it_by_a_password_of_another_cost_stays_signed_in(
    browsers: Callable[..., Client],
) -> None:
    sql.write("UPDATE person SET password = %s WHERE email = %s", (costly_hash(), EMAIL))
    here = browsers()
    assert here.post("/confirm", {"password": PASSWORD}).status_code == 302
    assert "m=19456,t=2,p=1" in str(sql.read("SELECT password FROM person WHERE email = %s", (EMAIL,)))
    assert open_to(here)


def test_n2_sessions_are_listed_with_device_and_place_and_ended(browsers: Callable[..., Client]) -> None:
    here, there, third = browsers(), browsers(), browsers()
    long_ago()
    there.get("/settings/me", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="10.1.2.3")
    text = here.get("/settings/me").content.decode()
    assert "Firefox on Linux" in text
    assert "10.1.2.3" in text
    assert text.count("this one") == 1
    row = next(row for row in text.split("<tr>") if "10.1.2.3" in row)
    (session,) = re.findall(r'name="session" value="([^"]+)"', row)
    assert here.post("/settings/me/sessions", {"session": session}).status_code == 302
    assert [open_to(each) for each in (here, there, third)] == [True, False, True]
    here.post("/settings/me/sessions")
    assert [open_to(each) for each in (here, third)] == [True, False]


def test_n2_nobody_ends_the_sessions_of_somebody_else(
    browsers: Callable[..., Client], signed_in: Callable[..., Client]
) -> None:
    hers, theirs = browsers(), prove(signed_in("manager"))
    key = sql.read(
        "SELECT key FROM person_session s JOIN person p ON p.id = s.person_id AND p.email = %s", (EMAIL,)
    )
    theirs.post("/settings/me/sessions", {"session": key[0][0][:20]})
    assert open_to(hers)


def test_n2_a_session_ends_when_nobody_uses_it_and_in_any_case(browsers: Callable[..., Client]) -> None:
    rules, now = Rules(), time.time_ns() // 1000
    used = browsers()
    sql.write("UPDATE person_session SET last_us = last_us - %s", (2 * MINUTE_US,))
    sql.write("UPDATE person_session SET since_us = since_us - %s", (5 * MINUTE_US,))
    assert open_to(used)
    assert sql.one("SELECT last_us >= %s, expires_us - last_us FROM person_session", (now,)) == (
        True,
        rules.idle_minutes * MINUTE_US,
    )
    almost = rules.longest_hours * 60 * MINUTE_US
    sql.write(
        "UPDATE person_session SET since_us = %s, last_us = %s",
        (now - almost + MINUTE_US, now - 2 * MINUTE_US),
    )
    assert open_to(used)
    (ends,) = sql.read("SELECT expires_us FROM person_session")[0]
    assert ends == now + MINUTE_US, "its longest time, however often it is used"
    sql.write("UPDATE person_session SET expires_us = %s", (now - 1,))
    assert not open_to(used)


def test_n2_a_page_that_asks_by_itself_keeps_no_session_alive(browsers: Callable[..., Client]) -> None:
    client = browsers()
    before = long_ago()
    client.get("/inbox/news")
    assert sql.read("SELECT last_us FROM person_session") == before
    client.get("/settings")
    assert sql.read("SELECT last_us FROM person_session") != before
    assert sql.one("SELECT last_seen_us > 0 FROM person WHERE email = %s", (EMAIL,)) == (True,)


def test_n2_a_session_that_somebody_planted_is_nobodys(visitor: Client, served: Settings) -> None:
    make(served, EMAIL, password=True)
    visitor.cookies["holdfast_session"] = "planted-by-somebody-else-00000000"
    visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert visitor.cookies["holdfast_session"].value != "planted-by-somebody-else-00000000"
    assert visitor.cookies["holdfast_session"]["max-age"] == ""
    assert open_to(visitor)


def test_n2_a_new_password_ends_every_other_session(
    browsers: Callable[..., Client], served: Settings
) -> None:
    set_up_mail(served)
    here, there = browsers(), browsers()
    weak = here.post("/settings/me/password", {"password": "short"})
    assert weak.status_code == 422
    assert open_to(there)
    changed = here.post("/settings/me/password", {"password": "another long password"})
    assert changed["Location"] == "/settings/me?done=password"
    assert [open_to(each) for each in (here, there)] == [True, False]
    ((to, _, words),) = asked_mails(served)
    assert to == EMAIL
    assert "password was changed" in words
    assert "another long password" not in words


def test_n2_a_name_that_reads_as_another_is_refused(
    browsers: Callable[..., Client], served: Settings
) -> None:
    client = browsers()
    assert client.post("/settings/me/name", {"name": "nimdA\u202e"}).status_code == 422
    assert client.post("/settings/me/name", {"name": "Ada <b>Byron"}).status_code == 302
    assert "Ada &lt;b&gt;Byron" in client.get("/settings/me").content.decode()
    assert people.wanted(served, EMAIL).name == "Ada <b>Byron"


def test_n2_a_forgotten_password_is_chosen_anew_by_mail(
    browsers: Callable[..., Client], visitor: Client, served: Settings
) -> None:
    set_up_mail(served)
    signed_in_still = browsers()
    assert visitor.post("/sign-in/forgotten", {"email": EMAIL}).status_code == 200
    ((to, _, words),) = asked_mails(served)
    link = link_in(words, "/sign-in/new-password/")
    assert to == EMAIL
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, {"password": "short"}).status_code == 422
    chosen = visitor.post(link, {"password": "another long password"})
    assert chosen["Location"] == "/sign-in?changed=1"
    assert not open_to(signed_in_still)
    for answer in (visitor.get(link), visitor.post(link, {"password": "a third long password"})):
        assert (answer.status_code, "used already" in answer.content.decode()) == (410, True)
    assert visitor.get("/sign-in/new-password/forged").status_code == 404
    right = visitor.post("/sign-in", {"email": EMAIL, "password": "another long password"})
    assert right.status_code == 302


def test_n2_the_trail_says_which_administrator_asked_for_a_new_password(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    set_up_mail(served)
    ada, admin = make(served, EMAIL, password=True), prove(signed_in())
    assert admin.post(f"/settings/people/{ada}/new-password").status_code == 302
    assert [to for to, _, _ in asked_mails(served)] == [EMAIL]
    (who,) = sql.read("SELECT who FROM audit_note WHERE did = 'sign_in.password_forgotten'")
    assert who == (people.wanted(served, "admin.en@example.com").id,)


def test_n2_nobody_learns_from_it_who_signs_in_here(
    browsers: Callable[..., Client], visitor: Client, served: Settings
) -> None:
    set_up_mail(served)
    make(served, "gone@example.com")
    sql.write("UPDATE person SET is_active = %s WHERE email = 'gone@example.com'", (False,))
    answers = {}
    for email in (EMAIL, "nobody@example.com", "gone@example.com"):
        answer = visitor.post("/sign-in/forgotten", {"email": email})
        text = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(email, "")
        answers[email] = (answer.status_code, text)
    assert len(set(answers.values())) == 1
    assert [to for to, _, _ in asked_mails(served)] == [EMAIL]
    assert sql.one("SELECT COUNT(*) FROM password_reset") == (3,)


def test_n2_links_are_not_asked_for_without_end(visitor: Client, served: Settings) -> None:
    set_up_mail(served)
    asked = [visitor.post("/sign-in/forgotten", {"email": EMAIL}).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    assert visitor.post("/sign-in/forgotten", {"email": "a@b@c.com"}).status_code == 422


def test_n2_without_mail_the_page_says_what_helps(visitor: Client) -> None:
    assert "holdfast user reset-password" in visitor.get("/sign-in/forgotten").content.decode()


def test_n2_the_link_in_a_mail_leads_to_us_whatever_name_was_asked_for(
    visitor: Client, served: Settings
) -> None:
    set_up_mail(served)
    make(served, EMAIL)
    assert (
        visitor.post("/sign-in/forgotten", {"email": EMAIL}, headers={"Host": "evil.example"}).status_code
        == 400
    )
    assert asked_mails(served) == []


def test_n2_a_locale_that_does_not_exist_is_read_as_the_browser_wants(
    browsers: Callable[..., Client], served: Settings
) -> None:
    client = browsers()
    sql.write("UPDATE person SET language = 'tlh'")
    text = client.get("/settings/me", headers={"Accept-Language": "fa"}).content.decode()
    assert '<html lang="fa"' in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Safari/604",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("", "Another program"),
        ("<script>", "Another program"),
    ],
)
def test_n2_a_browser_is_named(said: str, shown: str) -> None:
    assert str(device_words(said)) == shown


def long_ago() -> list[tuple[int, ...]]:
    """Every session was last used two minutes ago; when that was."""
    sql.write("UPDATE person_session SET last_us = last_us - %s", (2 * MINUTE_US,))
    return sql.read("SELECT last_us FROM person_session")
