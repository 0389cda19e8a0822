"""``holdfast touches``: messages that go out, with what became of each; sent again, called off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import STATES, TOUCH_CHANNELS

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.outbox_reading import Happened, Listed

ORDER = 55


def _run(
    session: Session,
    action: str,
    touch_ids: tuple[int, ...],
    state: tuple[str, ...],
    channel: str,
    before: int,
    most: int,
) -> None:
    settings = session.settings()
    if action == "list":
        _list(session, settings, state, channel, before, most)
    elif action == "send":
        _send(session, settings)
    elif not touch_ids:
        raise click.UsageError(session.say(Text("Say which messages by their numbers.")))
    elif action == "show":
        _show(session, settings, touch_ids[0])
    else:
        _act(session, settings, action, touch_ids)


def _list(
    session: Session, settings: Settings, state: tuple[str, ...], channel: str, before: int, most: int
) -> None:
    from holdfast.store import outbox_reading

    found = outbox_reading.listed(settings, outbox_reading.Wanted(state, channel, before=before), most)
    reader = session.reader(settings)
    rows = [
        (
            str(each.id),
            reader.moment(_moment(each.changed_us)),
            each.channel,
            session.say(STATES.get(each.state, Text("{name}", name=each.state))),  # type: ignore[call-overload]
            each.title,
        )
        for each in found
    ]
    answer = {"counts": outbox_reading.counted(settings), "messages": [_told(each) for each in found]}
    session.finish(answer, lambda: session.write(columns(rows, numbers=frozenset({0}))))


def _show(session: Session, settings: Settings, touch_id: int) -> None:
    from holdfast.store import outbox_reading

    found = outbox_reading.one(settings, touch_id)
    if found is None:
        raise _none(touch_id)
    happened = outbox_reading.history(settings, touch_id)
    reader = session.reader(settings)
    rows = [
        (reader.moment(_moment(each.at_us)), each.what, session.say(each.reason) if each.reason else "")
        for each in happened
    ]
    answer = {"message": _told(found), "history": [_step(each) for each in happened]}
    session.finish(answer, lambda: session.write(f"{found.title}\n{columns(rows)}"))


def _send(session: Session, settings: Settings) -> None:
    """Send what is due now, and end; a worker does it all the time."""
    from holdfast.services.act.dispatch import send_due
    from holdfast.store import outbox_reading

    before = outbox_reading.counted(settings)
    send_due(settings)
    after = outbox_reading.counted(settings)
    sent = after.get("sent", 0) - before.get("sent", 0)
    session.finish(
        {"sent": sent, "counts": after},
        lambda: session.tell(Text("{n} message went out.", "{n} messages went out.", n=sent)),
    )


def _act(session: Session, settings: Settings, action: str, touch_ids: Sequence[int]) -> None:
    from holdfast.store import outbox_reading

    act: Callable[..., bool] = outbox_reading.send_again if action == "again" else outbox_reading.cancel
    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    changed = sum(act(settings, each, by=who(), now_us=now_us) for each in touch_ids)
    said = (
        Text("{n} message waits to be sent.", "{n} messages wait to be sent.", n=changed)
        if action == "again"
        else Text("{n} message is called off.", "{n} messages are called off.", n=changed)
    )
    session.finish({"changed": changed, "asked": len(touch_ids)}, lambda: session.tell(said))


def _told(touch: Listed) -> dict[str, object]:
    return {
        "id": touch.id,
        "key": touch.key,
        "channel": touch.channel,
        "purpose": touch.purpose,
        "state": touch.state,
        "to": touch.address,
        "customer": touch.unit_id if touch.unit_id is not None else touch.subject_id,
        "title": touch.title,
        "asked_by": touch.asked_by,
        "asked_at": _moment(touch.asked_us),
        "due_at": _moment(touch.due_us),
        "changed_at": _moment(touch.changed_us),
        "tries": touch.tries,
        "code": touch.code,
        "reason": touch.reason,
        "provider_id": touch.provider_id,
    }


def _step(each: Happened) -> dict[str, object]:
    return {
        "what": each.what,
        "began_at": None if each.began_us is None else _moment(each.began_us),
        "at": _moment(each.at_us),
        "by": each.made_by,
        "code": each.code,
        "reason": each.reason,
        "provider_id": each.provider_id,
    }


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


def _none(touch_id: int) -> Refusal:
    return Refusal(
        "no_such_message",
        found=Text("There is no message with the number {number}.", number=str(touch_id)),
        expected=Text("A number of the list."),
        remedy=Text("Run `holdfast touches list` to see the numbers."),
    )


COMMAND = Command(
    "touches",
    Text("List the messages that go out with what became of them; send again, call off."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["list", "show", "again", "cancel", "send"])),
        click.Argument(["touch_ids"], nargs=-1, type=int, metavar="[NUMBER]..."),
        Option(
            "--state",
            words=Text("Only those that are so; may be given more than once."),
            type=click.Choice(list(STATES)),
            multiple=True,
            metavar="STATE",
        ),
        Option(
            "--channel",
            words=Text("Only those on this channel."),
            type=click.Choice(["", *TOUCH_CHANNELS]),
            default="",
            metavar="CHANNEL",
        ),
        Option(
            "--before",
            words=Text("Only those with a smaller number: the next page."),
            type=click.IntRange(0),
            default=0,
            metavar="NUMBER",
        ),
        Option(
            "--most",
            words=Text("At most so many."),
            type=click.IntRange(1, 10_000),
            default=50,
            show_default=True,
        ),
    ],
)
