"""``holdfast doctor``: is everything as it should be?"""

from __future__ import annotations

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 95


def _run(session: Session) -> None:
    from holdfast.services.keep.examine import examine

    checks = examine(session.folder)
    answer = {
        "checks": [
            {"name": each.name, "ok": each.ok, "found": each.found, "remedy": each.remedy} for each in checks
        ]
    }
    rows = [
        (
            "✓" if each.ok else "✗",
            each.name,
            " ".join(session.say(words) for words in (each.found, each.remedy) if words),
        )
        for each in checks
    ]
    session.finish(answer, lambda: session.write(columns(rows)))
    if not all(each.ok for each in checks):
        click.get_current_context().exit(1)


COMMAND = Command("doctor", Text("Look the machine and the workspace over, and say what to do."), _run, [])
