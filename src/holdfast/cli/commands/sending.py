"""``holdfast sending``: whether anything goes out, the Stop for everything, and the look at the domain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 55


def _run(session: Session, action: str, note: str) -> None:
    from holdfast.services.act import rules

    settings = session.settings()
    if action == "stop":
        rules.stop(settings, why=note, by=who(), now_us=actual_us())
    elif action == "start":
        rules.start(settings, by=who(), now_us=actual_us())
    elif action == "check":
        _check(settings)
    _status(session, settings)


def _check(settings: Settings) -> None:
    from holdfast.connectors.dns_records import usual
    from holdfast.services.act import setting_up

    setting_up.check_domain(settings, usual(), now_us=actual_us())


def _status(session: Session, settings: Settings) -> None:
    from holdfast.domain.pressure import cap_words
    from holdfast.domain.sender_domain import FINDING_WORDS, PROOF_NAMES
    from holdfast.domain.written_pressure import written
    from holdfast.services.act import setting_up
    from holdfast.store import message_settings

    rules, proven = message_settings.rules(settings), message_settings.proven(settings)
    findings = setting_up.findings_of(proven) if proven is not None else []
    stop = rules.stop
    answer = {
        "stopped": stop is not None,
        "stopped_by": "" if stop is None else stop.by,
        "stopped_at": None if stop is None else datetime.fromtimestamp(stop.at_us / 1_000_000, UTC),
        "why": "" if stop is None else stop.why,
        "safe_mode": rules.safe,
        "domain": "" if proven is None else proven.domain,
        "contact_rules": written(rules.contact),
        "findings": [{"proof": each.proof} | each.as_json() for each in findings],
    }

    def show() -> None:
        if stop is not None:
            session.tell(Text("All sending is stopped, by {person}. {why}", person=stop.by, why=stop.why))
        elif rules.safe:
            session.tell(Text("Safe mode: mails go only to your own people, until your domain passes."))
        else:
            session.tell(Text("Mails go out."))
        for cap in rules.contact.caps:
            session.tell(cap_words(cap))
        for each in findings:
            session.write(f"{PROOF_NAMES[each.proof]}: {session.say(FINDING_WORDS[each.code])}")
            if not each.passed and each.wanted:
                session.write(f"  {each.name} TXT {each.wanted}")

    session.finish(answer, show)


COMMAND = Command(
    "sending",
    Text("Say whether messages go out; stop all of them, let them go on, look at the sender's domain."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["status", "stop", "start", "check"])),
        Option("--note", words=Text("Why all is stopped."), default="", metavar="WORDS"),
    ],
)
