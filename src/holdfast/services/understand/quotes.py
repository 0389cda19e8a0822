"""What those who left for a cause said, in their own words, without what says who they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.quoting import quoted

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.losses import KeptLoss, Told

MOST_QUOTES = 6
_LOOKED_AT = 60
_IN_WORDS = ("words", "text")


@dataclass(frozen=True, slots=True)
class Quote:
    """A few words of a customer who left on ``left_day``; ``kind`` is where they were written."""

    unit_id: int
    left_day: int
    text: str
    kind: str
    at_us: int


def of_cause(
    settings: Settings,
    cause: str,
    start_day: int,
    end_day: int,
    *,
    among: Collection[int] | None = None,
    most: int = MOST_QUOTES,
) -> list[Quote]:
    """The newest words of those (``among``) who left for ``cause`` in [``start_day``, ``end_day``)."""
    from holdfast.store import losses

    newest = losses.newest_of(settings, cause, start_day, end_day, limit=_LOOKED_AT, among=among)
    return _quotes(settings, [(loss, told) for loss in newest if (told := _said(loss)) is not None], most)


def of_texts(settings: Settings, keys: Sequence[tuple[int, int]]) -> list[str]:
    """The words of texts by subject and moment, as they are quoted."""
    from holdfast.store.customers import listed_among
    from holdfast.store.linking import units_of
    from holdfast.store.texts_at import texts_at

    found = texts_at(settings, keys)
    unit_of = units_of(settings, {subject for subject, _ in found})
    names = {each.unit_id: each.name for each in listed_among(settings, sorted(set(unit_of.values())))}
    return [
        quoted(found[key].text, [names.get(unit_of.get(key[0], key[0]), "")]) for key in keys if key in found
    ]


def _said(loss: KeptLoss) -> Told | None:
    """What speaks for the cause of a loss in words, the strongest."""
    return next((each for each in loss.evidence if each.cause == loss.cause and each.kind in _IN_WORDS), None)


def _quotes(settings: Settings, told: Sequence[tuple[KeptLoss, Told]], most: int) -> list[Quote]:
    from holdfast.store.customers import listed_among
    from holdfast.store.texts_at import texts_at

    words = texts_at(settings, [(each.subject_id, each.at_us) for _, each in told])
    names = {one.unit_id: one.name for one in listed_among(settings, [loss.unit_id for loss, _ in told])}
    found: list[Quote] = []
    for loss, each in told:
        written = words.get((each.subject_id, each.at_us))
        if written is not None and len(found) < most:
            text = quoted(written.text, [names.get(loss.unit_id, "")])
            found.append(Quote(loss.unit_id, loss.left_day, text, written.kind, each.at_us))
    return found
