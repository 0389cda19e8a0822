"""Which language a text is written in: by script, by its small words, by phrases, by letters; or not at all.

A text in a language without a phrase file is not read, and not taken for one we read: lingua knows its
neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from holdfast.text.latin import spelling_key
from holdfast.text.letters import likeliest
from holdfast.text.phrases import phrasebook, written_languages

_SCRIPTS = {
    "han": re.compile("[\u3400-\u9fff]+"),
    "arabic": re.compile("[\u0620-\u064a\u0671-\u06d3]+"),
    "cyrillic": re.compile("[\u0400-\u04ff]+"),
    "latin": re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+"),
}
_ANY_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_NEIGHBOURS = {
    "latin": (
        "GERMAN",
        "FRENCH",
        "SPANISH",
        "ITALIAN",
        "PORTUGUESE",
        "DUTCH",
        "POLISH",
        "TURKISH",
        "HUNGARIAN",
    ),
    "arabic": ("ARABIC",),
}
"""Languages of the same script that we cannot read and must not take for one we can."""
_FOREIGN_LETTERS = {
    "cyrillic": re.compile("[іїєґўјљњђћџќѓѕ]", re.IGNORECASE),
    "arabic": re.compile("[ٹڈڑںے]"),
}
_ARABIC_VARIANTS = str.maketrans("يكى", "یکی")
_LOOKED_AT = 1_000
"""Characters that decide the language."""
_WORDS_KNOWN = 20_000
_FEW_WORDS = 8
"""In a longer text without any small word of a language in Latin letters nobody looks for its phrases."""
_SURE = 0.6
_TELLING = 0.6
"""What a word says for a language whose ending or letter it has."""
_NEVER = re.compile("(?!)")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Found:
    """A language with a phrase file, and whether the text writes it in Latin letters."""

    code: str
    latin: bool = False


def find_language(text: str) -> Found | None:
    """The language of ``text``; None when it has no words or is in a language we do not read."""
    text = text[:_LOOKED_AT].translate(_ARABIC_VARIANTS)
    script = _script(text)
    words = [word.lower() for word in _WORD.findall(text)]
    if script is None or not words or len(_FOREIGN_LETTERS.get(script, _NEVER).findall(text)) > 1:
        return None
    scores = _scores(words, script)
    best, rest = _leader(scores)
    if not _small_words(script)[best]:
        return best  # the only language of its script, written without blanks
    if scores[best] - rest >= 2 and scores[best] >= 0.2 * len(words):
        return best
    return _by_lingua(text, script, scores)


def prepare_languages() -> None:
    """Learns ahead what tells the languages apart, which else the first doubtful texts wait for."""
    for script in {str(written["language"]["script"]) for written in written_languages().values()}:
        ours = [found for found in _small_words(script) if not found.latin]
        for word in _small_words(script)[
            ours[0]
        ]:  # one with a letter of its own asks lingua's models nothing
            _is_foreign(word, script, ours, 0.0)
        _by_letters(script, ours, ours[0])


def _leader(scores: dict[Found, float]) -> tuple[Found, float]:
    """The best language, and the score of the next."""
    best = max(scores, key=lambda found: scores[found])
    return best, max((scores[other] for other in scores if other != best), default=0.0)


def as_found(code: str, text: str) -> Found | None:
    """The language somebody told us, when there is a phrase file; told codes may be longer ("zh-CN")."""
    code = code.lower().replace("_", "-").split("-")[0]
    if code not in written_languages():
        return None
    other_script = written_languages()[code]["language"]["script"] != "latin"
    return Found(
        code, latin=other_script and "latin" in written_languages()[code] and _script(text) == "latin"
    )


def _script(text: str) -> str | None:
    """The script of most letters; a Chinese character weighs as much as three Latin letters."""
    if text.isascii():
        return "latin" if _SCRIPTS["latin"].search(text) else None
    counts = {name: _count(letters, text) for name, letters in _SCRIPTS.items()}
    counts["han"] *= 3
    others = _count(_ANY_LETTERS, text) - sum(counts.values()) + counts["han"] * 2 // 3
    script = max(counts, key=lambda name: counts[name])
    if counts[script] == 0 or others > counts[script] or _KANA_OR_HANGUL.search(text):
        return None
    # One foreign brand name among few own words must not decide: "Slack скапан".
    own = {name: count for name, count in counts.items() if name != "latin"}
    other = max(own, key=lambda name: own[name])
    return other if own[other] * 2 >= counts["latin"] and own[other] else script


def _count(letters: re.Pattern[str], text: str) -> int:
    """How many letters of a kind; ``letters`` finds runs of them."""
    return len("".join(letters.findall(text)))


@cache
def _small_words(script: str) -> dict[Found, dict[str, float]]:
    """For each language of a script, its small words, each worth the less the more languages have it."""
    lists: dict[Found, set[str]] = {}
    for code, written in written_languages().items():
        told = written["language"]
        if told["script"] == script:
            lists[Found(code)] = set(told["small_words"].split())
        elif script == "latin" and "latin" in written:
            forms = written["latin"].get("words", {}).values()
            lists[Found(code, latin=True)] = {
                *written["latin"]["small_words"].split(),
                *(spelling_key(form) for listed in forms for form in listed.split()),
            } - {spelling_key(word) for word in written["latin"].get("everywhere", "").split()}
    everywhere = [word for words in lists.values() for word in words]
    return {
        found: {word: 1.0 if everywhere.count(word) == 1 else 0.4 for word in words}
        for found, words in lists.items()
    }


def _scores(words: list[str], script: str) -> dict[Found, float]:
    """What the words of a text speak for each language of its script."""
    speaks = _speaks(script)
    each = [speaks(word) for word in words]
    return dict(zip(_small_words(script), map(sum, zip(*each, strict=True)), strict=True))


@cache
def _speaks(script: str) -> Callable[[str], tuple[float, ...]]:
    """What one word speaks for each language of a script, in the order of :func:`_small_words`."""
    asked = []
    for found, small in _small_words(script).items():
        told = written_languages()[found.code]["latin" if found.latin else "language"]
        ends, own = (
            tuple(told.get("endings", "").split()),
            frozenset(told.get("letters", "").replace(" ", "")),
        )
        asked.append((small, found.latin and "words" in told, ends, own))

    @lru_cache(maxsize=_WORDS_KNOWN)
    def speaks(word: str) -> tuple[float, ...]:
        key = spelling_key(word) if script == "latin" else word
        letters = frozenset(word)
        return tuple(
            max(small.get(word, 0.0), small.get(key, 0.0) if by_key else 0.0)
            + (_TELLING if word.endswith(ends, 2) or not own.isdisjoint(letters) else 0.0)
            for small, by_key, ends, own in asked
        )

    return speaks


def _by_lingua(text: str, script: str, scores: dict[Found, float]) -> Found | None:
    """For texts too short or too mixed for small words: neighbours first, then which of ours.

    In Cyrillic few small words are one language's alone, so letters have more to say than in Latin, where
    Russian, Bulgarian and Persian may stand too.
    """
    ours = [found for found in scores if not found.latin]
    long = len(_WORD.findall(text)) > _FEW_WORDS
    likely = {
        found: score + (0.0 if long and found.latin and not score else 0.7 * _hits(text, found))
        for found, score in scores.items()
    }
    best, second = _leader(likely)
    if _is_foreign(text, script, ours, likely[best]):
        return None
    clear = 0.5 if script == "latin" else 2
    if likely[best] >= 1 and likely[best] - second >= clear:
        return best
    return _by_letters(text, ours, best)


def _is_foreign(text: str, script: str, ours: list[Found], likely: float) -> bool:
    """Whether lingua is sure of a neighbour that we cannot read, and none of our words speaks against it."""
    neighbours = _NEIGHBOURS.get(script)
    ours_speak = likely > 0 and likely >= 0.3 * len(_WORD.findall(text))
    if neighbours is None or ours_speak:  # then lingua, which takes as long as all the rest, has no say
        return False
    codes = tuple(found.code for found in ours)
    said = _detector((*codes, *neighbours)).compute_language_confidence_values(text)
    if not said or _code(said[0].language) in codes:
        return not said and likely == 0
    if likely == 0:
        return True
    return said[0].value > _SURE


def _by_letters(text: str, ours: list[Found], best: Found) -> Found:
    """Which of our own languages of this script the letters speak for."""
    if len(ours) == 1:
        return ours[0]
    return Found(likeliest(text, tuple(found.code for found in ours)) or best.code)


def _hits(text: str, found: Found) -> int:
    book = phrasebook(found.code, latin=found.latin)
    return len({match.start for match in book.matches(book.fold(text).text)})


def _code(language: Language) -> str:
    return str(language.iso_code_639_1.name.lower())


@cache
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    named = [_language(name) for name in languages]
    return LanguageDetectorBuilder.from_languages(*named).with_low_accuracy_mode().build()


@cache
def _language(name: str) -> Language:
    return next(language for language in Language.all() if name in (language.name, _code(language)))
