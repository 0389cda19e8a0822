"""Mails of ours that came back or were reported as spam: what follows for the address.

Anybody may send a report about any address. An address is suppressed only by a report about a mail that
we sent there: it names that mail, by a Message-ID that only its recipient and the servers on its way know.
That a mail was only seen in the mailbox says nothing: whoever wrote to us chose the name of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.connectors.mails.reports import about, complained, failures, sort_of
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.mails.reading import Mail
    from holdfast.store.live_sources import LiveSource


def note_returned(settings: Settings, source: LiveSource, mail: Mail, now_us: int) -> int:
    """Count, or suppress, the addresses that a report is about; how many. Joins the caller's transaction.

    What came back for good and complaints suppress at once, what came back for now after several in a row.
    """
    from holdfast.store import suppression

    sort = sort_of(mail)
    if sort not in ("bounce", "complaint"):
        return 0
    named = about(mail)
    count = 0
    if sort == "complaint":
        address = complained(mail)
        if address and (told := _sent_there(settings, source, named, address)):
            new = suppression.New("email", address, "complaint", "", told)
            count += suppression.suppress(settings, [new], now_us=now_us)
        return count
    for failed in failures(mail):
        if told := _sent_there(settings, source, named, failed.email):
            status = " ".join(each for each in (failed.status, failed.reason) if each)[:300]
            hard = failed.for_good
            suppression.came_back(
                settings, failed.email, hard=hard, status=status, source=told, now_us=now_us
            )
            count += 1
    return count


def note_alive(settings: Settings, address: str) -> None:
    """Somebody wrote from this address: mails that came back for now count no more."""
    from holdfast.store import suppression

    suppression.arrived(settings, address)


def name_at(message_id: str, address: str) -> str:
    """Under what :mod:`holdfast.store.mail_threads` knows that we sent a mail to an address."""
    return f"sent\n{message_id}\n{address.lower()}"


def _sent_there(settings: Settings, source: LiveSource, named: Sequence[str], address: str) -> str:
    """By what we wrote to ``address``, where one of the mails ``named`` is ours; "" where none is."""
    from holdfast.store import mail_threads, outbox_reading

    names = list(named)[:_MOST_NAMED]
    touch_id = outbox_reading.sent_to(settings, address, [f"<{name.strip('<>')}>" for name in names])
    if touch_id:
        return f"touch {touch_id}"
    sent = mail_threads.conversation_of(settings, source.id, [name_at(name, address) for name in names])
    return f"mailbox {source.name}" if sent else ""


_MOST_NAMED = 20
