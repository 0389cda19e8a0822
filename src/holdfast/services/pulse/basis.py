"""What a run keeps for the worker: all that is the same for every customer, as it stood when it ran.

A run looks at everybody and learns what is usual in the company, which events and currencies there are,
which features say something, and who leaves. The worker looks at a few customers and cannot learn that
from them: it takes it from here. So both say the same of one customer, until the next run learns anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from holdfast.analytics.known_days import Company, company_from
from holdfast.services.foresee.live import Foreseeing, Foresight, foreseeing_from, foresight
from holdfast.services.measure.live import Learnt, learnt_from, live_plan

if TYPE_CHECKING:
    from holdfast.services.measure.build import Plan
    from holdfast.settings import Settings

FORMAT = 2
"""The shape of what is kept; another one is as good as none."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A basis in memory: what is ``learnt`` (``None``: no run yet), its ``plan``, and the model, if any.

    ``company`` is what the company's days counted, up to the run.
    """

    version: int
    learnt: Learnt | None
    plan: Plan
    foresight: Foresight | None
    company: Company | None = None


def announce(
    settings: Settings,
    learnt: Learnt,
    foreseeing: Foreseeing,
    days: Company,
    *,
    read_us: int,
    now_us: int,
) -> int:
    """Let this be the basis from now on; how many customers the worker has to look at again by it."""
    from holdfast.store import basis

    content = {
        "format": FORMAT,
        "company": _company(settings),
        "learnt": learnt.as_json(),
        "foreseeing": foreseeing.as_json(),
        "days": days.as_json(),
    }
    return basis.announce(settings, content, read_us=read_us, now_us=now_us)


def is_missing(settings: Settings) -> bool:
    """Whether the loop has run, and nothing that fits the settings is kept of it.

    Before the first run nothing is missing: single customers are then all there is to know.
    """
    from holdfast.store import basis
    from holdfast.store.figures import last_run

    kept = basis.current(settings)
    return (kept is None or not _fits(settings, kept.content)) and last_run(settings) is not None


def load(settings: Settings) -> Basis:
    """The basis that holds; one without anything learnt where there is none that fits the settings."""
    from holdfast.store import basis

    kept = basis.current(settings)
    if kept is None:
        return Basis(0, None, live_plan(settings, None), None)
    if not _fits(settings, kept.content):
        return Basis(kept.version, None, live_plan(settings, None), None)
    learnt = learnt_from(kept.content["learnt"])
    known = foresight(settings, foreseeing_from(kept.content["foreseeing"]), learnt.census.names)
    days = company_from(kept.content["days"])
    return Basis(kept.version, learnt, live_plan(settings, learnt), known, days)


def _fits(settings: Settings, content: Any) -> bool:
    return bool(content.get("format") == FORMAT and content.get("company") == _company(settings))


def _company(settings: Settings) -> dict[str, Any]:
    """What must be the same for a basis to mean anything: whose days, and who is a customer."""
    return {"unit": settings.unit, "timezone": settings.timezone, "calendar": settings.calendar}
