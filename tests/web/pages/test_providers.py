"""N2: signing in by word of a provider that runs beside; one that lies takes over nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from holdfast.services.people.acting import COMMAND_LINE
from holdfast.services.people.invite import invite
from holdfast.settings import Settings
from holdfast.store import people, providers, sql
from holdfast.store.providers import Provider
from oidc_provider import CLIENT, SECRET
from providers import Running, of_somebody_else, our_own
from web.people import PASSWORD, code, make, prove, with_factor

if TYPE_CHECKING:
    from django.test import Client

VOUCHED = {"email": "ada@example.com", "email_verified": True}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with our_own() as provider:
        yield provider


@pytest.fixture
def work(served: Settings, running: Running) -> Provider:
    """The provider of our own making, entered as "work"."""
    running.say(sub="7", **VOUCHED)
    return entered(served, running.issuer)


def entered(settings: Settings, issuer: str, **other: bool) -> Provider:
    return providers.keep(
        settings,
        "work",
        label="Work",
        issuer=issuer,
        client_id=CLIENT,
        secret=SECRET,
        domains=["example.com"],
        default_role="agent",
        makes_people=other.get("makes_people", True),
        own_second_factor=other.get("own_second_factor", False),
        now_us=1,
    )


def round_trip(
    client: Client, running: Running, start: str = "/sign-in/with/work", **form: str
) -> tuple[int, str, str]:
    """There and back in one browser: status, where that leads, what the page says."""
    there = client.get(start)
    assert there.status_code == 302, there.content.decode()
    back = urlsplit(running.come_back(there["Location"], **form))
    answer = client.get(f"{back.path}?{back.query}")
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def test_n2_somebody_comes_by_a_provider_of_somebody_elses_making(visitor: Client, served: Settings) -> None:
    with of_somebody_else() as other:
        entered(served, other.issuer)
        other.know("ada-7", email="ada@example.com", email_verified=True, name="Ada Byron")
        status, where, _ = round_trip(visitor, other, "/sign-in/with/work?next=/settings/me", sub="ada-7")
        assert (status, where) == (302, "/settings/me")
        ada = people.wanted(served, "ada@example.com")
        assert (ada.name, ada.role, ada.has_password) == ("Ada Byron", "agent", False)
        visitor.post("/sign-out")
        other.know("ada-7", email="ada.lovelace@example.com", email_verified=False)
        assert round_trip(visitor, other, sub="ada-7")[0] == 302, "the number decides, not the address"
        assert [each.email for each in people.listed(served)] == ["ada@example.com"]
        visitor.post("/sign-out")
        assert round_trip(visitor, other, action="deny")[0] == 403


@pytest.mark.parametrize(
    "said",
    [
        {"email": "niamh@example.com", "email_verified": False},
        {"email": "niamh@example.com"},
        {"email": "niamh@other.example", "email_verified": True},
        {"email": "niamh@example.com@other.example", "email_verified": True},
        {"email": "niamh@sub.example.com", "email_verified": True},
        {"email": "niamh@example.com\r\n", "email_verified": "yes"},
        {},
    ],
)
def test_n2_who_is_not_vouched_for_is_not_let_in(
    visitor: Client, served: Settings, running: Running, work: Provider, said: dict[str, object]
) -> None:
    running.say(sub="9", **said)
    status, _, text = round_trip(visitor, running)
    assert (status, "does not vouch for an address" in text) == (403, True)
    assert people.listed(served) == []


@pytest.mark.parametrize("verified", [True, False])
def test_n2_a_provider_that_lies_about_the_address_takes_over_nobody(
    visitor: Client, served: Settings, running: Running, work: Provider, verified: bool
) -> None:
    make(served, "ada@example.com", "admin", password=True)
    running.say(sub="evil", email="Ada@example.com", email_verified=verified)
    status, where, _ = round_trip(visitor, running)
    assert (status, where) == ((302, "/sign-in") if verified else (403, ""))
    assert visitor.get("/settings/me").status_code == 302
    make(served, "eve@example.com", password=True)
    visitor.post("/sign-in", {"email": "eve@example.com", "password": PASSWORD})
    assert sql.read("SELECT * FROM person_identity") == [], "linked to nobody but the owner of the address"


def test_n2_the_owner_links_it_by_signing_in_as_before(
    visitor: Client, served: Settings, running: Running, work: Provider
) -> None:
    ada = make(served, "ada@example.com", "admin", password=True)
    secret = with_factor(served, ada)
    assert round_trip(visitor, running)[1] == "/sign-in"
    assert "from then on Work works too" in visitor.get("/sign-in").content.decode()
    visitor.post("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    assert sql.read("SELECT * FROM person_identity") == [], "the password alone is not the whole way"
    visitor.post("/sign-in/code", {"code": code(secret)})
    assert [each.provider for each in providers.identities_of(served, ada)] == ["work"]
    visitor.post("/sign-out")
    assert round_trip(visitor, running)[1] == "/sign-in/code", "our second factor is still asked for"
    assert visitor.post("/sign-in/code", {"code": code(secret, later=1)}).status_code == 302
    visitor.post("/sign-out")
    entered(served, running.issuer, own_second_factor=True)
    assert round_trip(visitor, running)[1] == "/measure"


def test_n2_an_answer_belongs_to_the_browser_that_asked(
    visitor: Client, served: Settings, running: Running, work: Provider
) -> None:
    from django.test import Client

    mine = urlsplit(running.come_back(Client().get("/sign-in/with/work")["Location"]))
    for address in (
        f"{mine.path}?{mine.query}",
        "/sign-in/with/work/back",
        "/sign-in/with/work/back?code=x&state=é",
    ):
        visitor.get("/sign-in/with/work")
        answer = visitor.get(address)
        assert (answer.status_code, "was begun in this browser" in answer.content.decode()) == (403, True)
    there = visitor.get("/sign-in/with/work")
    back = urlsplit(running.come_back(there["Location"]))
    assert visitor.get(f"{back.path}?{back.query}&iss=https://other.example").status_code == 403
    assert visitor.get(f"{back.path}?{back.query}").status_code == 403, "one answer, once"
    running.say("state", sub="7", **VOUCHED)
    assert round_trip(visitor, running)[0] == 403
    assert people.listed(served) == []


def test_n2_who_was_shut_out_does_not_come_in_by_a_provider(
    visitor: Client, served: Settings, running: Running, work: Provider
) -> None:
    round_trip(visitor, running)
    sql.write("UPDATE person SET is_active = %s", (False,))
    visitor.post("/sign-out")
    status, _, text = round_trip(visitor, running)
    assert (status, "not open any more" in text) == (403, True)
    assert visitor.get("/settings/me").status_code == 302


def test_n2_an_invitation_is_taken_by_a_provider_for_its_own_address_only(
    visitor: Client, served: Settings, running: Running, work: Provider
) -> None:
    entered(served, running.issuer, makes_people=False)
    assert "An invitation first." in round_trip(visitor, running)[2]
    for email, status in (("bo@example.com", 403), ("ada@example.com", 302)):
        asked = invite(served, email, "manager", by=COMMAND_LINE, address="", now=datetime.now(UTC))
        token = asked.link.rpartition("/")[2]
        assert f"invitation={token}" in visitor.get(f"/invitation/{token}").content.decode()
        assert round_trip(visitor, running, f"/sign-in/with/work?invitation={token}")[0] == status
    assert [(each.email, each.role) for each in people.listed(served)] == [("ada@example.com", "manager")]


def test_n2_it_is_linked_and_unlinked_on_ones_own_page(
    signed_in: Callable[..., Client], served: Settings, running: Running, work: Provider
) -> None:
    client = prove(signed_in())
    text = client.get("/settings/me").content.decode()
    start = text.split('href="/settings/me/link/work?k=')[1].split('"')[0]
    assert client.get("/settings/me/link/work?k=guessed").status_code == 404, "no other site begins it"
    assert client.get("/settings/me/link/work").status_code == 404
    running.say(sub="8", email="me@private.example", email_verified=True)
    assert round_trip(client, running, f"/settings/me/link/work?k={start}")[0] == 403
    running.say(sub="8", **VOUCHED)
    assert round_trip(client, running, f"/settings/me/link/work?k={start}")[1] == "/settings/me?done=link"
    (identity,) = providers.identities_of(served, people.wanted(served, "admin.en@example.com").id)
    refused = client.post(f"/settings/me/unlink/{identity.id}")
    assert "your only way to sign in" in refused.content.decode()
    sql.write(
        "INSERT INTO person_identity (person_id, provider_id, issuer, sub, linked_us, last_us) "
        "SELECT person_id, provider_id, issuer, 'y', 1, 1 FROM person_identity"
    )
    assert client.post(f"/settings/me/unlink/{identity.id}").status_code == 302
    assert sql.read("SELECT sub FROM person_identity") == [("y",)]


def test_n2_who_has_no_password_proves_by_the_provider(
    visitor: Client, served: Settings, running: Running, work: Provider
) -> None:
    round_trip(visitor, running)
    session = visitor.session
    session["proved_us"] = 1
    session.save()
    start = "/confirm?with=work&next=/settings/me/second-factor"
    assert (
        start.replace("&", "&amp;").replace("/settings/me/", "%2Fsettings%2Fme%2F")
        in visitor.get("/confirm?next=/settings/me/second-factor").content.decode()
    )
    running.say(sub="8", **VOUCHED)
    assert round_trip(visitor, running, start)[0] == 403, "as somebody else"
    running.say(sub="7", auth_time=int(time.time()) - 9999, **VOUCHED)
    assert round_trip(visitor, running, start)[0] == 403, "not anew"
    running.say(sub="7", auth_time=int(time.time()), **VOUCHED)
    assert round_trip(visitor, running, start)[1] == "/settings/me/second-factor"
    assert visitor.get("/settings/me/second-factor").status_code == 200


GIVEN = {
    "name": "Work", "label": "Work account", "client_id": CLIENT, "secret": SECRET,
    "domains": "Example.com, @shop.example", "role": "analyst", "makes_people": "on",
}  # fmt: skip


def test_n2_an_administrator_enters_changes_and_removes_a_provider(
    signed_in: Callable[..., Client], visitor: Client, served: Settings, running: Running
) -> None:
    running.say(sub="7")
    admin = prove(signed_in())
    given = GIVEN | {"issuer": running.issuer}
    assert admin.post("/settings/providers/add", given)["Location"] == "/settings/providers/of/work?done=1"
    (kept,) = providers.listed(served)
    assert (kept.domains, kept.default_role, kept.enabled) == (
        ("example.com", "shop.example"),
        "analyst",
        True,
    )
    page = admin.get("/settings/providers/of/work?done=1").content.decode()
    assert SECRET not in page.replace("&#39;", "'")
    assert "http://testserver/sign-in/with/work/back" in page
    assert "Work account" in visitor.get("/sign-in").content.decode()
    assert admin.post("/settings/providers/of/work", given | {"secret": "", "label": "W"}).status_code == 302
    assert providers.secret_of(served, kept.id) == SECRET
    admin.post("/settings/providers/of/work/off")
    assert visitor.get("/sign-in/with/work").status_code == 403
    assert "Sign in with" not in visitor.get("/sign-in").content.decode()
    assert "W" in admin.get("/settings/providers").content.decode()
    admin.post("/settings/providers/of/work/remove")
    assert providers.listed(served) == []
    assert admin.get("/settings/providers/of/work").status_code == 404
    assert visitor.get("/sign-in/with/work").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "no/such"}, "name"),
        ({"label": ""}, "label"),
        ({"issuer": "http://10.0.0.1"}, "issuer"),
        ({"issuer": "https://user@idp.example"}, "issuer"),
        ({"issuer": "javascript:alert(1)"}, "issuer"),
        ({"issuer": "http://127.0.0.1:9"}, "issuer"),
        ({"client_id": " "}, "client_id"),
        ({"domains": ""}, "domains"),
        ({"domains": "example.com *"}, "domains"),
        ({"role": "admin"}, "role"),
    ],
)
def test_n2_what_is_wrong_with_a_provider_is_said_where_it_is(
    signed_in: Callable[..., Client], served: Settings, running: Running, wrong: dict[str, str], field: str
) -> None:
    answer = prove(signed_in()).post("/settings/providers/add", GIVEN | {"issuer": running.issuer} | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert providers.listed(served) == []


def test_n2_only_administrators_enter_providers(signed_in: Callable[..., Client]) -> None:
    client = prove(signed_in("manager"))
    assert client.get("/settings/providers").status_code == 403
    assert client.post("/settings/providers/add", GIVEN).status_code == 403
