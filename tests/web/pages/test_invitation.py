"""N2: asked in by a link that works once; each link that does not says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.people.acting import COMMAND_LINE, By
from holdfast.services.people.invite import invite
from holdfast.settings import Settings
from holdfast.store import invitations, people, sql
from web.people import PASSWORD, asked_mails, link_in, make, prove, set_up_mail

if TYPE_CHECKING:
    from django.test import Client

PATH = "/invitation/"
JOINING = {"name": "Ada Byron", "password": "four words of my own"}


def ask_in(settings: Settings, *, at: datetime | None = None) -> str:
    """The link of a new invitation, below our address."""
    asked = invite(
        settings,
        "ada@example.com",
        "agent",
        by=COMMAND_LINE,
        address="http://testserver",
        now=at or datetime.now(UTC),
    )
    return asked.link.removeprefix("http://testserver")


def test_n2_a_colleague_is_asked_in_and_comes(
    signed_in: Callable[..., Client], visitor: Client, served: Settings
) -> None:
    set_up_mail(served)
    admin = prove(signed_in())
    given = {"email": " Ada@Example.com", "role": "analyst", "language": "ro"}
    text = admin.post("/settings/people/invite", given).content.decode()
    link = link_in(text, PATH)
    (mail,) = asked_mails(served)
    assert mail[0] == "ada@example.com"
    assert link in mail[2]
    assert link not in admin.get("/settings/people").content.decode()
    page = visitor.get(link)
    assert page.status_code == 200
    assert "Niamh Kelly" in page.content.decode()
    assert "Analyst" in page.content.decode()
    answer = visitor.post(link, JOINING)
    assert answer.status_code == 302
    ada = people.by_email(served, "ada@example.com")
    assert ada is not None
    assert (ada.name, ada.role, ada.has_password, ada.language) == ("Ada Byron", "analyst", True, "en")
    assert visitor.get("/settings/me").status_code == 200
    did = [row[0] for row in sql.read("SELECT did FROM audit_note ORDER BY id")]
    assert [each for each in did if not each.endswith("seen")][-3:] == [
        "invitation.made", "invitation.taken", "sign_in.done",
    ]  # fmt: skip


def test_n2_a_link_that_does_not_open_says_why(visitor: Client, served: Settings) -> None:
    used, revoked = ask_in(served), ""
    assert visitor.post(used, JOINING).status_code == 302
    sql.write("UPDATE person SET email = 'other@example.com'")
    sql.write("UPDATE invitation SET revoked_us = NULL")
    revoked = ask_in(served)
    (newest, *_) = invitations.listed(served)
    invitations.revoke(served, newest.id, now_us=newest.made_us + 1)
    expired = ask_in(served, at=datetime.now(UTC) - timedelta(days=8))
    visitor.logout()
    for link, status, words in (
        (used, 410, "was taken already"),
        (revoked, 410, "was taken back"),
        (expired, 410, "has expired"),
        (f"{used[:-8]}AAAAAAAA", 404, "not one of ours"),
        (f"{PATH}hello", 404, "not one of ours"),
    ):
        for answer in (visitor.get(link), visitor.post(link, JOINING)):
            assert answer.status_code == status, link
            assert words in answer.content.decode()
    assert people.by_email(served, "ada@example.com") is None


def test_n2_what_is_wrong_uses_nothing_up(visitor: Client, served: Settings) -> None:
    link = ask_in(served)
    for given, field in (
        ({"name": "Ada", "password": "too short"}, "password"),
        ({"name": "Ada", "password": "password1234"}, "password"),
        ({"name": "Ada Byron", "password": "ada-byron-1"}, "password"),
        ({"name": "Ada", "password": "Ada.Holdfast.12"}, "password"),
        ({"name": "Ada", "password": "x" * 257}, "password"),
        ({"name": "nimdA \u202e", "password": PASSWORD}, "name"),
        ({"name": "  ", "password": PASSWORD}, "name"),
    ):
        answer = visitor.post(link, given)
        assert answer.status_code == 422, given
        assert f'id="{field}-error"' in answer.content.decode()
    assert visitor.post(link, JOINING).status_code == 302


def test_n2_who_is_signed_in_does_not_join_as_somebody_else(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    link, client = ask_in(served), signed_in("agent")
    for answer in (client.get(link), client.post(link, JOINING)):
        assert "You are signed in as" in answer.content.decode()
    assert people.by_email(served, "ada@example.com") is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "a@b@example.com"}, "email"),
        ({"email": "ada@example.com\r\nBcc: everybody@example.com"}, "email"),
        ({"email": "admin.en@example.com"}, "email"),
        ({"role": "owner"}, "role"),
        ({"language": "tlh"}, "language"),
        ({"language": "../../etc"}, "language"),
    ],
)
def test_n2_a_bad_invitation_is_refused_where_it_is(
    signed_in: Callable[..., Client], served: Settings, given: dict[str, str], field: str
) -> None:
    set_up_mail(served)
    full = {"email": "ada@example.com", "role": "agent", "language": "en"} | given
    answer = prove(signed_in()).post("/settings/people/invite", full)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert invitations.listed(served) == []
    assert asked_mails(served) == []


def test_n2_nobody_gives_a_role_above_their_own(workspace: Settings) -> None:
    for role, given in (("manager", "admin"), ("agent", "analyst"), ("read_only", "agent")):
        with pytest.raises(Refusal) as refused:
            invite(workspace, "a@example.com", given, by=By(1, role), address="", now=datetime.now(UTC))
        assert refused.value.code == "role_above"


def test_n2_an_invitation_is_revoked_on_the_page(signed_in: Callable[..., Client], served: Settings) -> None:
    ask_in(served)
    (made,) = invitations.listed(served)
    admin = prove(signed_in())
    assert "ada@example.com" in admin.get("/settings/people").content.decode()
    assert admin.post(f"/settings/people/invitations/{made.id}/revoke").status_code == 302
    assert invitations.listed(served)[0].revoked_us is not None
    assert admin.post(f"/settings/people/invitations/{made.id}/revoke").status_code == 422


def test_n2_without_mail_the_link_is_for_the_inviter_to_send(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    given = {"email": "ada@example.com", "role": "agent", "language": "en"}
    text = prove(signed_in()).post("/settings/people/invite", given).content.decode()
    assert "Mail is not set up here" in text
    assert link_in(text, PATH)
    assert asked_mails(served) == []


def test_n2_only_an_administrator_asks_in(signed_in: Callable[..., Client], served: Settings) -> None:
    client = prove(signed_in("manager"))
    assert client.get("/settings/people").status_code == 403
    assert (
        client.post("/settings/people/invite", {"email": "a@example.com", "role": "agent"}).status_code == 403
    )


def test_n2_people_are_given_roles_shut_out_and_let_in(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    from django.test import Client

    from holdfast.store.models import User

    admin, ada = prove(signed_in()), make(served, "ada@example.com")
    hers = Client()
    hers.force_login(User.objects.get(pk=ada))
    page = f"/settings/people/{ada}"
    assert "ada@example.com" in admin.get(page).content.decode()
    assert admin.post(f"{page}/role", {"role": "manager"}).status_code == 302
    assert admin.post(f"{page}/role", {"role": "owner"}).status_code == 422
    assert people.wanted(served, "ada@example.com").role == "manager"
    assert hers.get("/settings/keys").status_code == 200
    assert admin.post(f"{page}/shut-out").status_code == 302
    assert hers.get("/settings").status_code == 302
    assert sql.one("SELECT COUNT(*) FROM person_session WHERE person_id = %s", (ada,)) == (0,)
    assert admin.post(f"{page}/let-in").status_code == 302
    assert hers.get("/settings").status_code == 302, "an ended session stays ended"
    own = people.wanted(served, "admin.en@example.com").id
    assert "your own sign-in" in admin.post(f"/settings/people/{own}/shut-out").content.decode()
    assert (
        "last administrator" in admin.post(f"/settings/people/{own}/role", {"role": "agent"}).content.decode()
    )
    assert admin.post(f"{page}/nothing").status_code == 404
    assert admin.get("/settings/people/999").status_code == 404
