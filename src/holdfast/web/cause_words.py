"""Causes of leaving in the reader's words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store import own_words

CauseName = Callable[[str], str]


def cause_names(settings: Settings, reader: Reader) -> CauseName:
    """What says the name of a cause as the workspace calls it; "not known" for none.

    The workspace's words are read when the first name is asked for: a page that names none reads none.
    """
    known = cache(lambda: own_words.causes(settings))

    def name(cause: str) -> str:
        if not cause:
            return reader.gettext("not known")
        # What nobody knows any more stays as it is.
        return known()[cause].name(reader.code) if cause in known() else cause.replace("_", " ")

    return name
