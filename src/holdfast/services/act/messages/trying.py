"""A message to oneself, to see it in one's own mail program."""

from __future__ import annotations

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.services.act.messages.composing import Message
from holdfast.settings import Settings
from holdfast.store import channel_settings, outbox


def send_to_oneself(
    settings: Settings, message: Message, *, to: str, person_id: int, of_somebody: bool, now_us: int
) -> int:
    """Ask for the mail; the number of its touch.

    What holds the values ``of_somebody`` is forgotten once it is sent: an erasure could not find it later.
    Refuses before mail is set up ("no_mail_server"), and an empty message ("nothing_to_send").
    """
    known = channel_settings.read(settings, "email")
    if known is None or not known.options:
        raise Refusal(
            "no_mail_server",
            found=Text("Nobody has said yet how mails leave."),
            expected=Text("A mail server."),
            remedy=Text("Set it under Sending; nothing was sent."),
        )
    if not message.text.strip():
        raise Refusal(
            "nothing_to_send",
            found=Text("There is nothing in the message yet."),
            expected=Text("A message with at least one block."),
            remedy=Text("Add a block, then try again; nothing was sent."),
        )
    wanted = TouchRequest(
        f"template test {person_id} {now_us}",
        "staff",
        "email",
        Recipient(to, person_id=person_id),
        message.subject,
        message.text,
        message.html,
        language=message.language,
        asked_by=to,
        secret=of_somebody,
    )
    touch_id = outbox.ask(settings, wanted, now_us=now_us)
    if touch_id is None:
        raise RuntimeError("two messages to oneself in one microsecond")
    return touch_id
