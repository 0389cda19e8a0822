"""What is to be done for a customer: open tasks and cases, beside the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store import cases, tasks
from holdfast.web.pages.cases.words import ShownCase
from holdfast.web.pages.cases.words import shown as shown_cases
from holdfast.web.pages.tasks.words import ShownTask
from holdfast.web.pages.tasks.words import shown as shown_tasks

MOST = 8


@dataclass(frozen=True, slots=True)
class ShownWork:
    """Open tasks, and cases under way, what is due first."""

    tasks: list[ShownTask]
    cases: list[ShownCase]


def shown_work(workspace: Settings, subjects: Sequence[int], now: datetime, reader: Reader) -> ShownWork:
    """The work for a customer, of all its ids: two statements."""
    now_us = int(now.timestamp() * 1_000_000)
    theirs = tasks.listed(workspace, tasks.Wanted("open", subjects=subjects), MOST, now_us=now_us)
    broken = cases.listed(workspace, cases.Wanted("under_way", subjects=subjects), MOST)
    return ShownWork(
        shown_tasks(theirs, {}, now, workspace.zone, reader),
        shown_cases(broken, {}, now, workspace.zone, reader),
    )
