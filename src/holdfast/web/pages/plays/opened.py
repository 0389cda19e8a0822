"""What of a play is open while it is written: a step, a way, a place for a new step, the goal ..."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from holdfast.domain import play_edits as edits
from holdfast.domain.plays import WITH_PATHS, Play, PlayStep
from holdfast.services.act.plays.written import steps

PARTS = ("begin", "audience", "goal", "exits", "whole")
"""What of a play has a form beside the steps."""


@dataclass(frozen=True, slots=True)
class Opened:
    """``part`` is "step", "way", "new" (a step is added ``at`` a place), one of :data:`PARTS`, "": nothing.

    ``do`` is the kind of a new step, ``kind`` that of a trigger; ``way`` ``None``: a new one.
    """

    part: str = ""
    step: PlayStep | None = None
    way: int | None = None
    at: str = ""
    do: str = ""
    kind: str = ""

    def hidden(self) -> list[tuple[str, str]]:
        """What a form posts beside its fields, to be read by :func:`read`."""
        told = {"step": self.step.id if self.step else "", "add": self.at, "do_step": self.do}
        told |= {"open": self.part if self.part in PARTS else "", "kind": self.kind}
        if self.part == "way":
            told["way"] = "new" if self.way is None else str(self.way)
        return [(name, value) for name, value in told.items() if value]


def read(given: Mapping[str, str], play: Play) -> Opened:
    """What an address or a form asks for; nothing where there is no such thing (any more)."""
    if given.get("open") in PARTS:
        return Opened(given["open"], kind=given.get("kind", ""))
    if at := given.get("add", ""):
        do = given.get("do_step", "")
        there = edits.there_is(play, at)
        return Opened("new", at=at, do=do if do in steps() else "") if there else Opened()
    step = edits.step_of(play, given.get("step", ""))
    if step is None:
        return Opened()
    way = given.get("way", "")
    if not way or step.do not in WITH_PATHS:
        return Opened("step", step)
    if way == "new":
        return Opened("way", step)
    known = way.isascii() and way.isdecimal() and int(way[:4]) < len(step.paths)
    return Opened("way", step, int(way)) if known else Opened("step", step)


def address(key: str, anchor: str = "", **asked: str) -> str:
    """The page on which a play is written, with something open."""
    there = reverse("play_edit", args=[key])
    if asked:
        there += f"?{urlencode(asked)}"
    return f"{there}#{anchor}" if anchor else there


def of_step(key: str, step_id: str) -> str:
    """The page with a step open."""
    return address(key, f"step-{step_id}", step=step_id)
