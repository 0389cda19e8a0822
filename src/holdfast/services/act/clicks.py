"""Links of offers and news that lead over us, where the workspace wants to know that they were followed.

Only links to the web in the HTML are: the plain text stays readable, links to ourselves (among them every
way out) stay as they are, and nothing is added to what a customer did not agree to be sent.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from typing import TYPE_CHECKING

from holdfast.domain import clicks
from holdfast.domain.deliveries import Report
from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchRequest
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.outbox_told import Sent

CLICKS_PATH = "/c/"
"""Where links lead that are counted; a token follows."""

MADE_BY = "link in the mail"
MACHINE = Text("By a machine that looks into mails: it is not counted.")
_MOST = 100
"""Times that links of one message are written down; whoever follows more is no person."""

_LINK = re.compile(r'(<a\b[^<>]*?\bhref=")(https?://[^"<>]+)"', re.IGNORECASE)


def with_counted_links(settings: Settings, request: TouchRequest, *, touch_id: int) -> TouchRequest:
    """An offer or news by mail whose links lead over us; any other as it is.

    Done before the ways out are added, so that these never lead over anything.
    """
    from holdfast.store import message_settings, suppression

    if request.purpose != "marketing" or request.channel != "email" or not request.html or request.secret:
        return request
    base = message_settings.counted_from(settings)
    if not base:
        return request
    secret = suppression.links_secret(settings)

    def counted(found: re.Match[str]) -> str:
        link = unescape(found[2])
        if link.startswith(base) or len(link) > clicks.LONGEST_LINK:
            return found[0]
        return f'{found[1]}{escape(base + CLICKS_PATH + clicks.token(touch_id, link, secret))}"'

    return replace(request, html=_LINK.sub(counted, request.html))


def followed(settings: Settings, token: str, *, method: str, agent: str, now_us: int) -> str:
    """Where a link leads, written down when a person followed it. Raises :class:`clicks.Forged`.

    A message that is forgotten leads on all the same, and nothing is written.
    """
    from holdfast.store import outbox_told, sql, suppression

    touch_id, link = clicks.read(token, suppression.links_secret(settings))
    with sql.short_write():
        found = outbox_told.one_sent(settings, touch_id)
        if found is None or found.sent.subject_id is None or found.sent.purpose == "staff":
            return link
        before = outbox_told.moments(touch_id, "clicked", _MOST)
        if len(before) < _MOST and now_us not in before:
            sign = clicks.machine_by(method, agent, sent_us=found.sent_us, others_us=before, now_us=now_us)
            _note(settings, found.sent, sign, now_us)
    return link


def _note(settings: Settings, sent: Sent, sign: clicks.Sign, now_us: int) -> None:
    """In the history of the message whoever it was; a fact about the customer only where it was a person."""
    from holdfast.services.collect.sources.reported import fact_of
    from holdfast.store import due, ingest_log, outbox_told

    if sign:
        outbox_told.note(sent.touch_id, "clicked", now_us, f"machine_{sign}", MACHINE, MADE_BY)
        return
    outbox_told.note(sent.touch_id, "clicked", now_us, "", None, MADE_BY)
    at = datetime.fromtimestamp(now_us / 1_000_000, UTC)
    report = Report("email", (), "clicked", at, sent.address)
    ingest_log.append(settings, [fact_of(settings, report, sent, now_us, now_us)])
    due.touch(settings, {sent.unit_id} if sent.unit_id is not None else set(), now_us)
