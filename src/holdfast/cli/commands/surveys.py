"""``holdfast surveys``: the questions that plays asked, and what came of one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.services.act.surveys import Results
    from holdfast.store.surveys import Counted

ORDER = 48


def _run(session: Session, question: str) -> None:
    from holdfast.domain.moments import microseconds
    from holdfast.services.act import surveys

    settings = session.settings()
    if not question:
        listed = surveys.listed(settings)
        session.finish({"surveys": [asdict(each) for each in listed]}, lambda: _list(session, listed))
        return
    play, _, step = question.partition("/")
    now_us = microseconds(settings.now(session.now()))
    found = surveys.results(settings, play, step, now_us=now_us)
    if found is None:
        raise Refusal(
            "no_such_question",
            found=Text("Nobody was asked {question}.", question=question[:130]),
            expected=Text("A play and the step that asks, like win_back/why."),
            remedy=Text("See `holdfast surveys` for those there are."),
        )
    session.finish({"surveys": [_answer(found)]}, lambda: _show(session, found))


def _answer(found: Results) -> dict[str, Any]:
    """What programs get: the words of customers are left to the pages, which know who may read them."""
    shares = [asdict(each) for each in found.shares]
    weeks = [{"since_us": at, "answers": count, "mean": mean} for at, count, mean in found.over_time]
    return {**asdict(found.of), "shares": shares, "mean": found.mean, "weeks": weeks}


def _list(session: Session, listed: list[Counted]) -> None:
    if not listed:
        session.tell(Text("Nobody was asked anything yet."))
        return
    rows = [
        (f"{each.play_key}/{each.step_id}", each.question, str(each.sent), str(each.answered))
        for each in listed
    ]
    session.write(columns(rows, numbers=frozenset({2, 3})))


def _show(session: Session, found: Results) -> None:
    session.write(found.of.question)
    session.tell(
        Text("{answered} of {sent} who were asked answered.", answered=found.of.answered, sent=found.of.sent)
    )
    rows = []
    for each in found.shares:
        told = [f"{part:.3f}" for part in (each.share, each.low, each.high) if part is not None]
        rows.append((each.label, str(each.count), *(told or ("", "", ""))))
    if rows:
        session.write(columns(rows, numbers=frozenset({1, 2, 3, 4})))
    if not found.enough:
        from holdfast.domain.surveys import ENOUGH

        session.tell(Text("Not enough answers for shares yet: {n} are needed.", n=ENOUGH))


COMMAND = Command(
    "surveys",
    Text("Show the questions that plays asked customers, and what came of one."),
    _run,
    [click.Argument(["question"], required=False, default="", metavar="PLAY/STEP")],
)
