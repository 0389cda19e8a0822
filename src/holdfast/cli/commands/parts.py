"""``holdfast parts``: what this installation is made of."""

from __future__ import annotations

from dataclasses import replace

from holdfast.cli.answers import columns
from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text
from holdfast.registry import Part

ORDER = 90


def _with_inner(part: Part) -> list[Part]:
    """A part, and after it what it declares together: a family of features is one file."""
    inner = getattr(part.declared, "features", ())
    return [part, *(replace(part, name=f"{part.name}.{each.name}", declared=each) for each in inner)]


def _run(session: Session) -> None:
    from holdfast.registry import FAMILIES, parts

    found = [each for family in FAMILIES for part in parts(family).values() for each in _with_inner(part)]

    def title(part: Part) -> Text:
        given = getattr(part.declared, "title", None)
        return given if isinstance(given, Text) else Text("{name}", name=part.name)

    answer = [
        {"family": each.family, "name": each.name, "module": each.module, "title": str(title(each))}
        for each in found
    ]
    rows = [(each.family, each.name, session.say(title(each)), each.module) for each in found]
    session.finish({"parts": answer}, lambda: session.write(columns(rows)))


COMMAND = Command(
    "parts", Text("List the parts of this installation: metrics, features and kinds of files."), _run, []
)
