"""``holdfast run``: one turn of the loop."""

from __future__ import annotations

from datetime import datetime

from holdfast.cli.group import Command
from holdfast.cli.options import as_of
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 30


def _run(session: Session, as_of: datetime | None) -> None:
    from holdfast.services.pulse.run import run

    settings = session.settings()
    with session.progress() as progress:
        done = run(settings, as_of and as_of.date(), progress)
    answer = {
        "as_of": done.as_of,
        "customers": done.customers,
        "figures": done.figures,
        "alerts": done.alerts,
        "seconds": done.seconds,
    }
    session.finish(answer, lambda: None)


COMMAND = Command(
    "run",
    Text("Turn the loop once: measure everything and keep the figures for the pages."),
    _run,
    [as_of()],
)
