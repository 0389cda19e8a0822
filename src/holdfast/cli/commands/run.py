"""``holdfast run``: one turn of the loop."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.cli.group import Command
from holdfast.cli.options import as_of
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.pulse.run import RunReport
    from holdfast.settings import Settings

ORDER = 30


def _run(session: Session, as_of: datetime | None) -> None:
    from holdfast.services.pulse.run import run

    settings = session.settings()
    with session.progress() as progress:
        report = run(settings, as_of and as_of.date(), progress, now=session.now())
    answer = {
        "as_of": report.as_of,
        "customers": report.customers,
        "figures": report.figures,
        "differing": report.differing,
        "alerts": report.alerts,
        "recommended": {"rule": report.rule, "reason": report.reason},
        "seconds": round(report.seconds, 2),
    }
    session.finish(answer, lambda: _show(session, settings, report))


def _show(session: Session, settings: Settings, report: RunReport) -> None:
    session.tell(
        Text(
            "Measured up to {day}: {n} customer.",
            "Measured up to {day}: {n} customers.",
            day=report.as_of,
            n=report.customers,
        )
    )
    if report.differing:
        session.tell(
            Text(
                "{n} figure of a closed period is no longer as it was published.",
                "{n} figures of closed periods are no longer as they were published.",
                n=report.differing,
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


COMMAND = Command(
    "run",
    Text("Turn the loop once: measure everything and keep the figures for the pages."),
    _run,
    [as_of()],
)
