"""Sending in the settings: server, key, domain, safe mode, Stop; and the suppression list (G3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import dns_server
from dns_server import DnsServer
from holdfast.services.act import setting_up
from holdfast.settings import Settings
from holdfast.store import channel_settings, message_settings, outbox_reading, sql, suppression

if TYPE_CHECKING:
    from django.test import Client

SERVER = {
    "host": "smtp.shop.example",
    "port": "587",
    "security": "starttls",
    "user": "shop",
    "password": "geheim-1",
    "from_address": "hello@shop.example",
    "from_name": "Shop",
    "reply_to": "",
    "connections": "4",
    "timeout_seconds": "60",
}


@pytest.fixture(scope="module")
def dns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DnsServer]:
    with dns_server.serving(tmp_path_factory.mktemp("dns")) as server:
        yield server


def change(client: Client, do: str, /, **given: str) -> str:
    answer = client.post(f"/settings/messages/change/{do}", given, follow=True)
    return str(answer.content.decode())


def text_of(client: Client, path: str = "/settings/messages") -> str:
    return str(client.get(path).content.decode())


def test_a_mail_server_is_kept_and_its_password_never_shown(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("admin")
    assert "Begin with the mail server." in text_of(client)
    shown = change(client, "server", **SERVER)
    assert "The mail server is kept." in shown
    assert "geheim-1" not in shown
    kept = channel_settings.read(served, "email")
    assert kept is not None
    assert (kept.options["host"], kept.options["port"], kept.secrets["password"]) == (
        "smtp.shop.example",
        587,
        "geheim-1",
    )
    change(client, "server", **(SERVER | {"password": "", "from_name": "Shop of Ann", "port": "۴۶۵"}))
    kept = channel_settings.read(served, "email")
    assert kept is not None
    assert kept.options["port"] == 465  # typed on a Persian keyboard
    assert (kept.options["from_name"], kept.secrets["password"]) == ("Shop of Ann", "geheim-1")


@pytest.mark.parametrize("host", ["smtp.shop.example", "smtp.other.example"])
def test_a_server_that_was_set_while_the_dns_was_asked_has_proved_nothing(
    served: Settings, host: str
) -> None:
    assert setting_up.set_smtp(served, SERVER, now_us=1) == ()
    key = setting_up.make_key(served, now_us=1)

    def ask(name: str, kind: str) -> tuple[str, ...]:
        setting_up.set_smtp(served, SERVER | {"host": host}, now_us=2)
        said = {
            ("shop.example", "TXT"): "v=spf1 a:smtp.shop.example -all",
            ("smtp.shop.example", "A"): "192.0.2.25",
            (key.name, "TXT"): key.record,
            ("_dmarc.shop.example", "TXT"): "v=DMARC1; p=none",
        }
        return (said[name, kind],) if (name, kind) in said else ()

    found = setting_up.check_domain(served, ask, now_us=3)
    assert found.passed == (host == "smtp.shop.example")
    assert message_settings.rules(served).safe == (host != "smtp.shop.example")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("host", "", "The name of a server"),
        ("port", "70000", "A number from 1 to 65535."),
        ("port", "many", "A number from 1 to 65535."),
        ("security", "rot13", "need encryption"),
        ("from_address", "a@b@c.example", "One address like"),
        ("from_name", "Shop\r\nBcc: x@y.example", "A name in one line."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    served: Settings, signed_in: Callable[..., Client], name: str, value: str, words: str
) -> None:
    shown = change(signed_in("admin"), "server", **(SERVER | {name: value}))
    assert words in shown
    assert f'id="{name}-error"' in shown
    assert channel_settings.read(served, "email") is None


def test_safe_mode_ends_when_the_dns_says_what_it_should(
    served: Settings, signed_in: Callable[..., Client], dns: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_DNS", dns.address)
    dns.say({})
    client = signed_in("admin")
    assert "Nobody has said yet how mails leave." in change(client, "key")
    change(client, "server", **SERVER)
    change(client, "key")
    key = setting_up.key(served)
    assert key is not None
    shown = change(client, "check")
    assert "The domain does not pass yet." in shown
    assert key.name in shown
    assert shown.count("There is no such record yet.") == 3
    dns.say(
        {
            "shop.example": {"TXT": ['"v=spf1 a:smtp.shop.example -all"']},
            "smtp.shop.example": {"A": ["192.0.2.25"]},
            key.name: {"TXT": [" ".join(f'"{key.record[at : at + 200]}"' for at in range(0, 600, 200))]},
            "_dmarc.shop.example": {"TXT": ['"v=DMARC1; p=quarantine"']},
        }
    )
    shown = change(client, "check")
    assert "Safe mode has ended." in shown
    assert not message_settings.rules(served).safe
    dns.say({name: {"SERVFAIL": []} for name in ("shop.example", "_dmarc.shop.example", key.name)})
    assert "The DNS did not answer." in change(client, "check")
    assert not message_settings.rules(served).safe, "what nobody can say changes nothing"
    change(client, "server", **(SERVER | {"from_address": "hello@other.example"}))
    assert message_settings.rules(served).safe, "another domain has proved nothing"


def test_mails_may_leave_from_machines_that_somebody_names(
    served: Settings, signed_in: Callable[..., Client], dns: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_DNS", dns.address)
    dns.say(
        {
            "shop.example": {"TXT": ['"v=spf1 ip4:198.51.100.7 ~all"']},
            "smtp.shop.example": {"A": ["192.0.2.25"]},
        }
    )
    client = signed_in("admin")
    change(client, "server", **SERVER)
    assert "does not name the machine that sends" in change(client, "check")
    assert "is no IP address" in change(client, "machines", machines="198.51.100.7 smtp")
    change(client, "machines", machines="198.51.100.7")
    change(client, "check")
    proven = message_settings.proven(served)
    assert proven is not None
    assert proven.findings["spf"]["code"] == "passed"


def test_one_of_us_sends_a_mail_to_oneself(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("admin")
    assert "Nobody has said yet" in change(client, "test")
    change(client, "server", **SERVER)
    shown = change(client, "test")
    assert "The mail to try: waiting" in shown
    (touch,) = outbox_reading.listed(served, outbox_reading.Wanted(), 9)
    assert (touch.purpose, touch.address) == ("staff", "admin.en@example.com")
    sql.write("UPDATE touch SET state = 'sent'")
    answer = client.get(f"/settings/messages/test/{touch.id}").content.decode()
    assert "The mail to try: sent" in answer
    assert "hx-get" not in answer
    assert signed_in("admin", "fa").get(f"/settings/messages/test/{touch.id}").status_code == 404


def test_any_decider_stops_everything_and_an_administrator_starts_it(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    manager, admin, agent = (signed_in(role) for role in ("manager", "admin", "agent"))
    assert agent.post("/settings/messages/stop").status_code == 403
    shown = manager.post("/settings/messages/stop", {"why": "Wrong price"}, follow=True).content.decode()
    assert "manager.en@example.com stopped all sending" in shown
    assert "Let sending go on" not in shown
    seen = text_of(agent, "/inbox")
    assert 'id="stopped"' in seen
    assert "Wrong price" in seen
    assert manager.post("/settings/messages/start").status_code == 403
    shown = admin.post("/settings/messages/start", follow=True).content.decode()
    assert "Sending goes on." in shown
    assert 'id="stopped"' not in text_of(agent, "/inbox")


def test_rules_are_set_and_refused(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("admin")
    assert "is no address" in change(client, "listed", listed="ann@shop.example\nwho")
    change(client, "listed", listed="Ann@shop.example, @test.example")
    change(client, "basis", basis="customers")
    assert "cannot be chosen" in change(client, "basis", basis="nobody")
    for wrong in ("http://shop.example", "https://shop.example/path", "javascript:x", "https://a@b.example"):
        assert "cannot begin with" in change(client, "public", public=wrong)
    change(client, "public", public="https://hold.shop.example/")
    found = message_settings.rules(served)
    assert found.listed == {"ann@shop.example", "@test.example"}
    assert (found.basis, found.public_url) == ("customers", "https://hold.shop.example")
    assert client.post("/settings/messages/change/nonsense").status_code == 400
    assert signed_in("manager").post("/settings/messages/change/public", {"public": ""}).status_code == 403


def test_g3_an_address_is_put_on_the_list_and_taken_off_with_a_reason(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("manager")
    assert "No address yet" in text_of(client, "/settings/suppression")
    given = {"address": "Ann.Kelly@Example.org", "note": "asked by phone"}
    shown = client.post("/settings/suppression/add", given, follow=True).content.decode()
    assert "a•••y@example.org" in shown
    assert "ann.kelly" not in shown.lower()
    assert (
        "The address was on the list already."
        in client.post("/settings/suppression/add", given, follow=True).content.decode()
    )
    assert suppression.is_suppressed(served, "email", "ann.kelly@example.org") == "by_hand"
    wrong = client.post("/settings/suppression/add", {"address": "a@b@c.example"})
    assert (wrong.status_code, "is neither an e-mail address nor a number" in wrong.content.decode()) == (
        422,
        True,
    )
    (entry,) = suppression.listed(served, limit=9)
    answer = client.post(f"/settings/suppression/{entry.id}/lift", {"note": " "})
    assert "No reason was given." in answer.content.decode()
    client.post(f"/settings/suppression/{entry.id}/lift", {"note": "wrote to us again"})
    assert suppression.is_suppressed(served, "email", "ann.kelly@example.org") == ""
    shown = client.get("/settings/suppression", {"q": "ann.kelly@example.org"}).content.decode()
    assert "wrote to us again" in shown
    assert (
        "not on the list any more"
        in client.post(f"/settings/suppression/{entry.id}/lift", {"note": "x"}).content.decode()
    )
    assert signed_in("agent").post("/settings/suppression/add", given).status_code == 403


def test_g3_a_list_is_imported(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("manager")
    rows = (
        "name;email",
        "Ann;ANN@example.org",
        "Bo;",
        "Cy;c@d@e",
        "Di;<di@example.org>",
        "Ann;ann@example.org",
    )
    content = "\r\n".join(rows)
    file = SimpleUploadedFile("left.csv", content.encode("utf-8-sig"))
    shown = client.post("/settings/suppression/import", {"file": file}, follow=True).content.decode()
    assert "2 addresses were put on the list; 1 was on it before, 2 lines without an address." in shown
    assert suppression.is_suppressed(served, "email", "di@example.org") == "import"
    for bad in (b"\xff\xfe\x00", b""):
        answer = client.post("/settings/suppression/import", {"file": SimpleUploadedFile("x.csv", bad)})
        assert answer.status_code in (302, 422)
    assert client.post("/settings/suppression/import").status_code == 422


def test_the_list_has_a_next_page(served: Settings, signed_in: Callable[..., Client]) -> None:
    new = [suppression.New("email", f"n{number}@example.org", "import") for number in range(60)]
    suppression.suppress(served, new, now_us=1)
    shown = text_of(signed_in("agent"), "/settings/suppression")
    (following,) = re.findall(r'href="(\?before=\d+)"', shown)
    assert text_of(signed_in("agent", "ro"), f"/settings/suppression{following}").count("•••") == 10


def test_n2_who_sees_only_their_customers_sees_only_their_addresses(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.store import owners, portfolio
    from holdfast.store.models import User
    from services.act.people import known

    client, path = signed_in("agent"), "/settings/suppression"
    theirs = known(served, "mine", "mine@shop.example")
    known(served, "other", "other@club.example")
    me = User.objects.get(email="agent.en@example.com").pk
    owners.set_owner(served, [theirs], theirs, me, by="x", now_us=1)
    for address, reason in (
        ("mine@shop.example", "hard_bounce"),
        ("other@club.example", "complaint"),
        ("x@far.example", "import"),
    ):
        suppression.suppress(served, [suppression.New("email", address, reason)], now_us=1)
    suppression.came_back(served, "other@club.example", hard=False, status="4.2.2", source="", now_us=9)
    assert "<b>3 addresses</b>" in text_of(client, path)
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    shown = text_of(client, path)
    assert "<b>1 address</b>" in shown
    assert "@shop.example" in shown
    assert "@club.example" not in shown and "@far.example" not in shown
    assert "Reported our mail as spam" not in shown
    asked = client.get(path, {"q": "other@club.example"}).content.decode()
    assert "Nothing is known of this address." in asked
    asked = client.get(path, {"q": "mine@shop.example"}).content.decode()
    assert "Mail came back for good" in asked
    owners.set_owner(served, [theirs], theirs, None, by="x", now_us=2)
    assert "No address is on the list." in text_of(client, path)
    assert "<b>3 addresses</b>" in text_of(signed_in("manager"), path)


def test_g3_a_domain_that_did_not_pass_lately_is_said(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    found = {each: {"code": "passed", "name": "x", "found": [], "wanted": ""} for each in ("spf", "dkim")}
    found["dmarc"] = {"code": "missing", "name": "_dmarc.x", "found": [], "wanted": "v=DMARC1; p=none"}
    doubted = message_settings.Proven("shop.example", 1, True, found, 1)
    message_settings.note_proven(served, doubted)
    shown = text_of(signed_in("manager"))
    assert "The domain did not pass at the last look." in shown
    assert "Mails go out." in shown or "Begin with the mail server." in shown
    message_settings.note_proven(served, message_settings.Proven("shop.example", 1, True, found))
    assert "at the last look" not in text_of(signed_in("admin"))
