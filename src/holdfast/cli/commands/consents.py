"""``holdfast consents``: consents and suppressions of Mailchimp, Mautic and CSV files, taken in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.commands.source import secret_given
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.consent import TOPICS
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.connectors.consents.contract import Bad, Told
    from holdfast.services.act.bringing_consents import Brought

ORDER = 56
_FORMATS = ("mailchimp", "mautic", "csv")


def _run(
    session: Session,
    action: str,
    files: tuple[str, ...],
    form: str,
    topic: tuple[str, ...],
    wording: str,
    try_out: bool,
    address: str,
    user: str,
    secret: str,
    audience: str,
) -> None:
    from holdfast.services.act.bringing_consents import Meant, bring

    settings = session.settings()
    if action == "import":
        rows, source = _files(session, files, form), form
    else:
        rows, source = (
            _server(session, form, address, user, secret, audience),
            f"{form} {address or audience}",
        )
    meant = Meant(source.strip(), topic or ("news",), wording.strip(), who())
    found = bring(settings, rows, meant, now_us=actual_us(), try_out=try_out)
    rejected = [{"place": each.place, "why": session.say(each.why)} for each in found.rejected]
    answer = {"counts": dict(found.counts), "rejected": rejected, "tried": try_out}
    session.finish(answer, lambda: _tell(session, found, try_out))


def _files(session: Session, files: tuple[str, ...], form: str) -> Iterable[Told | Bad]:
    from holdfast.services.act.consent_files import read_files

    if not files:
        raise click.UsageError(session.say(Text("Say which files.")))
    paths = [Path(each) for each in files]
    missing = next((path for path in paths if not path.is_file()), None)
    if missing is not None:
        raise Refusal(
            "no_file",
            found=Text("There is no file {file}.", file=str(missing)),
            expected=Text("A CSV file, or the ZIP of an export."),
            remedy=Text("Check the name and the folder."),
        )
    return read_files([(path.name, path) for path in paths], form)


def _server(
    session: Session, form: str, address: str, user: str, secret: str, audience: str
) -> Iterable[Told | Bad]:
    from holdfast.connectors.outward import Door
    from holdfast.services.act.consent_files import read_server

    if not secret or not (audience if form == "mailchimp" else address and user):
        raise click.UsageError(
            session.say(
                Text("Mailchimp needs --audience and --secret, Mautic --address, --user and --secret.")
            )
        )
    given = secret_given("secret", secret)
    return read_server(form, Door(), address=address, user=user, secret=given, audience=audience)


def _tell(session: Session, found: Brought, try_out: bool) -> None:
    from holdfast.services.act.bringing_consents import OUTCOMES

    if try_out:
        session.tell(Text("Tried out; nothing is changed."))
    session.write(
        columns(
            [(str(found.counts[name]), session.say(words)) for name, words in OUTCOMES.items()],
            numbers=frozenset({0}),
        )
    )
    if found.rejected:
        session.write(columns([(each.place, session.say(each.why)) for each in found.rejected]))


COMMAND = Command(
    "consents",
    Text("Take in who agreed and who wants no more, from Mailchimp, Mautic or a CSV file."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["import", "fetch"])),
        click.Argument(["files"], nargs=-1, metavar="[FILE]..."),
        Option(
            "--from",
            "form",
            words=Text("Where they come from."),
            type=click.Choice(_FORMATS),
            required=True,
        ),
        Option(
            "--topic",
            words=Text("To what they agreed, where the rows do not say it; again for several."),
            type=click.Choice(TOPICS),
            multiple=True,
        ),
        Option(
            "--wording",
            words=Text("The words that stood on the form by which they agreed."),
            default="",
            metavar="WORDS",
        ),
        Option("--try", "try_out", words=Text("Only say what would become of the rows."), is_flag=True),
        Option("--address", words=Text("Where Mautic is, like https://mautic.example.com."), default=""),
        Option("--user", words=Text("The user of Mautic's API."), default="", metavar="NAME"),
        Option(
            "--secret",
            words=Text("The password or key: @FILE, or - to be asked for it."),
            default="",
            metavar="VALUE",
        ),
        Option(
            "--audience", words=Text("The number of the audience in Mailchimp."), default="", metavar="ID"
        ),
    ],
)
