"""Write the risks back to SQL tables of the company's own, after each scoring and when asked."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from holdfast.domain.bands import band_of
from holdfast.domain.moments import microseconds
from holdfast.domain.money import Money
from holdfast.domain.period import date_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.reading import Criteria, read_criteria
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.sql_scores import Score
    from holdfast.store.score_targets import ScoreTarget

BATCH = 5_000
"""Rows handed over at once."""

_DRIVERS = slice(9, 14)
"""Where in a row of :func:`every_risk` the drivers stand."""

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one target: so many rows, or the trouble."""

    name: str
    table: str
    rows: int | None
    trouble: Text | None


def add_target(settings: Settings, name: str, *, url: str, table: str, now: datetime) -> None:
    """A new table to write the risks to, made at once where it is missing.

    Refuses ("name_taken") and what :func:`holdfast.connectors.sql_scores.prepare` refuses.
    """
    from holdfast.connectors.sql_scores import prepare
    from holdfast.store import score_targets

    prepare(url.strip(), table)
    if not score_targets.add(settings, name, url=url.strip(), table=table, now_us=microseconds(now)):
        raise Refusal(
            "name_taken",
            found=Text("Scores are written to {name} already.", name=name),
            expected=Text("Each place has a name of its own."),
            remedy=Text("Choose another name."),
        )


def write_back(settings: Settings, now: datetime, *, only: str = "") -> list[Written]:
    """Write the risks of now to every target that is switched on (or the one called ``only``).

    What goes wrong with one is kept as its trouble and keeps no other from being written.
    Refuses ("unknown_target") a name that is none.
    """
    from holdfast.store import score_targets

    targets = [
        each for each in score_targets.listed(settings) if (each.name == only if only else each.enabled)
    ]
    if only and not targets:
        raise Refusal(
            "unknown_target",
            found=Text("Scores are written to no place called {name}.", name=only),
            expected=Text("One that `holdfast write-back list` shows."),
            remedy=Text("Check the name, or add it."),
        )
    return [_written(settings, target, now) for target in targets]


def _written(settings: Settings, target: ScoreTarget, now: datetime) -> Written:
    from holdfast.connectors.sql_scores import write
    from holdfast.store import score_targets

    try:
        with closing(scores(settings, now)) as batches:
            rows = write(score_targets.url_of(settings, target), target.table, batches)
    except Refusal as refusal:
        trouble = Text("{found} {remedy}", found=refusal.found, remedy=refusal.remedy)
    except Exception as error:
        _log.exception("writing scores to %s failed", target.name)
        trouble = Text("It failed: {error}.", error=type(error).__name__)
    else:
        score_targets.note(settings, target.id, at_us=microseconds(now), rows=rows)
        return Written(target.name, target.table, rows, None)
    score_targets.note(settings, target.id, at_us=microseconds(now), trouble=trouble)
    return Written(target.name, target.table, None, trouble)


def scores(settings: Settings, now: datetime) -> Generator[list[Score], None, None]:
    """Every risk once for each id of the customer, in batches."""
    from holdfast.services.foresee.exporting import every_risk
    from holdfast.store.readers import resolved_units

    members: dict[int, list[int]] = defaultdict(list)
    for subject, unit in resolved_units(settings).items():
        if subject != unit:
            members[unit].append(subject)
    criteria = read_criteria(settings)
    with closing(every_risk(settings)) as risks:  # on PostgreSQL it is a transaction: it ends with us
        while some := list(islice(risks, BATCH)):
            yield from _batches(settings, some, members, criteria, now)


def _batches(
    settings: Settings,
    risks: Sequence[tuple[Any, ...]],
    members: dict[int, list[int]],
    criteria: Criteria,
    now: datetime,
) -> Iterator[list[Score]]:
    from holdfast.store.score_targets import ids_of_subjects

    unit_of = {subject: row[0] for row in risks for subject in (row[0], *members.get(row[0], ()))}
    by_unit = {row[0]: row for row in risks}
    found = [
        _score(settings, by_unit[unit_of[subject]], namespace, key, criteria, now)
        for subject, namespace, key in ids_of_subjects(settings, sorted(unit_of))
    ]
    for first in range(0, len(found), BATCH):
        yield found[first : first + BATCH]


def _score(
    settings: Settings, row: tuple[Any, ...], namespace: str, key: str, criteria: Criteria, now: datetime
) -> Score:
    from holdfast.connectors.sql_scores import Score

    unit, name, _, _, risk, _, at_risk_minor = row[:7]
    _, as_of_day, version, _ = row[14:]
    return Score(
        namespace=namespace,
        customer_id=key,
        unit=unit,
        name=name,
        risk=risk,
        band=band(risk, criteria),
        value_at_risk=Money(at_risk_minor, settings.currency).amount,
        currency=settings.currency,
        drivers="; ".join(words for words in row[_DRIVERS] if words),
        as_of=date_of(as_of_day),
        model_version=version,
        written_at=now,
    )


def band(risk: float, criteria: Criteria) -> str:
    """How urgent a risk is by the team's thresholds: as pages show it, in a word that does not change."""
    return band_of(risk, criteria.act_from, criteria.watch_from)
