"""Corrections: what a person says of a text stays, changes its facts, and teaches the reader."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from holdfast.analytics.intervals import wilson
from holdfast.domain.readings import INTENTS, NEGATIVE, NEUTRAL, POSITIVE
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.understand.reader import learnt_of
from holdfast.text.learnt import FEWEST, Corrected, Learnt, learn

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.readings import Reading
    from holdfast.text.learnt import NotBetter

MOODS = (NEGATIVE, NEUTRAL, POSITIVE)

LEARN_EVERY = 1.2
"""A language is learnt anew when its corrections have grown by a fifth."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a person says that a text means."""

    sentiment: str
    causes: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rightness:
    """How often the reader was right of ``texts`` that a person looked at: share with its interval of 95 %.

    Only those count of which all with a smaller number by lot were looked at too: others were chosen because
    they are doubtful. ``None`` where there are none.
    """

    texts: int
    causes: tuple[float, float, float] | None
    sentiment: tuple[float, float, float] | None


def correct(settings: Settings, number: int, meant: Meant, *, by: str, now_us: int) -> None:
    """Keep what a person says of a text; a look that changes nothing says that the reading was right.

    Refuses a text that is not there ("no_such_text") and words that are not known ("bad_meaning").
    """
    from holdfast.store import own_words, to_review

    known = own_words.causes(settings)
    unknown = [each for each in meant.causes if each not in known]
    unknown += [each for each in meant.wants if each not in INTENTS]
    if meant.sentiment not in MOODS:
        unknown.append(meant.sentiment)
    if unknown:
        raise _bad_meaning(unknown[0])
    causes = [each for each in known if each in meant.causes]
    wants = [each for each in INTENTS if each in meant.wants]
    if not to_review.correct(
        settings, number, sentiment=meant.sentiment, causes=causes, wants=wants, by=by, now_us=now_us
    ):
        raise no_such_text(number)


def as_read(found: Reading) -> Meant:
    """What a reading says now."""
    return Meant(found.sentiment, found.causes, found.wants)


def rightness(settings: Settings) -> Rightness:
    """How often the reader was right, of the texts that came by lot."""
    from holdfast.store import to_review

    reached = to_review.lot_reached(settings)
    drawn = [each for each in to_review.corrections(settings) if each.drawn < reached]
    if not drawn:
        return Rightness(0, None, None)
    causes = sum(set(each.causes) == set(each.read_causes) for each in drawn)
    moods = sum(each.sentiment == each.read_sentiment for each in drawn)
    return Rightness(len(drawn), _share(causes, len(drawn)), _share(moods, len(drawn)))


def learn_from_corrections(settings: Settings, *, now_us: int) -> list[str]:
    """Learn anew in each language whose corrections have grown enough; the languages that were learnt.

    What was learnt is used only where it is clearly better than the phrases on corrections that were held
    back. Otherwise that is kept with its figures, and what was in use stays so.
    """
    from holdfast.store import text_layers, to_review

    tried: dict[str, int] = {}
    for each in text_layers.listed(settings):
        if each.enabled and learnt_of(each) is None:
            continue
        tried[each.language] = max(tried.get(each.language, 0), each.corrections)
    done = []
    for language, count in to_review.corrected_by_language(settings).items():
        if count < max(FEWEST, LEARN_EVERY * tried.get(language, 0)):
            continue
        told = to_review.corrections(settings, language)
        learnt = learn(language, [Corrected(c.text, c.causes, c.sentiment, c.leaving) for c in told])
        written = b64encode(learnt.to_bytes()).decode() if isinstance(learnt, Learnt) else ""
        text_layers.keep(
            settings,
            language,
            corrections=len(told),
            figures=_figures(learnt),
            layer=written,
            now_us=now_us,
        )
        done.append(language)
    return done


def go_back(settings: Settings, number: int, *, by: str, now_us: int) -> None:
    """Use a former layer again. Refuses one that is not there or holds nothing ("no_such_layer")."""
    from holdfast.store import text_layers

    if not text_layers.use(settings, number, by=by, now_us=now_us):
        raise Refusal(
            "no_such_layer",
            found=Text("There is nothing of the number {id} that could be used.", id=str(number)),
            expected=Text("One that was better than the phrases when it was learnt."),
            remedy=Text("Look at the list of what was learnt."),
        )


def read_by_phrases(settings: Settings, language: str, *, by: str, now_us: int) -> bool:
    """Read a language by the phrases alone; whether anything else was in use."""
    from holdfast.store import text_layers

    return text_layers.switch_off(settings, language, by=by, now_us=now_us)


def _figures(learnt: Learnt | NotBetter) -> dict[str, Any]:
    return {part.name: {**asdict(part), "on": part.on} for part in learnt.parts}


def _share(count: int, of: int) -> tuple[float, float, float]:
    return (count / of, *wilson(count, of))


def no_such_text(number: int) -> Refusal:
    """There is no reading of this number."""
    return Refusal(
        "no_such_text",
        found=Text("There is no text of the number {id}.", id=str(number)),
        expected=Text("A text that was read and is still there."),
        remedy=Text("Look for it in the list of texts."),
    )


def _bad_meaning(word: str) -> Refusal:
    return Refusal(
        "bad_meaning",
        found=Text('"{word}" is no cause, no wish and no mood.', word=word[:60]),
        expected=Text("Ids of causes, of wishes, and negative, neutral or positive."),
        remedy=Text("Take one of those that the list of causes shows."),
    )
