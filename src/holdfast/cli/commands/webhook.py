"""``holdfast webhook``: which other systems are told what happens here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.webhooks_out import Webhook

ORDER = 54
ACTIONS = ("list", "create", "try", "log", "on", "off", "secret", "remove")


def _run(session: Session, action: str, named: str, url: str, kind: tuple[str, ...]) -> None:
    from holdfast.services.act import webhooks

    settings = session.settings()
    if action == "list":
        _list(session, settings)
    elif not named:
        raise click.UsageError(session.say(Text("Say which webhook: NAME.")))
    elif action == "create":
        made, secret = webhooks.subscribe(settings, named, url, kind or ("*",), by=who(), now_us=actual_us())
        _told_secret(session, made, secret)
    else:
        _do(session, settings, webhooks.named(settings, named), action)


def _do(session: Session, settings: Settings, webhook: Webhook, action: str) -> None:
    from holdfast.services.act import webhooks
    from holdfast.store import webhooks_out

    if action == "log":
        _log(session, settings, webhook)
    elif action == "try":
        number = webhooks.try_out(settings, webhook.id, by=who(), now_us=actual_us())
        session.finish(
            {"delivery": number},
            lambda: session.tell(Text("A trial is on its way; `holdfast webhook log` shows how it went.")),
        )
    elif action == "secret":
        _told_secret(session, webhook, webhooks_out.rotate(settings, webhook.id, now_us=actual_us()))
    elif action == "remove":
        webhooks_out.remove(settings, webhook.id)
        session.finish(
            {"removed": webhook.name},
            lambda: session.tell(Text("{name} is told nothing any more.", name=webhook.name)),
        )
    else:
        webhooks_out.enable(settings, webhook.id, action == "on", now_us=actual_us())
        _list(session, settings)


def _told_secret(session: Session, webhook: Webhook, secret: str) -> None:
    session.finish(
        {"secret": secret, **_told(webhook)},
        lambda: session.tell(
            Text("The secret of {name}, shown this once: {secret}", name=webhook.name, secret=secret)
        ),
    )


def _list(session: Session, settings: Settings) -> None:
    from holdfast.store import webhooks_out

    found = webhooks_out.listed(settings)
    rows = [
        (
            each.name,
            each.url,
            ", ".join(each.kinds),
            session.say(Text("on") if each.enabled else Text("off")),
            "" if each.failing_since_us is None else session.say(Text("trouble")),
        )
        for each in found
    ]
    session.finish({"webhooks": [_told(each) for each in found]}, lambda: session.write(columns(rows)))


def _log(session: Session, settings: Settings, webhook: Webhook) -> None:
    from holdfast.store import webhooks_out

    found = webhooks_out.deliveries(settings, webhook.id)
    reader = session.reader(settings)
    rows = [
        (
            reader.moment(_moment(each.last_us or each.made_us)),
            each.kind,
            each.state,
            str(each.tries),
            session.say(each.trouble) if each.trouble else str(each.status or ""),
        )
        for each in found
    ]
    answer = [
        {
            "id": each.id,
            "message": each.number,
            "kind": each.kind,
            "state": each.state,
            "tries": each.tries,
            "status": each.status,
            "trouble": session.say(each.trouble) if each.trouble else "",
            "made_at": _moment(each.made_us),
        }
        for each in found
    ]
    session.finish({"deliveries": answer}, lambda: session.write(columns(rows, numbers=frozenset({3}))))


def _told(webhook: Webhook) -> dict[str, object]:
    return {
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "kinds": list(webhook.kinds),
        "enabled": webhook.enabled,
        "failing_since": None if webhook.failing_since_us is None else _moment(webhook.failing_since_us),
    }


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command(
    "webhook",
    Text("Tell other systems what happens here: list, make, try, switch, remove."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(ACTIONS)),
        click.Argument(["named"], required=False, default="", metavar="[NAME]"),
        Option("--url", words=Text("Where to: an address with https."), default="", metavar="URL"),
        Option(
            "--kind",
            words=Text("What it is told, like segment.changed; may be given several times. Else everything."),
            multiple=True,
            metavar="KIND",
        ),
    ],
)
