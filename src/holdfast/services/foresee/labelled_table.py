"""Foresee from one labelled table: how well, beside plain rivals, what leaks, and each row's risk.

For analysts. Needs no workspace: a file, the column that says who left, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.learning.grading import Difference, paired_difference
from holdfast.learning.screening import MOST_COLUMNS
from holdfast.services.foresee.table_columns import Floats, Remark
from holdfast.services.foresee.table_notes import Note, notes_on_figures
from holdfast.services.foresee.table_prepare import Asked, Prepared, prepare
from holdfast.services.foresee.table_report import Reported, write_report
from holdfast.services.foresee.table_scores import Scored, write_scores
from holdfast.services.foresee.table_validation import (
    MEASURES,
    Features,
    Graded,
    Plan,
    Validated,
    cross_validate,
    foreseen_by,
    graded,
    risk_model,
    rows_of,
)
from holdfast.services.progress import Progress, Silent

__all__ = ["Asked", "TableAnswer", "score_table"]

_COMPARED = ("auc", "average_precision", "log_loss")


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What a labelled table answers.

    ``model`` and ``rivals`` are graded on the same folds; ``differences`` (rival -> measure) say by how
    much the model is better, above 0 whatever the measure. ``drivers`` are columns with their mean
    absolute effect in log-odds, strongest first. ``rows`` and ``left`` count rows whose outcome is
    known, ``tested`` those of them that the figures are about: fewer where rows are tested by date.
    """

    prepared: Prepared
    plan: Plan
    rows: int
    left: int
    tested: int
    model: Graded
    rivals: Mapping[str, Graded]
    differences: Mapping[str, Mapping[str, Difference]]
    drivers: tuple[tuple[str, Text, float], ...]
    notes: tuple[Note, ...]
    scores_file: Path
    report: Path

    @property
    def better_rival(self) -> str | None:
        """The plain rival that is clearly better, where one is."""
        return next((note.about for note in self.notes if note.code == "worse_than_rival"), None)

    def as_json(self) -> dict[str, object]:
        """The answer with the keys that docs/reference/command-line.md lists."""
        return {
            "target": self.prepared.target,
            "positive": self.prepared.outcome.positive,
            "rows": self.rows,
            "left": self.left,
            "unknown": self.prepared.outcome.unknown,
            "by_date": self.prepared.by_date,
            "tested": self.tested,
            **_measures(self.model),
            "rivals": {name: self._rival(name) for name in self.rivals},
            "leaks": _remarks(self.prepared.leaks),
            "dropped": _remarks(self.prepared.dropped),
            "drivers": [{"column": name, "effect": round(size, 4)} for name, _, size in self.drivers],
            "notes": [{"code": note.code, "words": note.words} for note in self.notes],
            "scores_file": self.scores_file,
            "report": self.report,
            "seed": self.plan.seed,
            "folds": self.plan.folds,
            "repeats": self.plan.repeats,
        }

    def _rival(self, name: str) -> dict[str, object]:
        found = {
            measure: {"estimate": each.estimate, "low": each.low, "high": each.high}
            for measure, each in self.differences[name].items()
        }
        return {**_measures(self.rivals[name]), "difference": found}


def _measures(found: Graded) -> dict[str, object]:
    intervals = {
        name: None if (ends := found.intervals[name]) is None else {"low": ends[0], "high": ends[1]}
        for name in MEASURES
    }
    return {**{name: found.values[name] for name in MEASURES}, "intervals": intervals}


def _remarks(remarks: Sequence[Remark]) -> list[dict[str, object]]:
    return [{"column": remark.column, "why": remark.why} for remark in remarks]


def score_table(asked: Asked, reader: Reader, progress: Progress | None = None) -> TableAnswer:
    """Validate, grade, give every row its risk, write the scores and the report.

    ``reader`` is whose language the drivers and the report are in; both files replace those of an
    earlier call in the folder. Raises ``Refusal`` as
    :func:`holdfast.services.foresee.table_prepare.prepare` does.
    """
    progress = progress or Silent()
    prepared = prepare(asked)
    known = prepared.outcome.known
    left = prepared.outcome.left[known]
    plan = _plan(asked, prepared, len(left))
    features = {each.name: each.values for each in prepared.learned}
    found = cross_validate(
        {name: values[known] for name, values in features.items()},
        left,
        plan,
        prepared.groups,
        lambda done, total: progress.step(Text("Testing on rows never seen"), done, total),
        prepared.days,
    )
    out = asked.out or Path(f"{asked.path.name.split('.')[0]}-foreseen")
    out.mkdir(parents=True, exist_ok=True)
    tested = found.where_tested()
    answer = _answer(prepared, plan, left, tested, out, found.tested)
    scored = _scored(prepared, features, found, plan.seed, answer.better_rival)
    write_scores(answer.scores_file, prepared.id_name, scored, prepared.learned, reader)
    reported = Reported(
        asked.path.name,
        prepared,
        plan,
        left[found.tested],
        tested,
        answer.model,
        answer.rivals,
        answer.drivers,
        answer.notes,
    )
    write_report(answer.report, reported, reader)
    return answer


