"""Blocks put in, moved, changed and taken out, each by its place: ``3``, or ``3.0.1`` for the second block in
the first column of the fourth block.

A place that is not there leaves everything as it was: whoever edits beside somebody else is told so before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from holdfast.domain.blocks import Block

Blocks = tuple[Block, ...]
Place = tuple[int, ...]


def place_of(written: str) -> Place | None:
    """The place that ``3`` or ``3.0.1`` names; ``None`` where it names none."""
    steps = written.split(".")
    if len(steps) not in (1, 3) or not all(
        each.isascii() and each.isdigit() and len(each) < 4 for each in steps
    ):
        return None
    return tuple(int(each) for each in steps)


def written_place(place: Place) -> str:
    """A place as it stands in addresses."""
    return ".".join(map(str, place))


def block_at(blocks: Blocks, place: Place) -> Block | None:
    """The block that stands there."""
    within = _list_of(blocks, place)
    return within[place[-1]] if within is not None and place[-1] < len(within) else None


def added(blocks: Blocks, place: Place, block: Block) -> Blocks:
    """``block`` put before what stands there now; behind the last one where nothing does."""

    def add(within: Blocks) -> Blocks:
        at = min(place[-1], len(within))
        return (*within[:at], block, *within[at:])

    return _within(blocks, place, add)


def changed(blocks: Blocks, place: Place, block: Block) -> Blocks:
    """``block`` in the place of what stands there."""
    return _within(
        blocks,
        place,
        lambda within: tuple(block if at == place[-1] else each for at, each in enumerate(within)),
    )


def removed(blocks: Blocks, place: Place) -> Blocks:
    """Without the block that stands there."""
    return _within(
        blocks, place, lambda within: tuple(each for at, each in enumerate(within) if at != place[-1])
    )


def moved(blocks: Blocks, place: Place, by: int) -> tuple[Blocks, Place]:
    """The block that stands there moved up (-1) or down (+1) among its neighbours, and its new place."""
    block, within = block_at(blocks, place), _list_of(blocks, place)
    if block is None or within is None:
        return blocks, place
    to = min(max(place[-1] + by, 0), len(within) - 1)
    new_place = (*place[:-1], to)
    return added(removed(blocks, place), new_place, block), new_place


def _list_of(blocks: Blocks, place: Place) -> Blocks | None:
    if len(place) == 1:
        return blocks
    holder = blocks[place[0]] if place[0] < len(blocks) else None
    return holder.columns[place[1]] if holder is not None and place[1] < len(holder.columns) else None


def _within(blocks: Blocks, place: Place, change: Callable[[Blocks], Blocks]) -> Blocks:
    """``change`` done to the list in which the place lies."""
    if len(place) == 1:
        return change(blocks)
    if _list_of(blocks, place) is None:
        return blocks
    holder = blocks[place[0]]
    columns = tuple(change(each) if at == place[1] else each for at, each in enumerate(holder.columns))
    return tuple(
        replace(holder, columns=columns) if at == place[0] else each for at, each in enumerate(blocks)
    )
