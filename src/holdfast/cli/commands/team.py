"""``holdfast team``: who has how much to do, handing it over, what was done, and the scripts of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 48
BY = "command line"


def _run(session: Session, action: str, words: tuple[str, ...], note: str, by: str) -> None:
    settings = session.settings()
    if action == "hand-over":
        if len(words) != 2:
            raise click.UsageError("holdfast team hand-over FROM_EMAIL TO_EMAIL")
        _hand_over(session, settings, words, note, by)
        return
    if words:
        raise click.UsageError(f"holdfast team {action}")
    {"workload": _workload, "report": _report, "scripts": _scripts}[action](session, settings)


def _workload(session: Session, settings: Settings) -> None:
    from dataclasses import asdict

    from holdfast.services.act.team.load import workload

    found = workload(settings, settings.now(session.now()))
    nobody = session.reader(settings).gettext("nobody")
    lines = [
        (each.name or nobody, str(each.load.open), str(each.load.late), str(each.load.cases))
        for each in found
    ]
    told = [{"name": each.name or None, **asdict(each.load)} for each in found]
    session.finish({"workload": told}, lambda: session.write(columns(lines)))


def _report(session: Session, settings: Settings) -> None:
    from holdfast.services.act.team.report import report

    found = report(settings, settings.now(session.now()))
    weeks = [
        {
            "week": each.monday.isoformat(),
            "by": each.by,
            "done": each.done,
            "dropped": each.dropped,
            "calls_and_visits": each.contacts,
            "spoken": each.spoken,
            "minutes": each.minutes,
            "outcomes": dict(each.outcomes),
        }
        for each in found.weeks
    ]
    stayed = [
        {
            "by": each.by,
            "customers": each.customers,
            "stayed": each.stayed,
            "low": each.low,
            "high": each.high,
        }
        for each in found.kept
    ]
    lines = [
        (each.monday.isoformat(), each.by, str(each.done), str(each.contacts), str(each.spoken))
        for each in found.weeks
    ]
    session.finish(
        {"weeks": weeks, "stayed": stayed},
        lambda: session.write(columns(lines)) if lines else session.tell(Text("Nothing was closed yet.")),
    )


def _scripts(session: Session, settings: Settings) -> None:
    from holdfast.services.act.scripts.kept import every

    reader, found = session.reader(settings), every(settings)
    told = [
        {
            "key": each.key,
            "ready": each.is_ready,
            "number": each.number,
            "words": {code: {"title": said.title, "text": said.text} for code, said in each.words.items()},
        }
        for each in found
    ]
    lines = [(each.key, each.said((reader.code,))[1].title, ", ".join(each.words)) for each in found]
    session.finish({"scripts": told}, lambda: session.write(columns(lines)))


def _hand_over(session: Session, settings: Settings, words: tuple[str, ...], note: str, by: str) -> None:
    from holdfast.services.act.team.load import hand_over
    from holdfast.services.collect.care.owners import person_named

    giver, taker = (person_named(settings, each) for each in words)
    done = hand_over(settings, giver, taker, note, by=by, now=settings.now(session.now()))
    said = Text(
        "Handed over: {tasks} and {cases}.",
        tasks=Text("{n} task", "{n} tasks", n=done.tasks),
        cases=Text("{n} case", "{n} cases", n=done.cases),
    )
    session.finish({"tasks": done.tasks, "cases": done.cases}, lambda: session.tell(said))


COMMAND = Command(
    "team",
    Text("Show who has how much to do, what was done, and the scripts of calls; hand work over."),
    _run,
    [
        click.Argument(
            ["action"],
            type=click.Choice(["workload", "report", "scripts", "hand-over"]),
            default="workload",
            required=False,
        ),
        click.Argument(["words"], metavar="[FROM_EMAIL TO_EMAIL]", nargs=-1),
        Option("--note", words=Text("What the colleague should know."), default="", metavar="TEXT"),
        Option(
            "--by",
            words=Text("Who writes: an e-mail address."),
            default=BY,
            show_default=True,
            metavar="EMAIL",
        ),
    ],
)
