"""What was known of customers and when, for whoever looks at the past: traits and who was linked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import readers, sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Told:
    """Everything ever said about one trait, in the order in which a later row replaces an earlier one.

    ``value`` holds positions in ``values``; moments are microseconds.
    """

    subject_id: NDArray[np.int64]
    valid_from_us: NDArray[np.int64]
    known_us: NDArray[np.int64]
    value: NDArray[np.int32]
    values: Sequence[str]


def trait_names(settings: Settings) -> list[str]:
    """The traits that done imports speak of."""
    store.connect(settings)
    return [name for (name,) in sql.read(_NAMES)]


def trait_sample(settings: Settings, trait: str, *, most: int) -> list[str]:
    """At most ``most`` values of a trait, some of them equal; of the subjects that came first."""
    store.connect(settings)
    return [value for (value,) in sql.read(f"{_TOLD} ORDER BY t.subject_id LIMIT {int(most)}", (trait,))]


def told(settings: Settings, trait: str) -> Told:
    """The history of a trait, rows of done imports only."""
    store.connect(settings)
    return _told(row for batch in sql.stream(_HISTORY, (trait,)) for row in batch)


def _told(said: Iterable[tuple[int, int, int, str]]) -> Told:
    import numpy as np

    numbers: dict[str, int] = {}
    rows = [
        (subject, since, known, numbers.setdefault(value, len(numbers)))
        for subject, since, known, value in said
    ]
    columns = np.array(rows, np.int64).reshape(-1, 4)
    subject, since, known, value = (np.ascontiguousarray(columns[:, at]) for at in range(4))
    return Told(subject, since, known, value.astype(np.int32), tuple(numbers))


def told_of(settings: Settings, traits: Sequence[str], subjects: Sequence[int]) -> dict[str, Told]:
    """:func:`told` of several traits at once, of a few subjects only."""
    store.connect(settings)
    found: dict[str, list[tuple[int, int, int, str]]] = {trait: [] for trait in traits}
    if found and len(subjects):
        marks = ", ".join(["%s"] * len(found))
        statement = (
            f"SELECT t.trait, t.subject_id, t.valid_from_us, t.known_us, t.value {_DONE} "
            f"WHERE t.subject_id IN {readers.among(subjects)} AND t.trait IN ({marks}) {_IN_ORDER}"
        )
        for trait, *row in sql.read(statement, list(found)):
            found[trait].append((row[0], row[1], row[2], row[3]))
    return {trait: _told(rows) for trait, rows in found.items()}


def ever_linked(settings: Settings) -> NDArray[np.int64]:
    """Every subject that a link or an account touches at any moment, sorted."""
    import numpy as np

    store.connect(settings)
    return np.unique(np.array([subject for (subject,) in sql.read(_LINKED)], np.int64))


def accounts(settings: Settings, subjects: Sequence[int] | None = None) -> NDArray[np.int64]:
    """The subjects that are accounts, sorted; only those among ``subjects``, where given."""
    import numpy as np

    store.connect(settings)
    of_some = "" if subjects is None else f" AND id IN {readers.among(subjects)}"
    return np.array(sorted(subject for (subject,) in sql.read(_ACCOUNTS + of_some)), np.int64)


_DONE = "FROM trait_row t JOIN import i ON i.id = t.import_id AND i.state = 'done'"
_NAMES = f"SELECT DISTINCT t.trait {_DONE} ORDER BY t.trait"
_TOLD = f"SELECT t.value {_DONE} WHERE t.trait = %s"
_IN_ORDER = "ORDER BY t.subject_id, t.valid_from_us, t.known_us, t.id"
_HISTORY = f"SELECT t.subject_id, t.valid_from_us, t.known_us, t.value {_DONE} WHERE t.trait = %s {_IN_ORDER}"
_LINKED = """
SELECT subject_id FROM identity_link UNION SELECT unit_id FROM identity_link
UNION SELECT subject_id FROM account_contact UNION SELECT account_id FROM account_contact
"""
_ACCOUNTS = "SELECT id FROM subject WHERE (namespace = 'account' OR namespace LIKE 'account:%%')"
