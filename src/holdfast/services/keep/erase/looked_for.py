"""What our people looked for: views of lists that they saved under the name of who is erased."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from holdfast.services.keep.erase.files import naming
from holdfast.services.keep.erase.search import Words
from holdfast.services.keep.erase.wanted import Wanted
from holdfast.settings import Settings


def views_to_delete(settings: Settings, subjects: Sequence[int], wanted: Wanted) -> list[int]:
    """Numbers of saved views that look for the erased, or are called after them.

    A view goes as a whole: a list of nobody, under the name of somebody, is of no use. So does one of
    their whole name that others have as well: who saved it looks for those again.
    """
    from holdfast.store import saved_views, traces

    written = saved_views.written(settings)
    every = {each for said in written.values() for each in said}
    theirs = traces.looked_up(settings, subjects, every)
    names = naming(wanted)
    return [number for number, said in written.items() if any(each in theirs or names(each) for each in said)]


def views_naming(settings: Settings, words: Collection[str]) -> int:
    """How many saved views hold one of ``words`` (in lower case): an address writes them in its own way."""
    from holdfast.store import saved_views

    looking = Words(words)
    return sum(
        any(looking.in_bytes(each.encode()) for each in said)
        for said in saved_views.written(settings).values()
    )
