"""``holdfast parts``: what this installation is made of."""

from __future__ import annotations

from holdfast.cli.answers import columns
from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

ORDER = 90


def _run(session: Session) -> None:
    from holdfast.registry import FAMILIES, Part, parts

    found = [part for family in FAMILIES for part in parts(family).values()]

    def title(part: Part) -> Text:
        given = getattr(part.declared, "title", None)
        return given if isinstance(given, Text) else Text("{name}", name=part.name)

    answer = [
        {"family": each.family, "name": each.name, "module": each.module, "title": str(title(each))}
        for each in found
    ]
    rows = [(each.family, each.name, session.say(title(each)), each.module) for each in found]
    session.finish({"parts": answer}, lambda: session.write(columns(rows)))


COMMAND = Command("parts", Text("List the parts of this installation: metrics and kinds of files."), _run, [])
