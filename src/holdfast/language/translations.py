"""Finds a sentence in the reader's language; English where there is none, and counts that.

Catalogues are read when first asked for and stay in memory. English is the message id itself and
costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from gettext import c2py

from holdfast.language.languages import CATALOGUES, ENGLISH, PSEUDO, language
from holdfast.language.po import Key, has_words, read_po

Count = int | float | Decimal

_CLDR_ORDER = ("zero", "one", "two", "few", "many", "other")

fallbacks: Counter[tuple[str, Key]] = Counter()
"""How often each message was asked for in a language that lacks it: (code, message id)."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language, and the rule that chooses a plural form for a whole number."""

    messages: dict[Key, tuple[str, ...]]
    plural_form: Callable[[int], int]
    plural_forms: int


@cache
def catalogue(code: str) -> Catalogue:
    """The catalogue of ``code``, read once. Raises ``LookupError`` for an unknown language."""
    language(code)
    header, messages = read_po(CATALOGUES / f"{code}.po")
    forms, rule = plural_header(header["Plural-Forms"])
    return Catalogue(messages, c2py(rule), forms)


def plural_header(header: str) -> tuple[int, str]:
    """Number of forms and rule of a ``Plural-Forms`` header."""
    fields = dict(part.strip().split("=", 1) for part in header.split(";") if part.strip())
    return int(fields["nplurals"]), fields["plural"]


def gettext(message: str, code: str) -> str:
    """``message`` in the language ``code``."""
    return _found(message, message, code)


def pgettext(context: str, message: str, code: str) -> str:
    """``message`` as it is said in ``context`` ("verb", "table heading")."""
    return _found((context, message), message, code)


def ngettext(singular: str, plural: str, n: Count, code: str) -> str:
    """The form for ``n`` of them; fractions have their own form in some languages."""
    if code == PSEUDO:
        return _pseudo(singular if n == 1 else plural)
    if code != ENGLISH:
        known = catalogue(code)
        forms = known.messages.get(singular)
        if forms is not None:
            return forms[min(_form(n, known, code), len(forms) - 1)]
        _count_fallback(code, singular)
    return singular if n == 1 else plural


def _found(key: Key, message: str, code: str) -> str:
    if code == ENGLISH:
        return message
    if code == PSEUDO:
        return _pseudo(message)
    forms = catalogue(code).messages.get(key)
    if forms is None:
        _count_fallback(code, key)
        return message
    return forms[0]


def _count_fallback(code: str, key: Key) -> None:
    if has_words(key if isinstance(key, str) else key[1]):
        fallbacks[code, key] += 1


def _form(n: Count, known: Catalogue, code: str) -> int:
    if n == int(n):
        return int(known.plural_form(abs(int(n))))
    return _form_of_a_fraction(n, known, code)


def _form_of_a_fraction(n: Count, known: Catalogue, code: str) -> int:
    """The place among the catalogue's forms of the one that CLDR gives for ``n``, say 2.5.

    gettext's rules know whole numbers only. A catalogue with fewer forms than CLDR has (Russian
    with three) is answered with the form of 2, which is what its fractions sound like.
    """
    from babel import Locale

    rule = Locale.parse(language(code).locale).plural_form
    tags = [tag for tag in _CLDR_ORDER if tag in rule.tags or tag == "other"]
    if len(tags) != known.plural_forms:
        return int(known.plural_form(2))
    return tags.index(rule(n))


def _pseudo(message: str) -> str:
    from holdfast.language.pseudo import marked

    return marked(message)
