"""What a company knows of its customers, as features: which traits say something, and what was known when."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.analytics.feature import Feature, Trait
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.settings import Settings
    from holdfast.store.readers import UnitLinks

MOST_TRAITS = 20
"""More traits than these are not looked at: the first ones by name that say something are."""

MOST_WORDS = 50
"""A trait with more different words says who somebody is, not what kind of customer."""

_SAMPLE = 20_000
_FEWEST_NUMBERS = 0.95
_MANY = 200

_WHO = re.compile(
    r"(^|_)(id|ids|uuid|guid|key|name|names|firstname|lastname|surname|username|login|email|mail|phone|mobile"
    r"|telephone|fax|address|street|zip|zipcode|postcode|postal|iban|card|url|website|domain|ip|avatar|token"
    r"|number|no|code|notes?|comments?|latitude|longitude|lat|lon|lng)(_|$)"
)
"""Names, ids, contact points and places: they say who it is."""

_WHAT_BECAME = re.compile(
    r"churn|cancel|terminat|lapsed|(^|_)(left|lost|leave|leaving|exit|exited|status|state_of|stage|active|inactive"
    r"|closed|ended|end|deleted|retained|renewed|risk|health)(_|$)"
)
"""Traits that tell the outcome: written when it was known, they would make any model look clever."""

_TITLES = {
    "country": Text("Country"),
    "source": Text("Source"),
    "city": Text("Town"),
    "gender": Text("Gender"),
    "stage": Text("Stage"),
    "plan": Text("Plan"),
    "industry": Text("Trade"),
}
"""What the traits that we ask for ourselves are called; others are called what the company calls them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A trait that can be a feature; ``words`` where its values are words."""

    name: str
    words: bool

    @property
    def feature(self) -> Feature:
        """The trait as a feature."""
        return Feature(
            name=f"trait {self.name}",
            title=_TITLES.get(self.name, Text("{trait}", trait=self.name.replace("_", " "))),
            meaning=Text("What was known of the customer's {trait} on the day.", trait=self.name),
            unit="category" if self.words else "score",
            cause="relationship",
            needs={"trait": Trait(self.name)},
        )


def choose_traits(settings: Settings) -> tuple[Chosen, ...]:
    """The traits that can be features: numbers, or at most :data:`MOST_WORDS` different words.

    Never names, ids, contact points and places, and never what tells the outcome itself.
    """
    from holdfast.store import trait_history

    found: list[Chosen] = []
    for name in trait_history.trait_names(settings):
        if len(found) < MOST_TRAITS and not says_who(name) and not says_what_became(name):
            values = trait_history.trait_sample(settings, name, most=_SAMPLE)
            kind = kind_of(values)
            if kind is not None:
                found.append(Chosen(name, words=kind == "words"))
    return tuple(found)


def says_who(trait: str) -> bool:
    """Whether a trait is a name, an id, a contact point or a place of somebody."""
    return _WHO.search(_plain(trait)) is not None


def says_what_became(trait: str) -> bool:
    """Whether a trait tells the outcome that is to be foreseen."""
    return _WHAT_BECAME.search(_plain(trait)) is not None


def _plain(trait: str) -> str:
    """Words in small letters with an underscore between them: "firstName" is "first_name"."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", trait)
    return re.sub(r"[^\w]+", "_", apart).casefold()


def kind_of(values: Sequence[str]) -> str | None:
    """ "numbers", "words", or ``None`` where the values are neither or all the same."""
    different = {value for value in values if value.strip()}
    if len(different) < 2:
        return None
    numbers = sum(map(_is_number, different))
    if numbers >= _FEWEST_NUMBERS * len(different):
        return None if len(different) == len(values) and _counts_up(different) else "numbers"
    return "words" if len(different) <= MOST_WORDS else None


def _counts_up(different: Set[str]) -> bool:
    """Whether many whole numbers lie so close that they must be ids, whatever they are called."""
    if len(different) < _MANY or not all(value.isdecimal() for value in different):
        return False
    whole = [int(value) for value in different]
    return max(whole) - min(whole) < 2 * len(whole)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


class TraitsThen:
    """What was known of units at a moment, by the links of that moment."""

    def __init__(
        self, settings: Settings, chosen: Sequence[Chosen], subjects: Sequence[int] | None = None
    ) -> None:
        """Read what was told; ``subjects`` narrows to a few of them."""
        from holdfast.store import trait_history

        self.chosen = tuple(chosen)
        names = [each.name for each in chosen]
        self._told = (
            {name: trait_history.told(settings, name) for name in names}
            if subjects is None
            else trait_history.told_of(settings, names, subjects)
        )
        self._accounts = trait_history.accounts(settings, subjects) if settings.unit == "account" else None

    def known(
        self, trait: str, units: NDArray[np.int64], links: UnitLinks, at_us: int
    ) -> NDArray[np.object_]:
        """The value that held at ``at_us``, as far as it was known by then; ``None`` where none was."""
        import numpy as np

        told = self._told[trait]
        rows = np.flatnonzero((told.valid_from_us < at_us) & (told.known_us <= at_us))
        subject = told.subject_id[rows]
        unit = _units_of(subject, links)
        if self._accounts is not None:
            # Of an account counts what was said about itself, not about its contacts.
            own = (unit == subject) | np.isin(subject, self._accounts)
            rows, unit = rows[own], unit[own]
        found = np.full(len(units), None, object)
        if not len(rows) or not len(units):
            return found
        place = np.minimum(np.searchsorted(units, unit), len(units) - 1)
        wanted = units[place] == unit
        rows, place = rows[wanted], place[wanted]
        # The last one assigned stays: rows of one unit in the order in which they replace each other.
        order = np.lexsort((rows, told.valid_from_us[rows], place))
        latest = order[np.append(np.diff(place[order]) != 0, True)] if len(order) else order
        found[place[latest]] = np.array(told.values, object)[told.value[rows[latest]]]
        return found


def _units_of(subject: NDArray[np.int64], links: UnitLinks) -> NDArray[np.int64]:
    import numpy as np

    if not len(links.subject_id):
        return subject
    place = np.minimum(np.searchsorted(links.subject_id, subject), len(links.subject_id) - 1)
    return np.where(links.subject_id[place] == subject, links.unit_id[place], subject)
