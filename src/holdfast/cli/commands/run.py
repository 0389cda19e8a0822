"""``holdfast run``: one turn of the loop."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.cli.group import Command, Option
from holdfast.cli.options import as_of
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.pulse.run import RunReport
    from holdfast.settings import Settings

ORDER = 30


def _run(session: Session, as_of: datetime | None, publish_again: bool) -> None:
    from holdfast.services.pulse.run import run
    from holdfast.store.figures import publish_recomputed

    settings = session.settings()
    with session.progress() as progress:
        report = run(settings, as_of and as_of.date(), progress, now=session.now())
    published = publish_recomputed(settings) if publish_again else 0
    answer = {
        "as_of": report.as_of,
        "customers": report.customers,
        "figures": report.figures,
        "differing": report.differing,
        "published_again": published,
        "alerts": report.alerts,
        "recommended": {"rule": report.rule, "reason": report.reason},
        "foreseen": _foreseen(report),
        "seconds": round(report.seconds, 2),
    }
    session.finish(answer, lambda: _show(session, settings, report, published))


def _foreseen(report: RunReport) -> dict[str, object] | None:
    found = report.foreseen
    if found is None:
        return None
    return {
        "customers": found.scored,
        "model": None if found.version is None else str(found.version),
        "trained": found.trained,
        "drift_alarm": found.drift_alarm,
        "reason": found.reason,
    }


def _show(session: Session, settings: Settings, report: RunReport, published: int) -> None:
    session.tell(
        Text(
            "Measured up to {day}: {n} customer.",
            "Measured up to {day}: {n} customers.",
            day=report.as_of,
            n=report.customers,
        )
    )
    _show_foreseen(session, report)
    if report.differing:
        session.tell(
            Text(
                "{n} figure of a closed period is no longer as it was published.",
                "{n} figures of closed periods are no longer as they were published.",
                n=report.differing,
            )
        )
    if published:
        session.tell(
            Text(
                "{n} figure is published again as it is counted now.",
                "{n} figures are published again as they are counted now.",
                n=published,
            )
        )
    if report.rule != settings.lost.rule:
        session.tell(
            Text(
                "The rule {rule} would suit these data better: {reason}",
                rule=report.rule,
                reason=report.reason,
            )
        )


def _show_foreseen(session: Session, report: RunReport) -> None:
    found = report.foreseen
    if found is None:
        return
    if found.reason is not None:
        session.tell(Text("Nobody's risk can be told yet: {reason}", reason=found.reason))
        return
    session.tell(
        Text(
            "Scored {n} customer with model {version}.",
            "Scored {n} customers with model {version}.",
            n=found.scored,
            version=str(found.version),
        )
    )
    if found.drift_alarm:
        session.tell(Text("The drift alarm is on: customers have changed, or risks no longer come true."))


COMMAND = Command(
    "run",
    Text("Turn the loop once: measure everything and keep the figures for the pages."),
    _run,
    [
        as_of(),
        Option(
            "--publish-again",
            words=Text("Publish the figures of closed periods as they are counted now."),
            is_flag=True,
        ),
    ],
)
