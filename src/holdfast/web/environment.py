"""How templates are read: strict about what is undefined, escaping everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.urls import reverse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from holdfast.language import Language, language, languages
from holdfast.web.assets import asset_url
from holdfast.web.glossary import TERMS

HERE = Path(__file__).parent


def environment(**options: Any) -> Environment:
    """Jinja's environment for Django: pages by area, parts beside them."""
    options |= {
        "loader": FileSystemLoader([HERE / "pages", HERE / "parts"]),
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)  # noqa: S701  (autoescape is on, three lines above)
    made.globals.update(
        asset=asset_url, url=_url, initials=initials, offered_languages=offered_languages, terms=TERMS
    )
    return made


def offered_languages() -> list[Language]:
    """Every language there is, each under its own name."""
    return [language(code) for code in languages()]


def initials(name: str) -> str:
    """One or two letters for a face without a picture: "Niamh Kelly" is NK, "陈美玲" is 陈."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "·"
    first = words[0][0].upper()
    if len(words) == 1 or not _has_case(first):
        return first
    return first + words[-1][0].upper()


def _has_case(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args, kwargs=kwargs)
