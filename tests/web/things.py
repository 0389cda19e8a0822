"""One of every thing that has a page of its own, beside what :mod:`web.every_page` puts there."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import brought
from dispatching import mail
from holdfast.settings import Settings
from web import reports

if TYPE_CHECKING:
    from django.test import Client

_LONG = "A-very-long-company-name-of-Kelp-and-Söhne"
_PROVIDER = {
    "label": f"{_LONG} Konzern-Anmeldung",
    "issuer": "https://sign-in.kelp-and-sons.example.com",
    "client_id": "x",
    "secret": "y",
    "domains": ["kelp-and-sons.example.com", "example.com"],
    "default_role": "agent",
    "makes_people": True,
    "own_second_factor": False,
}
_CHAT = {"name": "website", "title": _LONG, "greeting": "سلام", "origins": "https://shop.example"}

LOOKED_AT_ELSEWHERE = {
    "set_up": "test_first_hour_browser",
    "wishes": "test_messages_browser",
    "sign_up_confirm": "test_sign_up_browser",
    "unsubscribe": "test_messages_browser",
    "sign_in": "test_people_browser",
    "sign_in_code": "test_people_browser",
    "invitation": "test_people_browser",
    "play_launch": "pages/test_plays",
    "customer_plays": "pages/test_plays",
}
"""Pages for who is not signed in, before the loop has run, or within another; and the test of each."""

NO_PAGES = frozenset(
    {
        "first_page",
        "news",
        "customers_export",
        "document",
        "person_export",
        "contact_points_export",
        "segment_export",
        "team_report_file",
        "export_risks",
        "find",
        "import_rejects",
        "sign_in_with",
        "own_link",
        "sign_in_back",
        "audit_export",
        "messages_test",
        "template_frame",
        "template_picture",
        "click",
        "mail_opened",
        "play_file",
        "export_fetch",
        "inbox_news",
        "conversation_news",
        "conversation_answers",
        "chat_script",
        "chat",
        "in_app_script",
        "in_app",
        "api",
        "healthz",
        "asset",
    }
)
"""Routes that answer with a file, a part of a page, or another address."""


def one_of_each(settings: Settings, client: Client) -> list[str]:
    """Make them, and say where they are. ``client`` is an administrator."""
    return [
        *_reports(settings, client),
        *_messages(settings, client),
        *_plays(settings, client),
        *_surveys(settings),
        *_channels(settings, client),
        *_changes(client),
        *_people(settings, client),
        *_settings(settings),
        *_warnings(settings),
        *_texts(settings),
        *_accounts(settings),
    ]


def _reports(settings: Settings, client: Client) -> list[str]:
    reports.save(settings)
    made = client.post("/dashboards/make", {"title": f"{_LONG}, luni"}).headers["Location"]
    there = made.removesuffix("/edit")
    return [there, made]


def _messages(settings: Settings, client: Client) -> list[str]:
    from holdfast.store import outbox, sign_ups, staff_links

    now_us = time.time_ns() // 1_000
    asked = mail("one", subject=f"Your order {_LONG}", to=f"{_LONG.lower()}@example.com".replace("ö", "o"))
    touch = outbox.ask(settings, asked, now_us=now_us)
    hook = {
        "name": _LONG,
        "url": "https://crm.example/a-very-long-path/of-a-hook/for-kelp-and-sons",
        "kind": ["task.made", "segment.changed"],
    }
    assert client.post("/settings/webhooks/make", hook).status_code == 200
    me = int(client.session["_auth_user_id"])
    token = staff_links.token(settings, me, "alerts", now_us=now_us)
    form = client.post("/act/forms/make", {"title": _LONG}).headers["Location"]
    public = f"/f/{sign_ups.forms(settings)[0].key}"
    template = client.post("/messages/templates/make", {"title": _LONG}).headers["Location"]
    seen = template.removesuffix("/edit")
    return [f"/messages/{touch}", "/settings/webhooks/1", f"/mails/off/{token}", template, seen,
            form, public, f"{public}/sent"]  # fmt: skip


def _surveys(settings: Settings) -> list[str]:
    """A question with a long wording, as a customer answers it and as we see what came of it."""
    from holdfast.store import surveys
    from holdfast.store.surveys import NewAsked

    words = ("choice", "exit", "en", f"Why do you leave {_LONG}?", (_LONG, "Too expensive"))
    asked = NewAsked("play:1:ask", "a" * 22, "ask", "ask", 1, *words)
    surveys.add(settings, [asked], asked_us=1, ends_us=2**60)
    return ["/act/surveys/ask/ask", f"/s/{asked.token}"]


def _changes(client: Client) -> list[str]:
    """A mistake of ours, with a long title and long words."""
    told = {"title": f"{_LONG} wurde doppelt berechnet", "words.en.what_happened": _LONG, "do": "save"}
    made = client.post("/act/changes/new?kind=mistake", told).headers["Location"]
    return [made, f"{made}/edit", "/act/changes/new?kind=price"]


def _plays(settings: Settings, client: Client) -> list[str]:
    """A ready play with branches, and one with somebody in it."""
    from holdfast.services.act.plays import define
    from holdfast.services.act.plays.enrolling import enrol
    from playing import HELLO, NOW, a_play, enrolments, go, launched

    assert client.post("/act/plays/library/take", {"key": "rescue_failed_payment"}).status_code == 302
    steps = [{"id": "hi", "do": "message", "content": HELLO}, {"id": "later", "do": "wait", "days": 5}]
    play, version = launched(settings, a_play(title=f"{_LONG} sagt hallo", steps=steps))
    enrol(settings, play, version, define.ready_of(version), {998: 1, 999: 1}, {"by_hand": _LONG}, NOW)
    go(settings)
    there = "/act/plays/of/"
    pages = [
        "rescue_failed_payment",
        "rescue_failed_payment/edit",
        "hello/edit?step=hi",
        "hello",
        "hello/customers",
        "hello/json",
        *_tried(settings, client),
    ]
    one = enrolments(settings)[0]
    return [*(there + each for each in pages), f"/act/plays/enrolments/{one.id}"]


def _tried(settings: Settings, client: Client) -> list[str]:
    """A play tried dry, and rehearsed."""
    from holdfast.services.pulse.asked import do_next

    for each in ("dry-run", "rehearsal"):
        assert client.post(f"/act/plays/of/rescue_failed_payment/try/{each}").status_code == 302
        assert do_next(settings, "test")
    return ["rescue_failed_payment/dry-run", "rescue_failed_payment/rehearsal"]


def _channels(settings: Settings, client: Client) -> list[str]:
    from holdfast.store import live_sources

    options = {"host": "imap.example.com", "user": "me@example.com", "folders": ["INBOX"], "days": 3}
    live_sources.ensure(settings, "help", "mail", namespace="mail", options=options, now_us=1)
    assert client.post("/inbox/channels/chat", _CHAT).status_code == 302
    app = {"name": "app", "namespace": "customer", "title": "Kelp and Sons"}
    assert client.post("/inbox/channels/app", app).status_code == 200
    return ["/inbox/channels/mailbox/help", "/inbox/channels/chat/website", "/inbox/channels/app/app"]


def _people(settings: Settings, client: Client) -> list[str]:
    from holdfast.services.people.acting import COMMAND_LINE
    from holdfast.services.people.invite import invite
    from holdfast.store import password_resets, providers

    providers.keep(settings, "work", **_PROVIDER, now_us=1)  # type: ignore[arg-type]
    invite(
        settings, f"{_LONG.lower()}@example.com".replace("ö", "o"), "read_only",
        by=COMMAND_LINE, address="http://localhost", now=datetime.now(UTC),
    )  # fmt: skip
    me = int(client.session["_auth_user_id"])
    _, reset = password_resets.make(settings, me, now_us=time.time_ns() // 1_000)
    return [f"/settings/people/{me}", "/settings/providers/of/work", f"/sign-in/new-password/{reset}"]


def _accounts(settings: Settings) -> list[str]:
    brought.bring(settings, {"kelp": {"name": _LONG}}, namespace="account")
    brought.bring(settings, {"jo": {"name": "Jo Kelly", "email": "jo@example.com", "account": "kelp"}})
    return [f"/customers/{brought.subject(settings, 'kelp', 'account')}/accounts"]


def _warnings(settings: Settings) -> list[str]:
    from holdfast.domain.written_expressions import parse
    from holdfast.services.warn import own

    rule = parse({"event": "Order Completed", "days": 30, "at_most": 0})
    made = own.create(settings, f"{_LONG} stopped", rule, by="niamh@example.com", now=datetime.now(UTC))
    return ["/warn/of/payment_failed", f"/warn/of/{made.key}/edit"]


def _texts(settings: Settings) -> list[str]:
    """Texts of several languages, one corrected; a competitor, and something learnt."""
    from holdfast.store import own_words, sql, text_layers
    from wrote import LEAVING, found_right, wrote

    wrote(
        settings,
        ("kelp", "Ticket Opened", f"{LEAVING} {_LONG * 3}"),
        ("kelp", "Message Received", "بسته دو هفته دیر رسید و کسی جواب نمی‌دهد."),
        ("kelp", "Survey Answered", "Great coffee, thank you!"),
    )
    (first, second) = sql.read("SELECT id FROM text_reading ORDER BY id LIMIT 2")
    found_right(settings, second[0], by="niamh@example.com", now_us=1)
    own_words.add_competitor(settings, _LONG, by="", now_us=1)
    told = {"causes": {"phrases": 0.61, "learnt": 0.78, "on": True}}
    text_layers.keep(settings, "en", corrections=62, figures=told, layer="", now_us=1)
    there = f"/understand/texts/{first[0]}"
    return [there, "/understand/texts?show=all", "/understand/texts/words/of/late_delivery"]


def _settings(settings: Settings) -> list[str]:
    from holdfast.store import asked, erasure

    number = erasure.begin(
        settings, "customer", [10**6], sealed="", by="niamh@example.com", now_us=1, grace_hours=0
    )
    work = asked.ask(settings, "weigh", None, by_id=None, now_us=1)
    return [f"/settings/erasures/{number}", f"/import/work/{work}"]
