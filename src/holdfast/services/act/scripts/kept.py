"""The register of scripts: the ready ones in every language, those of a workspace, and what was changed.

A ready script is a file in ``ready/`` beside this one. Changing one keeps a copy under its key, which stands
in its place until it is taken back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from holdfast.domain import merge_fields
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act import work_typed
from holdfast.settings import Settings

FOLDER = Path(__file__).parent / "ready"
MOST = 200
"""Scripts that a workspace has."""

LONGEST_KEY = 40
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class Said:
    """A script in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """A script with its words by language.

    ``number`` is the version that was kept here, 0 for a ready one as it came; ``is_ready`` says that there
    is a ready one of this key.
    """

    key: str
    words: dict[str, Said]
    number: int
    is_ready: bool
    changed_us: int | None = None
    changed_by: str = ""

    def said(self, languages: Sequence[str]) -> tuple[str, Said]:
        """The first of these languages that it is written in, else English, else any; and its words."""
        wanted = next((each for each in (*languages, "en") if each in self.words), next(iter(self.words)))
        return wanted, self.words[wanted]


def every(settings: Settings) -> list[Script]:
    """All scripts: the ready ones, changed or not, before those of the workspace alone."""
    from holdfast.store import scripts

    ready, kept = _ready(), {each.key: each for each in scripts.listed(settings)}
    found = []
    for key in (*ready, *(each for each in kept if each not in ready)):
        own = kept.get(key)
        if own is None:
            found.append(ready[key])
            continue
        words = {code: Said(said["title"], said["text"]) for code, said in own.content.items()}
        found.append(Script(key, words, own.number, key in ready, own.changed_us, own.changed_by))
    return found


def one(settings: Settings, key: str) -> Script:
    """One script. Refuses what there is not ("no_such_script")."""
    found = every(settings)
    for each in found:
        if each.key == key:
            return each
    raise Refusal(
        "no_such_script",
        found=Text("There is no script {key}.", key=key[:LONGEST_KEY]),
        expected=Text("One of: {names}.", names=", ".join(each.key for each in found)),
        remedy=Text("Choose one of them; nothing was changed."),
    )


def keys(settings: Settings) -> frozenset[str]:
    """The keys of all scripts there are."""
    return frozenset(each.key for each in every(settings))


def keep(
    settings: Settings, key: str, language: str, written: Said, number: int, *, by: str, now_us: int
) -> None:
    """Give a script other words in a language, or words in another one.

    ``number`` is the version that was changed: refused ("moved_on") where somebody else was quicker. Refuses
    a title, text, field or language that is none ("bad_title", "bad_text", "bad_template", "bad_language").
    """
    script = one(settings, key)
    checked = _checked(language, written)
    words = {**script.words, language: checked}
    _keep(settings, key, words, script.number if number < 0 else number, by, now_us)


def make(settings: Settings, language: str, written: Said, *, by: str, now_us: int) -> str:
    """Write a script of one's own; its key. Refuses as :func:`keep`, and one too many ("too_many")."""
    checked = _checked(language, written)
    there = keys(settings)
    if len(there) >= MOST:
        raise Refusal(
            "too_many",
            found=Text("There are {n} scripts.", n=len(there)),
            expected=Text("At most {most}.", most=MOST),
            remedy=Text("Take one away that nobody uses; nothing was changed."),
        )
    base = re.sub(r"[^a-z0-9]+", "_", checked.title.lower()).strip("_")[: LONGEST_KEY - 4] or "script"
    key = next(each for each in (base, *(f"{base}_{n}" for n in range(2, MOST + 2))) if each not in there)
    _keep(settings, key, {language: checked}, 0, by, now_us)
    return key


def take_back(settings: Settings, key: str) -> bool:
    """Forget what was written here: a ready script is again as it came, another is gone; whether it was."""
    from holdfast.store import scripts

    return scripts.remove(settings, key)


def values_of(settings: Settings, unit_id: int) -> dict[str, object]:
    """The values of a customer's fields."""
    from holdfast.services.act.messages import values

    return values.values_of(settings, unit_id)


def filled(settings: Settings, text: str, known: Mapping[str, object], my_name: str) -> str:
    """A script with these values; what is not known stands as the name of its field in brackets."""
    values: dict[str, object] = {"company_name": settings.name, **known, "my_name": my_name}
    parts = merge_fields.compiled(text)
    gaps = {name: f"[{name.replace('_', ' ')}]" for name in merge_fields.missing(parts, values)}
    return merge_fields.written(parts, {**values, **gaps})


def _keep(settings: Settings, key: str, words: dict[str, Said], number: int, by: str, now_us: int) -> None:
    from holdfast.store import scripts

    content = {code: {"title": said.title, "text": said.text} for code, said in words.items()}
    if not scripts.keep(settings, key, content, number, by=by, now_us=now_us):
        raise Refusal(
            "moved_on",
            found=Text("Somebody else changed the script meanwhile."),
            expected=Text("A script that is as it was when you opened it."),
            remedy=Text("Open it again and write your words into what is there now; nothing was changed."),
        )


def _checked(language: str, written: Said) -> Said:
    if not _LANGUAGE.fullmatch(language):
        raise Refusal(
            "bad_language",
            found=Text("{found} is no language.", found=language[:20] or '""'),
            expected=Text("A language as in {example}.", example="en, fa, zh"),
            remedy=Text("Choose a language; nothing was changed."),
        )
    text = work_typed.said(written.text)
    merge_fields.compiled(text)
    return Said(work_typed.title(written.title), text)


@cache
def _ready() -> dict[str, Script]:
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def _read(path: Path) -> Script:
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["key"] != path.stem:
        raise ValueError(f"{path.name}: a ready script is called as its file, not {content['key']!r}")
    words = {code: Said(title, content["text"][code]) for code, title in content["title"].items()}
    return Script(path.stem, words, 0, is_ready=True)
