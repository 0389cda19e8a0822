"""Links and a picture of offers and news that lead over us, where the workspace wants to know that they were
followed and opened.

Only links to the web in the HTML are: the plain text stays readable, links to ourselves (among them every
way out) stay as they are, and nothing is added to what a customer did not agree to be sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from html import escape, unescape
from typing import TYPE_CHECKING

from holdfast.domain import clicks
from holdfast.domain.deliveries import Report, What
from holdfast.domain.robots import is_machine
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchRequest
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.outbox_told import Sent

CLICKS_PATH, OPENS_PATH = "/c/", "/o/"
"""Where links and pictures lead that are counted; a token follows."""

MADE_BY: dict[str, str] = {"clicked": "link in the mail", "opened": "picture in the mail"}
MACHINE = Text("By a machine that looks into mails: it is not counted.")
_MOST = 100
"""Times that links of one message are written down; whoever follows more is no person."""

_PICTURE = '<img src="{url}" width="1" height="1" alt="">'
_END = re.compile(r"</body\s*>", re.IGNORECASE)
_PERSON = "a person"

_LINK = re.compile(r'(<a\b[^<>]*?\bhref=")(https?://[^"<>]+)"', re.IGNORECASE)


def with_counted_links(settings: Settings, request: TouchRequest, *, touch_id: int) -> TouchRequest:
    """An offer or news by mail whose links lead over us, and that says when it is opened, as far as the
    workspace wants to know that; any other as it is.

    Done before the ways out are added, so that these never lead over anything.
    """
    from holdfast.store import message_settings, suppression

    if request.purpose != "marketing" or request.channel != "email" or not request.html or request.secret:
        return request
    wanted = message_settings.counted(settings)
    if wanted is None:
        return request
    secret, html = suppression.links_secret(settings), request.html
    if wanted.clicks:
        html = _LINK.sub(partial(_over_us, wanted.base, touch_id, secret), html)
    if wanted.opens:
        picture = _PICTURE.format(url=f"{wanted.base}{OPENS_PATH}{clicks.open_token(touch_id, secret)}")
        html = _END.sub(lambda end: picture + end[0], html, count=1) if _END.search(html) else html + picture
    return replace(request, html=html)


def _over_us(base: str, touch_id: int, secret: bytes, found: re.Match[str]) -> str:
    link = unescape(found[2])
    if link.startswith(base) or len(link) > clicks.LONGEST_LINK:
        return found[0]
    return f'{found[1]}{escape(base + CLICKS_PATH + clicks.token(touch_id, link, secret))}"'


def opened(settings: Settings, token: str, *, method: str, agent: str, now_us: int) -> None:
    """A mail was opened, written down where a person did it. Raises :class:`clicks.Forged`.

    Programs that fetch the pictures of every mail beforehand are machines; those that fetch them for a
    person who reads are that person.
    """
    from holdfast.store import suppression

    touch_id = clicks.read_open(token, suppression.links_secret(settings))
    _seen(settings, touch_id, "opened", now_us, partial(_opened_by, method, agent, now_us))


def _opened_by(
    method: str, agent: str, now_us: int, sent_us: int | None, before: Sequence[int]
) -> clicks.Sign:
    if method == "GET" and is_machine(agent):
        return "named"
    return clicks.machine_by(method, _PERSON, sent_us=sent_us, others_us=before, now_us=now_us)


def followed(settings: Settings, token: str, *, method: str, agent: str, now_us: int) -> str:
    """Where a link leads, written down when a person followed it. Raises :class:`clicks.Forged`.

    A message that is forgotten leads on all the same, and nothing is written.
    """
    from holdfast.store import suppression

    def sign(sent_us: int | None, before: Sequence[int]) -> clicks.Sign:
        return clicks.machine_by(method, agent, sent_us=sent_us, others_us=before, now_us=now_us)

    touch_id, link = clicks.read(token, suppression.links_secret(settings))
    _seen(settings, touch_id, "clicked", now_us, sign)
    return link


def _seen(
    settings: Settings,
    touch_id: int,
    what: What,
    now_us: int,
    sign: Callable[[int | None, Sequence[int]], clicks.Sign],
) -> None:
    """Write down that something was done with a message; ``sign`` says by what machine, if by one."""
    from holdfast.store import outbox_told, sql

    with sql.short_write():
        found = outbox_told.one_sent(settings, touch_id)
        if found is None or found.sent.subject_id is None or found.sent.purpose == "staff":
            return
        before = outbox_told.moments(touch_id, what, _MOST)
        if len(before) < _MOST and now_us not in before:
            _note(settings, found.sent, what, sign(found.sent_us, before), now_us)


def _note(settings: Settings, sent: Sent, what: What, sign: clicks.Sign, now_us: int) -> None:
    """In the history of the message whoever it was; a fact about the customer only where it was a person."""
    from holdfast.services.collect.sources.reported import fact_of
    from holdfast.store import due, ingest_log, outbox_told

    if sign:
        outbox_told.note(sent.touch_id, what, now_us, f"machine_{sign}", MACHINE, MADE_BY[what])
        return
    outbox_told.note(sent.touch_id, what, now_us, "", None, MADE_BY[what])
    at = datetime.fromtimestamp(now_us / 1_000_000, UTC)
    report = Report("email", (), what, at, sent.address)
    ingest_log.append(settings, [fact_of(settings, report, sent, now_us, now_us)])
    due.touch(settings, {sent.unit_id} if sent.unit_id is not None else set(), now_us)
