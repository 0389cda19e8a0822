"""``holdfast user``: who may sign in to the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text
from holdfast.settings import PUBLIC_URL_VARIABLE

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.people import Person

ORDER = 55


def _run(
    session: Session, what: str, email: str | None, name: str, role: str, mail_language: str, address: str
) -> None:
    if "@" in what and email is None:
        _create(session, what, name, role)
    elif what == "list":
        _list(session)
    elif what == "invite" and email:
        _invite(session, email, role, mail_language, address)
    elif what in _CHANGES and email:
        _change(session, what, email, role)
    else:
        known = ", ".join(("list", "invite", *_CHANGES))
        raise click.UsageError(
            session.say(Text("Expected an e-mail address, or one of {actions} and then one.", actions=known))
        )


def _create(session: Session, email: str, name: str, role: str) -> None:
    from holdfast.services.people import made

    password = made.create(session.settings(), email, name=name, role=role, now=datetime.now(UTC))
    answer = {"email": email, "role": role, "password": password}
    session.finish(
        answer,
        lambda: session.tell(
            Text("Sign in as {email} with the password {password}", email=email, password=password)
        ),
    )


def _list(session: Session) -> None:
    from holdfast.store import people

    settings = session.settings()
    found, reader = people.listed(settings), session.reader(settings)
    rows = [
        (
            each.email,
            each.name,
            each.role,
            session.say(Text("may sign in")) if each.active else session.say(Text("shut out")),
            session.say(Text("second factor")) if each.second_factor else "",
            "" if each.last_seen_us is None else reader.moment(_moment(each.last_seen_us)),
        )
        for each in found
    ]
    session.finish({"people": [_told(each) for each in found]}, lambda: session.write(columns(rows)))


def _invite(session: Session, email: str, role: str, language: str, address: str) -> None:
    from holdfast.services.people.acting import COMMAND_LINE
    from holdfast.services.people.invite import invite

    invited = invite(
        session.settings(),
        email,
        role,
        language=language,
        by=COMMAND_LINE,
        address=address,
        now=datetime.now(UTC),
    )
    asked = invited.invitation
    ends = _moment(asked.expires_us)
    answer = {"email": asked.email, "role": asked.role, "link": invited.link, "mailed": invited.mailed}
    session.finish(
        {**answer, "until": ends},
        lambda: session.tell(
            Text("{email} joins by this link, shown this once: {link}", email=asked.email, link=invited.link)
        ),
    )


def _change(session: Session, what: str, email: str, role: str) -> None:
    from holdfast.store import people

    settings = session.settings()
    person = people.wanted(settings, email)
    done, password = _CHANGES[what](settings, person, role)
    after = people.wanted(settings, email)
    answer = {"action": what, **_told(after)} | ({"password": password} if password else {})
    session.finish(answer, lambda: session.tell(done))


def _new_password(settings: Settings, person: Person, _: str) -> tuple[Text, str]:
    from holdfast.services.people import forgotten
    from holdfast.services.people.acting import COMMAND_LINE
    from holdfast.store.users import new_password

    password = new_password()
    forgotten.change(settings, person.id, password, by=COMMAND_LINE, now=datetime.now(UTC))
    words = Text("Sign in as {email} with the password {password}", email=person.email, password=password)
    return words, password


def _role(settings: Settings, person: Person, role: str) -> tuple[Text, str]:
    from holdfast.services.people import change
    from holdfast.services.people.acting import COMMAND_LINE

    _check_named()
    change.set_role(settings, person.id, role, by=COMMAND_LINE, now=datetime.now(UTC))
    return Text("{email} has the role {role} now.", email=person.email, role=role), ""


def _check_named() -> None:
    """Refuse ("no_role") to change a role to one that nobody named: the usual one is for new sign-ins."""
    from holdfast.domain.colleagues import GIVES
    from holdfast.domain.refusals import Refusal

    if click.get_current_context().get_parameter_source("role") is ParameterSource.DEFAULT:
        raise Refusal(
            "no_role",
            found=Text("No role was named."),
            expected=Text("Expected one of {roles}.", roles=", ".join(GIVES)),
            remedy=Text("Name it with --role; nothing was changed."),
        )


def _shut_out(settings: Settings, person: Person, _: str) -> tuple[Text, str]:
    from holdfast.services.people import change
    from holdfast.services.people.acting import COMMAND_LINE

    change.set_active(settings, person.id, False, by=COMMAND_LINE, now=datetime.now(UTC))
    return Text("{email} is shut out, and signed out everywhere.", email=person.email), ""


def _let_in(settings: Settings, person: Person, _: str) -> tuple[Text, str]:
    from holdfast.services.people import change
    from holdfast.services.people.acting import COMMAND_LINE

    change.set_active(settings, person.id, True, by=COMMAND_LINE, now=datetime.now(UTC))
    return Text("{email} may sign in again.", email=person.email), ""


def _factor_off(settings: Settings, person: Person, _: str) -> tuple[Text, str]:
    from holdfast.services.people import change
    from holdfast.services.people.acting import COMMAND_LINE

    change.factor_off(settings, person.id, by=COMMAND_LINE, now=datetime.now(UTC))
    return Text("{email} signs in without a second factor now.", email=person.email), ""


def _sign_out(settings: Settings, person: Person, _: str) -> tuple[Text, str]:
    from holdfast.services.people import change
    from holdfast.services.people.acting import COMMAND_LINE

    ended = change.end_sessions(settings, person.id, by=COMMAND_LINE, now=datetime.now(UTC))
    return Text("{n} session has ended.", "{n} sessions have ended.", n=ended), ""


_CHANGES: dict[str, Callable[[Settings, Person, str], tuple[Text, str]]] = {
    "reset-password": _new_password,
    "reset-second-factor": _factor_off,
    "role": _role,
    "shut-out": _shut_out,
    "let-in": _let_in,
    "sign-out": _sign_out,
}


def _told(person: Person) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "active": person.active,
        "second_factor": person.second_factor,
        "last_seen_at": None if person.last_seen_us is None else _moment(person.last_seen_us),
    }


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command(
    "user",
    Text("Make, invite, list and change who may sign in to the pages; EMAIL alone makes a sign-in."),
    _run,
    [
        click.Argument(["what"], metavar="ACTION|EMAIL"),
        click.Argument(["email"], required=False, metavar="[EMAIL]"),
        Option("--name", words=Text("The person's name."), default="", metavar="NAME"),
        Option(
            "--role",
            words=Text("What this person may do: admin, manager, analyst, read_only, ..."),
            default="read_only",
            show_default=True,
            metavar="ROLE",
        ),
        Option(
            "--mail-language",
            words=Text("The language of the mail that invites."),
            default="",
            metavar="CODE",
        ),
        Option(
            "--address",
            words=Text("Where people reach the pages; stands at the beginning of the link."),
            envvar=PUBLIC_URL_VARIABLE,
            default="http://127.0.0.1:8000",
            show_default=True,
            metavar="URL",
        ),
    ],
)
