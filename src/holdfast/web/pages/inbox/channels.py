"""Through which channels customers write to us: mailboxes and chats connected and changed; bots listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.inbox import mailboxes, setting_up
from holdfast.services.collect.inbox.bots import KIND as BOT
from holdfast.services.collect.inbox.setting_up import CHAT
from holdfast.services.collect.sources.setting_up import enable
from holdfast.services.collect.sources.setting_up import listed as every_source
from holdfast.store import source_notes
from holdfast.store.in_app import KIND as APP
from holdfast.web.access import ADMINS, DECIDERS, may, only
from holdfast.web.pages.inbox.words import moment
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.store.live_sources import LiveSource

KINDS: dict[str, tuple[Text, str]] = {
    mailboxes.KIND: (Text("Mailbox"), "mailbox"),
    CHAT: (Text("Chat on the website"), "chat_one"),
    APP: (Text("Messages in your app"), "app_one"),
    BOT: (Text("Telegram bot"), "source"),
    "sms": (Text("Text messages by Twilio"), "source"),
    "whatsapp": (Text("WhatsApp"), "source"),
}
"""Kind of source -> what it is called, and the name of its page."""

OUTCOMES: dict[tuple[str, str], Text] = {
    ("taken", "written"): Text("Written by people, taken into the inbox"),
    ("taken", "bounce"): Text("Mails of ours that came back"),
    ("taken", "complaint"): Text("Mails of ours reported as spam"),
    ("taken", "automatic"): Text("Automatic answers"),
    ("ignored", "written"): Text("Among ourselves, or without a usable sender"),
    ("ignored", "bulk"): Text("Newsletters and mails of machines, left out"),
    ("ignored", "receipt"): Text("Receipts and delays, left out"),
    ("ignored", "bounce"): Text("Returned mails to addresses that nobody has"),
    ("ignored", "complaint"): Text("Complaints about addresses that nobody has"),
    ("ignored", "automatic"): Text("Automatic answers of our own"),
    ("aside", "unreadable"): Text("Could not be read at all"),
}
_FIELDS = {
    "bad_name": "name",
    "name_taken": "name",
    "bad_host": "host",
    "bad_port": "port",
    "bad_days": "days",
    "bad_address": "ours",
    "bad_folder": "folders",
    "no_folder": "folders",
    "no_password": "password",
    "mailbox_refused": "password",
    "mailbox_unreachable": "host",
    "bad_origin": "origins",
    "too_long": "greeting",
}
_GREETING = Text("Write to us. We read every message and answer by e-mail, so leave your address.")


@dataclass(frozen=True, slots=True)
class ShownChannel:
    """A channel in the list."""

    name: str
    kind: str
    url: str
    enabled: bool
    trouble: str
    last: str


@only(DECIDERS)
@require_safe
def channels(request: Request) -> HttpResponse:
    """Every channel, how it goes, and what can be connected."""
    reader = request.reader
    found = [source for source, _ in every_source(request.workspace) if source.kind in KINDS]
    return show(
        request,
        "inbox/channels.html",
        place="inbox",
        channels=[_channel(source, reader) for source in found],
        may_connect=may(request.user, ADMINS),
    )


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_mailbox(request: Request) -> HttpResponse:
    """The form for a mailbox; opens it once before it is kept."""
    if request.method != "POST":
        return _mailbox_form(request, None, {"days": "30", "with_sent": "on", "name": "mailbox"})
    typed = request.POST.dict()
    try:
        setting_up.add_mailbox(
            request.workspace,
            typed.get("name", "").strip(),
            setting_up.typed_mailbox(typed),
            typed.get("password", ""),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return _mailbox_form(request, None, typed, _wrong(request, refusal))
    return HttpResponseRedirect(reverse("inbox_channels"))


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: Request, name: str) -> HttpResponse:
    """One mailbox: how it goes, and its form."""
    source = _source(request, name, mailboxes.KIND)
    if request.method != "POST":
        return _mailbox_form(request, source, _typed_of(source))
    typed = request.POST.dict()
    options = setting_up.typed_mailbox(typed, source.options)
    try:
        setting_up.change_mailbox(request.workspace, source, options, typed.get("password", ""))
    except Refusal as refusal:
        return _mailbox_form(request, source, typed, _wrong(request, refusal))
    return HttpResponseRedirect(reverse("inbox_channels"))


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_chat(request: Request) -> HttpResponse:
    """The form for a chat on a website."""
    if request.method != "POST":
        said = {
            "name": "website",
            "title": request.workspace.name,
            "greeting": request.reader.say(_GREETING),
        }
        return _chat_form(request, None, said)
    typed = request.POST.dict()
    try:
        source = setting_up.add_chat(
            request.workspace,
            typed.get("name", "").strip(),
            setting_up.typed_chat(typed),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return _chat_form(request, None, typed, _wrong(request, refusal))
    return HttpResponseRedirect(reverse("chat_one", args=[source.name]))


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def one_chat(request: Request, name: str) -> HttpResponse:
    """One chat: what to put into the pages of the site, and its form."""
    source = _source(request, name, CHAT)
    if request.method != "POST":
        kept = setting_up.chat_options(source.options)
        said = {"title": kept.title, "greeting": kept.greeting, "origins": " ".join(kept.origins)}
        return _chat_form(request, source, said)
    typed = request.POST.dict()
    try:
        setting_up.change_chat(request.workspace, source, setting_up.typed_chat(typed))
    except Refusal as refusal:
        return _chat_form(request, source, typed, _wrong(request, refusal))
    return HttpResponseRedirect(reverse("chat_one", args=[name]))


@only(ADMINS)
@require_POST
def switch(request: Request, name: str, do: str) -> HttpResponse:
    """Switch a channel on or off; what comes to a mailbox meanwhile is read when it is on again."""
    if do not in ("on", "off"):
        raise Http404(do)
    _source(request, name, *KINDS)
    enable(request.workspace, name, do == "on")
    return HttpResponseRedirect(reverse("inbox_channels"))


def _source(request: Request, name: str, *kinds: str) -> LiveSource:
    from holdfast.store import live_sources

    found = live_sources.by_name(request.workspace, name)
    if found is None or found.kind not in kinds:
        raise Http404(name)
    return found


def _channel(source: LiveSource, reader: Reader) -> ShownChannel:
    words, page = KINDS[source.kind]
    return ShownChannel(
        source.name,
        reader.say(words),
        reverse(page, args=[source.name]),
        source.enabled,
        reader.say(source.trouble) if source.trouble is not None else "",
        "" if source.last_us is None else reader.moment(moment(source.last_us)),
    )


def _mailbox_form(
    request: Request,
    source: LiveSource | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    empty = dict.fromkeys(
        ("name", "host", "user", "port", "security", "folders", "with_sent", "days", "ours", "server"), ""
    )
    return show(
        request,
        "inbox/mailbox.html",
        status=422 if errors else 200,
        place="inbox",
        source=source,
        typed=empty | {name: value for name, value in typed.items() if name != "password"},
        errors=dict.fromkeys((*empty, "password", ""), "") | dict(errors or {}),
        tallies=_tallies(request, source),
    )


def _tallies(request: Request, source: LiveSource | None) -> list[tuple[str, str, str]]:
    """What came, how often, and when last."""
    if source is None:
        return []
    reader = request.reader
    return [
        (
            reader.say(OUTCOMES.get((each.outcome, each.kind), Text("{kind}", kind=each.kind))),
            reader.number(each.count),
            reader.moment(moment(each.last_us)),
        )
        for each in source_notes.tallies(request.workspace, source.id)
    ]


def _chat_form(
    request: Request,
    source: LiveSource | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    address = our_address(request)
    name = source.name if source else ""
    return show(
        request,
        "inbox/chat.html",
        status=422 if errors else 200,
        place="inbox",
        source=source,
        typed=dict.fromkeys(("name", "title", "greeting", "origins"), "") | dict(typed),
        errors=dict.fromkeys(("name", "greeting", "origins", ""), "") | dict(errors or {}),
        snippet=f'<script async src="{address}{reverse("chat_script")}" data-chat="{name}"></script>',
        policy=f"script-src {address}; connect-src {address}",
    )


def _typed_of(source: LiveSource) -> dict[str, str]:
    """The options of a mailbox as its form shows them."""
    kept: dict[str, Any] = asdict(mailboxes.mail_options(source.options))
    return {
        "host": kept["host"],
        "user": kept["user"],
        "port": str(kept["port"] or ""),
        "security": kept["security"],
        "folders": ", ".join(kept["folders"]),
        "with_sent": "on" if kept["with_sent"] else "",
        "days": str(kept["days"]),
        "ours": ", ".join(kept["ours"]),
        "server": kept["server"],
    }


def _wrong(request: Request, refusal: Refusal) -> dict[str, str]:
    """What is wrong, at the field that it is about."""
    reader = request.reader
    said = f"{reader.say(refusal.found)} {reader.say(refusal.expected)}"
    return {_FIELDS.get(refusal.code, ""): said}
