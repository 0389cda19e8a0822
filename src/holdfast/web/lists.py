"""What every list page has: filters as menus of links, heads that sort, an address for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a filter's menu; ``theirs`` says that the word is the company's, not ours."""

    words: str
    url: str
    chosen: bool
    count: str = ""
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: what stands on it, its entries, and where it is taken off again."""

    name: str
    words: str
    chosen: bool
    theirs: bool
    choices: tuple[Choice, ...]
    clear_url: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; ``sort`` is "ascending", "descending" or ""."""

    words: str
    url: str
    sort: str
    number: bool


def facet(
    name: str,
    values: Iterable[str],
    chosen: str | None,
    *,
    say: Callable[[str], str],
    address: Callable[[str | None], str],
    counts: Mapping[str, str] | None = None,
    theirs: Callable[[str], bool] = lambda _: False,
) -> Filter:
    """A filter over ``values``; ``chosen`` is ``None`` where it is open.

    ``say`` writes a value in the reader's words, ``address`` leads to the list narrowed to it (``None``:
    to the open one), ``counts`` says how many a value would leave, ``theirs`` whether it is the
    company's own word.
    """
    return Filter(
        name=name,
        words=name if chosen is None else say(chosen),
        chosen=chosen is not None,
        theirs=chosen is not None and theirs(chosen),
        choices=tuple(
            Choice(say(value), address(value), value == chosen, (counts or {}).get(value, ""), theirs(value))
            for value in values
        ),
        clear_url=address(None),
    )
