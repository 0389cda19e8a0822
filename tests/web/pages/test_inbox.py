"""The inbox on its pages: the list, a conversation, what people do with it, and its channels (A4, A9)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from brought import bring
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import inbox, live_sources, sql
from holdfast.store.inbox import Conversation, Wanted

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

    from web.conftest import Address

SCRIPT = "<script>alert(1)</script>"


def now_us() -> int:
    return int(time.time() * 1_000_000)


def write(settings: Settings, who: str, text: str, **properties: Any) -> None:
    """Let somebody write a mail."""
    import msgspec

    source = live_sources.ensure(settings, "mailbox", "mail", namespace="mail", now_us=1)
    told = {"conversation_id": who, "text": text, "channel": "email", "author": who, "subject": "Kettle"}
    call = {
        "type": "track",
        "userId": who,
        "event": "Message Received",
        "messageId": f"{who}:{hash(text)}",
        "properties": told | properties,
    }
    body = msgspec.json.encode({"batch": [call]})
    accept(settings, source.id, body, events=1, received_us=now_us())
    take_in_arrived(settings, now_us=now_us())


def talk(settings: Settings, who: str = "ann@example.org") -> Conversation:
    return next(each for each in inbox.conversations(settings, Wanted(), 99) if each.key == who)


def page_of(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode())


def test_the_list_says_who_writes_and_what(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    assert "Nothing is connected yet" in page_of(client, "/inbox")
    write(served, "ann@example.org", "It broke")
    write(served, "bo@example.org", "Where is it?")
    shown = page_of(client, "/inbox")
    assert "<b>2 conversations</b> open" in shown
    assert shown.index("bo@example.org") < shown.index("ann@example.org")
    assert "It broke" in shown


def test_whatever_was_written_is_words(served: Settings, signed_in: Callable[..., Client]) -> None:
    attachments = [{"name": SCRIPT, "type": SCRIPT, "size": 5}, {"name": "x", "type": "photo", "size": None}]
    write(
        served,
        "ann@example.org",
        f"{SCRIPT} own\n> {SCRIPT}",
        subject=SCRIPT,
        author=SCRIPT,
        address=SCRIPT,
        channel=SCRIPT[:20],
        attachments=attachments,
        folded_from=30,
    )
    client = signed_in("agent")
    for path in ("/inbox", f"/inbox/{talk(served).id}", f"/inbox/{talk(served).id}/news?after=0"):
        shown = page_of(client, path)
        assert SCRIPT not in shown
        assert "&lt;script&gt;" in shown
    assert SCRIPT not in page_of(client, "/inbox", q=SCRIPT, channel=SCRIPT)
    assert SCRIPT not in page_of(client, f"/inbox/{talk(served).id}", who=SCRIPT)


def test_narrowed_by_address(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    for who in ("ann@example.org", "bo@example.org"):
        write(served, who, f"I am {who}")
    inbox.set_state(served, talk(served).id, "closed")

    def found(**asked: str) -> list[str]:
        return re.findall(
            r'href="/inbox/\d+[^"]*" hx-boost="false"><bdi>(\w+)@', page_of(client, "/inbox", **asked)
        )

    assert found() == ["bo"]
    assert found(state="closed") == ["ann"]
    assert found(state="all") == ["bo", "ann"]
    assert found(state="all", q="ann") == ["ann"]
    assert found(state="all", owner="nobody") == ["bo", "ann"]
    assert found(owner="me") == []
    assert found(state="all", channel="telegram") == []


@pytest.mark.parametrize(
    "asked",
    [
        "state=x",
        "owner=x",
        "owner=-1",
        "after=x",
        "after=1",
        "after=1-x",
        "after=" + "9" * 30,
        "owner=" + "9" * 30,
    ],
)
def test_an_address_that_means_nothing_is_400(signed_in: Callable[..., Client], asked: str) -> None:
    assert signed_in("agent").get(f"/inbox?{asked}").status_code == 400


def test_strange_numbers_are_400_or_404(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    write(served, "ann@example.org", "It broke")
    one = f"/inbox/{talk(served).id}"
    for path in (f"{one}?before=x", f"{one}/news?after=x", f"{one}/news", f"{one}?before=1-"):
        assert client.get(path).status_code == 400, path
    assert client.get("/inbox/999").status_code == 404
    for path, sent in (
        ("/inbox/999/state", {"do": "close"}),
        ("/inbox/999/owner", {"owner": ""}),
        ("/inbox/999/customer", {"customer": "1"}),
        (f"{one}/owner", {"owner": "999"}),
    ):
        assert client.post(path, sent).status_code == 404, path
    for path, sent in (
        (f"{one}/state", {"do": "x"}),
        (f"{one}/owner", {"owner": "x"}),
        (f"{one}/customer", {"customer": "x"}),
        (f"{one}/read", {"up_to": "x"}),
    ):
        assert client.post(path, sent).status_code == 400, path


def test_a_page_of_fifty_and_the_next(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    for number in range(53):
        write(served, f"a{number}@example.org", "Hello")
    shown = page_of(client, "/inbox")
    assert shown.count('class="talk"') == 50
    following = re.search(r'href="(/inbox\?after=[^"]+)"', shown)
    assert following
    assert page_of(client, following[1]).count('class="talk"') == 3


def test_the_same_few_questions_at_any_size(served: Settings, signed_in: Callable[..., Client]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in("agent")

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    write(served, "a@example.org", "Hello")
    few = [asked(path) for path in ("/inbox", "/inbox/news", f"/inbox/{talk(served, 'a@example.org').id}")]
    for number in range(30):
        write(served, f"a{number}@example.org", "Hello")
        write(served, "a@example.org", f"Hello {number}")
    many = [asked(path) for path in ("/inbox", "/inbox/news", f"/inbox/{talk(served, 'a@example.org').id}")]
    assert many == few
    assert few[1] <= 10


def test_news_are_told_once(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    write(served, "ann@example.org", "It broke")

    def news_url(shown: str) -> str:
        found = re.search(r'hx-get="(/inbox/news[^"]+)"', shown)
        assert found
        return found[1].replace("&amp;", "&")

    url = news_url(page_of(client, "/inbox"))
    assert client.get(url).status_code == 204
    write(served, "ann@example.org", "Again")
    answer = client.get(url)
    assert answer.status_code == 200
    assert "Again" in answer.content.decode()
    assert client.get(news_url(answer.content.decode())).status_code == 204
    inbox.set_state(served, talk(served).id, "closed")
    assert client.get(url).status_code == 200


def test_news_of_a_conversation(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    write(served, "ann@example.org", "It broke")
    one = talk(served)
    ((last,),) = sql.read("SELECT MAX(id) FROM inbox_message")
    url = f"/inbox/{one.id}/news?after={last}"
    assert url in page_of(client, f"/inbox/{one.id}")
    assert client.get(url).status_code == 204
    write(served, "ann@example.org", "Again")
    answer = client.get(url).content.decode()
    assert "Again" in answer
    assert "It broke" not in answer


def test_a_thread_is_read_a_stretch_at_a_time(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    for number in range(35):
        write(served, "ann@example.org", f"number-{number:02d}.")
    shown = page_of(client, f"/inbox/{talk(served).id}")
    assert "number-05." in shown
    assert "number-04." not in shown
    earlier = re.search(r'href="(/inbox/\d+\?before=[^"]+)"', shown)
    assert earlier
    shown = page_of(client, earlier[1])
    assert "number-04." in shown
    assert "number-05." not in shown


def test_what_people_do_with_a_conversation(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("agent")
    write(served, "ann@example.org", "It broke")
    one = f"/inbox/{talk(served).id}"

    def does(act: str, **sent: str) -> Conversation:
        assert client.post(f"{one}/{act}", sent).status_code in (204, 302)
        return talk(served)

    assert does("state", do="close").state == "closed"
    assert "closed" in page_of(client, one)
    assert does("state", do="open").state == "open"
    put_off = does("state", do="tomorrow")
    assert (put_off.state, (put_off.snoozed_until_us or 0) > now_us()) == ("snoozed", True)
    assert "put off until" in page_of(client, one)
    assert does("owner", owner="me").owner == "Niamh Kelly"
    assert does("owner", owner="").owner == ""
    ((last,),) = sql.read("SELECT MAX(id) FROM inbox_message")
    assert does("read", up_to=str(last)).unread == 0
    assert does("read").unread == 1


@pytest.mark.parametrize("role", ["analyst", "read_only"])
def test_who_only_reads_changes_nothing(
    served: Settings, signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role)
    write(served, "ann@example.org", "It broke")
    one = f"/inbox/{talk(served).id}"
    shown = page_of(client, one)
    assert "It broke" in shown
    assert '<form method="post" action="/inbox' not in shown
    for act, sent in (("state", {"do": "close"}), ("owner", {"owner": "me"}), ("read", {}), ("customer", {})):
        assert client.post(f"{one}/{act}", sent).status_code == 403


def test_a_person_says_who_it_is(served: Settings, signed_in: Callable[..., Client]) -> None:
    bring(served, {"C-7": {"name": "Ann Kelly", "email": "ann.kelly@example.org"}})
    write(served, "ann@example.org", "It broke")
    client, one = signed_in("agent"), f"/inbox/{talk(served).id}"
    assert "Nobody is called so" in page_of(client, one, who="nobody")
    shown = page_of(client, one, who="C-7")
    assert "Ann Kelly" in shown
    customer = re.search(r'name="customer" value="(\d+)"', shown)
    assert customer
    answer = client.post(f"{one}/customer", {"customer": customer[1]})
    assert answer.status_code == 302
    assert "ann.kelly@example.org" in page_of(client, one)
    answer = client.post(f"{one}/customer", {"customer": customer[1]})
    assert answer.status_code == 422
    assert "one customer already" in answer.content.decode()


def test_what_else_a_customer_wrote_stands_beside(served: Settings, signed_in: Callable[..., Client]) -> None:
    write(served, "ann@example.org", "It broke")
    write(served, "ann@example.org", "Another thing", conversation_id="second", subject=SCRIPT)
    shown = page_of(signed_in("analyst"), f"/inbox/{talk(served).id}")
    assert f'href="/inbox/{talk(served, "second").id}"' in shown
    assert SCRIPT not in shown


def test_channels_are_connected_by_administrators(served: Settings, signed_in: Callable[..., Client]) -> None:
    admin, manager = signed_in("admin"), signed_in("manager")
    assert "/inbox/channels/mailbox" not in page_of(manager, "/inbox/channels")
    assert manager.get("/inbox/channels/mailbox").status_code == 403
    typed = {"name": "website", "title": "Shop", "greeting": "Hi", "origins": "https://shop.example"}
    answer = admin.post("/inbox/channels/chat", typed)
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/channels/chat/website")
    shown = page_of(admin, "/inbox/channels/chat/website")
    assert "data-chat=&#34;website&#34;" in shown
    assert "https://shop.example" in shown
    wrong = admin.post("/inbox/channels/chat/website", typed | {"origins": SCRIPT})
    assert wrong.status_code == 422
    assert SCRIPT not in wrong.content.decode()
    assert "website" in page_of(manager, "/inbox/channels")
    assert admin.post("/inbox/channels/of/website/off").status_code == 302
    assert "Switch on" in page_of(admin, "/inbox/channels")
    assert admin.post("/inbox/channels/of/website/x").status_code == 404
    assert admin.get("/inbox/channels/mailbox/website").status_code == 404


def test_what_stands_in_the_way_of_a_mailbox_is_said_at_its_field(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("admin")
    typed = {
        "name": "help",
        "host": "localhost",
        "port": "1",
        "user": "me",
        "password": "geheim",
        "days": "3",
    }
    for changed, field in (
        ({}, "host"),
        ({"name": "Help!"}, "name"),
        ({"days": "x"}, "days"),
        ({"ours": "?"}, "ours"),
    ):
        answer = client.post("/inbox/channels/mailbox", typed | changed)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="{field}-error"' in shown
        assert "geheim" not in shown
    assert live_sources.listed(served) == []


def test_a_mailbox_is_shown_with_what_arrived(served: Settings, signed_in: Callable[..., Client]) -> None:
    from holdfast.store import source_notes
    from holdfast.store.sealed import seal

    options = {"host": "imap.example.com", "user": "me@example.com", "folders": ["INBOX", "A b"], "days": 3}
    source = live_sources.ensure(served, "help", "mail", namespace="mail", options=options, now_us=1)
    seal(served, source.id, {"password": "geheim"})
    source_notes.count(source.id, "ignored", "bulk", now_us=now_us(), by=7)
    shown = page_of(signed_in("admin"), "/inbox/channels/mailbox/help")
    assert "imap.example.com" in shown
    assert "INBOX, A b" in shown
    assert "Newsletters" in shown
    assert "geheim" not in shown


def sign_in(page: Page, address: Address) -> None:
    page.goto(f"{address.url}/sign-in")
    page.fill("input[type=email]", address.email)
    page.fill("input[type=password]", address.password)
    page.click("button.button-main")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_a_message_appears_by_itself_and_is_read(served: Settings, address: Address, page: Page) -> None:
    write(served, "ann@example.org", "It broke")
    sign_in(page, address)
    page.goto(f"{address.url}/inbox")
    page.get_by_text("It broke").wait_for()
    write(served, "bo@example.org", "Where is my pan?")
    page.get_by_text("Where is my pan?").wait_for(timeout=6_000)
    page.get_by_role("link", name="bo@example.org").click()
    page.get_by_role("log").get_by_text("Where is my pan?").wait_for()
    write(served, "bo@example.org", "Hello?")
    page.get_by_role("log").get_by_text("Hello?").wait_for(timeout=6_000)
    ends = time.monotonic() + 6
    while talk(served, "bo@example.org").unread and time.monotonic() < ends:
        page.wait_for_timeout(50)
    assert talk(served, "bo@example.org").unread == 0


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_inbox_is_easy_to_use_for_everybody(
    served: Settings, address: Address, page: Page, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    bring(served, {"C-7": {"name": "Ann Kelly", "email": "ann.kelly@example.org"}})
    write(served, "ann@example.org", "It broke\n\n> quoted", folded_from=8)
    files = [{"name": "x.pdf", "type": "a/b", "size": 9}]
    write(served, "ann@example.org", "A word" * 400, attachments=files)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page, address)
    one = f"/inbox/{talk(served).id}"
    for path in (
        "/inbox",
        one,
        f"{one}?who=C-7",
        "/inbox/channels",
        "/inbox/channels/mailbox",
        "/inbox/channels/chat",
    ):
        page.goto(f"{address.url}{path}")
        found = Axe().run(page).response["violations"]
        assert [(path, each["id"], each["nodes"][0]["html"]) for each in found] == []
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, path


def test_moments_are_those_of_today_or_days() -> None:
    from zoneinfo import ZoneInfo

    from holdfast.language import Reader
    from holdfast.web.pages.inbox.words import short_moment, size_words

    zone = ZoneInfo("Europe/Sofia")
    reader = Reader("en", zone)
    now = datetime(2026, 5, 18, 12, tzinfo=UTC)

    def short(*parts: int) -> str:
        return short_moment(int(datetime(*parts, tzinfo=UTC).timestamp() * 1_000_000), now, zone, reader)

    assert short(2026, 5, 18, 6, 30) == "09:30"
    assert "17 May" in short(2026, 5, 17, 6, 30)
    assert "2024" in short(2024, 5, 17, 6, 30)
    assert [size_words(size, reader) for size in (1, 900, 84_312, 2_500_000)] == [
        "1 byte",
        "900 bytes",
        "84 KB",
        "2.5 MB",
    ]