def _plan(asked: Asked, prepared: Prepared, rows: int) -> Plan:
    repeats = asked.repeats or repeats_for(rows, len(prepared.learned))
    return Plan(asked.folds, repeats if prepared.days is None else 1, asked.seed)


def repeats_for(rows: int, columns: int) -> int:
    """How often the rows are divided anew: more often where there are few, since chance weighs more.

    Once where there are very many columns, since it takes a minute.
    """
    if columns > MOST_COLUMNS:
        return 1
    return 3 if rows < 3_000 else 2 if rows < 50_000 else 1


def _answer(
    prepared: Prepared,
    plan: Plan,
    all_left: NDArray[np.bool_],
    found: Validated,
    out: Path,
    tested: NDArray[np.bool_],
) -> TableAnswer:
    """``found`` is of the ``tested`` rows only, and so are the figures."""
    left = all_left[tested]
    groups = None if prepared.groups is None else prepared.groups[tested]
    all_graded = {name: graded(left, risks, groups, plan.seed) for name, risks in found.risks.items()}
    model = all_graded.pop("model")
    sizes = np.abs(found.effects).mean(axis=0)
    drivers = tuple(
        (prepared.learned[place].name, prepared.learned[place].title, float(sizes[place]))
        for place in np.argsort(-sizes, kind="stable")
        if sizes[place] > 0
    )
    return TableAnswer(
        prepared,
        plan,
        len(all_left),
        int(all_left.sum()),
        len(left),
        model,
        all_graded,
        {name: _differences(left, found, name, groups) for name in all_graded},
        drivers,
        (*prepared.notes, *notes_on_figures(left, found, model, all_graded, groups)),
        out / "scores.csv",
        out / "report.html",
    )


def _differences(
    left: NDArray[np.bool_], found: Validated, rival: str, groups: NDArray[np.intp] | None
) -> dict[str, Difference]:
    mine, theirs = found.risks["model"].mean(axis=0), found.risks[rival].mean(axis=0)
    return {
        name: paired_difference(left, mine, theirs, name, groups=groups, draws=200)  # type: ignore[arg-type]
        for name in _COMPARED
    }


def _scored(prepared: Prepared, features: Features, found: Validated, seed: int, rival: str | None) -> Scored:
    """Rows whose outcome is known as foreseen without them; all others by a model of all known rows."""
    known = prepared.outcome.known
    rows = len(known)
    odds, base, effects = np.full(rows, np.nan), np.zeros(rows), np.zeros((rows, len(found.names)))
    tested = np.flatnonzero(known)[found.tested]
    mine = found.where_tested()
    odds[tested], base[tested], effects[tested] = mine.odds, mine.base, mine.effects
    if not known.all():
        odds[~known], base[~known], effects[~known] = _foreseen(prepared, features, found.names, seed)
    probability: Floats = 1 / (1 + np.exp(-odds))
    plain = None
    if rival is not None:
        plain = np.full(rows, np.nan)
        plain[tested] = mine.risks[rival].mean(axis=0)
        if not known.all():
            plain[~known] = foreseen_by(rival, *_known_and_not(prepared, features))
    return Scored(
        *(prepared.table.lines, prepared.ids, probability, base, effects),
        known=known,
        left=prepared.outcome.left,
        rival=plain,
    )


def _known_and_not(prepared: Prepared, features: Features) -> tuple[Features, NDArray[np.bool_], Features]:
    known = prepared.outcome.known
    learn, ask = np.flatnonzero(known), np.flatnonzero(~known)
    return rows_of(features, learn), prepared.outcome.left[known], rows_of(features, ask)


def _foreseen(
    prepared: Prepared, features: Features, names: Sequence[str], seed: int
) -> tuple[Floats, Floats, Floats]:
    """Log-odds, base and effects of the rows without an outcome."""
    learned, left, asked = _known_and_not(prepared, features)
    model = risk_model(len(features), seed)
    model.fit(learned, left, prepared.groups)
    drivers = model.explain(asked)
    effects = np.zeros((len(drivers.effects), len(names)))
    effects[:, [names.index(name) for name in drivers.names]] = drivers.effects
    base = np.full(len(effects), drivers.base)
    return base + drivers.effects.sum(axis=1), base, effects
