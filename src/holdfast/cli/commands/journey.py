"""``holdfast journey``: the steps of customers, the share lost at each, and after what they leave."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.understand.journey import Journey

ORDER = 49


def _run(session: Session) -> None:
    from holdfast.services.understand.journey import read

    found = read(session.settings())
    session.finish(_answer(found), lambda: _show(session, found))


def _answer(found: Journey | None) -> dict[str, Any]:
    if found is None:
        nothing = dict.fromkeys(("as_of", "patience_days", "came"))
        return {**nothing, "steps": [], "funnel": [], "occasions": []}
    return {
        "as_of": found.day,
        "patience_days": found.patience_days,
        "steps": [
            {**asdict(each), "share_lost": each.share_lost, "stuck": found.stuck.get(each.key, 0)}
            for each in found.stages
        ],
        "came": found.came,
        "funnel": [{"step": key, "customers": count} for key, count in found.funnel],
        "occasions": [
            {"occasion": each.key, **asdict(each.compared), "chance": each.chance, "judged": each.judged}
            for each in found.contacts
        ],
    }


def _show(session: Session, found: Journey | None) -> None:
    from holdfast.services.understand import journey_words as words

    if found is None or not found.stages:
        session.tell(words.NOBODY_LOOKED if found is None else words.TOO_FEW)
        return
    session.tell(words.summary(found))
    for stage in found.stages:
        lost = words.lost(stage)
        if lost is not None:
            session.tell(Text("{what}: {value}", what=words.TITLES[stage.key], value=lost))
    for each in found.contacts:
        session.tell(Text("{what}: {value}", what=words.title(each), value=words.after(each)))


COMMAND = Command(
    "journey", Text("Say at which step customers are lost, and after which occasions."), _run, []
)
