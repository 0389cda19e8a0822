"""``holdfast worker``: takes in what arrives and looks after what is due, until you stop it."""

from __future__ import annotations

import sys

from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 52


def _run(session: Session) -> None:
    from holdfast.services.pulse.process import run_worker

    settings = session.settings()
    answer = {"workspace": str(settings.folder.absolute())}
    session.finish(answer, lambda: session.tell(Text("The worker runs. Press Ctrl-C to stop.")))
    sys.stdout.flush()
    if code := run_worker(settings):
        sys.exit(code)


COMMAND = Command(
    "worker", Text("Take in what arrives and look at whom it touched, until you press Ctrl-C."), _run, []
)
