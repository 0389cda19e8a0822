"""The way out of every marketing message: a link to the customer's wishes, and the mail program's own button.

The headers are those of RFC 2369 and RFC 8058: mail programs show "unsubscribe" beside the sender and
ask us by one POST, without opening a page. The links hold no address and need no sign-in.
"""

from __future__ import annotations

from dataclasses import replace

from markupsafe import escape

from holdfast.domain.consent import CHANNELS
from holdfast.domain.links import Link, Use, ends_on, written
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchRequest
from holdfast.language import Reader, languages
from holdfast.settings import Settings

WISHES_PATH, UNSUBSCRIBE_PATH = "/p/", "/u/"
"""Where the preference page and one-click unsubscribe are; a token follows."""


def with_ways_out(settings: Settings, request: TouchRequest, *, touch_id: int, now_us: int) -> TouchRequest:
    """A marketing message with its ways out, any other as it is.

    A mail gets the headers of one-click unsubscribe; text and HTML of every channel end with a link to
    the preference page, in the message's language. Where nobody said at which address Holdfast is reached,
    nothing is added: such a mail is not let out at all (:func:`holdfast.services.act.allowed.may_send`).
    """
    from holdfast.store import message_settings

    if request.purpose != "marketing" or request.channel not in CHANNELS:
        return request
    base = message_settings.public_url(settings)
    if not base:
        return request
    wishes = base + WISHES_PATH + _token(settings, request, "wishes", touch_id, now_us)
    headers = dict(request.headers)
    if request.channel == "email":
        unsubscribe = base + UNSUBSCRIBE_PATH + _token(settings, request, "unsubscribe", touch_id, now_us)
        headers |= unsubscribe_headers(unsubscribe)
    reader = Reader(language_of(request.language), settings.zone)
    if request.channel == "sms":  # each letter is paid for
        return replace(request, text=f"{request.text.rstrip()}\n{reader.say(_SHORT)} {wishes}")
    text = f"{request.text.rstrip()}\n\n--\n{reader.say(_FOOT)}\n{wishes}\n"
    return replace(request, headers=headers, text=text, html=_html(request.html, wishes, reader))


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers by which a mail program unsubscribes with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def language_of(code: str) -> str:
    """A language in which we can speak: the one asked for, else English."""
    return code if code in languages() else "en"


_FOOT = Text("Choose what you hear from us, or unsubscribe:")
_SHORT = Text("Unsubscribe or choose:")


def _token(settings: Settings, request: TouchRequest, use: Use, touch_id: int, now_us: int) -> str:
    from holdfast.store import suppression

    to = request.to
    link = Link(
        use,
        (to.subject_id if to.subject_id is not None else to.unit_id) or 0,
        suppression.address_key(settings, request.channel, to.address),
        request.channel,
        language_of(request.language),
        ends_on(now_us),
        touch_id,
    )
    return written(link, suppression.links_secret(settings), CHANNELS)


def _html(html: str, url: str, reader: Reader) -> str:
    if not html:
        return ""
    words = escape(reader.say(_FOOT).rstrip(" :："))
    foot = f'<p style="margin-top:2em;font-size:small"><a href="{escape(url)}">{words}</a></p>'
    body, end, rest = html.rpartition("</body>")
    return f"{body}{foot}{end}{rest}" if end else html + foot
