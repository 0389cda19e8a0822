"""``holdfast at-risk``: who will leave next, how likely, why, and what is at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.risks import risk_as_json
from holdfast.cli.session import Session
from holdfast.domain.money import Money
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holdfast.language import Reader
    from holdfast.services.foresee.reading import AtRisk

ORDER = 47
_DRIVERS = 2
"""So many drivers stand in a line for people; programs get all."""


def _run(session: Session, top: int) -> None:
    from holdfast.services.foresee.at_risk import customer_ids
    from holdfast.services.foresee.reading import at_risk

    settings = session.settings()
    found = at_risk(settings, top=top)
    if found.rows and not found.rows[0].value_at_risk_minor:  # no amounts are known: the risk alone ranks
        found = at_risk(settings, top=top, sort="risk")
    ids = customer_ids(settings, [row.unit_id for row in found.rows])
    answer = {
        "as_of": found.as_of,
        "model": found.model,
        "horizon_days": found.horizon_days,
        "total": found.total,
        "customers": [risk_as_json(row) | {"customer": ids.get(row.unit_id)} for row in found.rows],
        "reason": found.reason,
        "unchecked": found.unchecked,
    }
    session.finish(answer, lambda: _show(session, found, ids, session.reader(settings)))


def _show(session: Session, found: AtRisk, ids: Mapping[int, str], reader: Reader) -> None:
    if found.reason is not None:
        session.tell(found.reason)
        return
    session.tell(
        Text(
            "{n} customer, as of {day}: probability of leaving within {days} days.",
            "{n} customers, as of {day}: probability of leaving within {days} days.",
            n=found.total,
            day=found.as_of,
            days=found.horizon_days,
        )
    )
    if found.unchecked is not None:
        session.tell(found.unchecked)
    rows = [
        (
            row.name or ids.get(row.unit_id, ""),
            reader.share(row.risk),
            reader.money(Money(row.value_at_risk_minor, row.currency)),
            "; ".join(reader.say(driver.words) for driver in row.drivers[:_DRIVERS]),
        )
        for row in found.rows
    ]
    session.write(columns(rows, numbers=frozenset({1, 2})))


COMMAND = Command(
    "at-risk",
    Text("List who will leave next, by the value that is at risk, with the reasons."),
    _run,
    [
        Option(
            "--top",
            words=Text("How many customers to list."),
            type=click.IntRange(min=1),
            default=20,
            show_default=True,
        ),
    ],
)
