"""The rules of a workspace in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.analytics.segment_words import Names, rule_words
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.segments.offered import feature_titles
from holdfast.store import segments

if TYPE_CHECKING:
    from holdfast.domain.texts import Text
    from holdfast.settings import Settings


def names_of(settings: Settings) -> Names:
    """What features and segments are called here, and the currency."""
    titles = {each.key: each.title for each in segments.listed(settings)}
    return Names(feature_titles(settings), titles, settings.currency)


def said(settings: Settings, rule: object) -> Text:
    """A rule, as JSON holds it, in words."""
    return rule_words(parse(rule), names_of(settings))
