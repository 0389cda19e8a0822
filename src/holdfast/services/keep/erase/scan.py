"""Look through everything that a workspace consists of, unpacking what is packed: is anything left?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from holdfast.domain.search import tokens
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.erasing import matching, mentions, whole_rows_holding
from holdfast.services.keep.erase.files import everything_beside
from holdfast.services.keep.erase.looked_for import views_naming
from holdfast.services.keep.erase.search import Looked, Words
from holdfast.settings import Settings

_PASSED_OVER = frozenset({"secret", ".writing", ".migrating"})
_SURELY_ON_ONE_PAGE = 400
"""SQLite splits a row over pages only where it is longer."""


@dataclass(slots=True)
class Scanned:
    """What a scan saw.

    ``rows`` counts rows about the erased by table, ``files`` what lies in files by their names: nothing
    may be left of these, nor of ``words``, those that a full-text index still holds. ``mentions`` counts
    rows of others in which a word of the erased stands, by table, "lake" or "documents": what other
    people wrote. ``bytes`` says that a word stands in the file of the database, ``loose`` that no row of
    it says so: it lies in a page that is not used.
    """

    looked: Looked = field(default_factory=Looked)
    parquet: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    mentions: dict[str, int] = field(default_factory=dict)
    bytes: bool = False
    loose: bool = False
    words: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing of the erased was found (what others wrote about them is not theirs)."""
        return not self.rows and not self.files and not self.words and not self.loose


def scan(settings: Settings, subjects: Sequence[int], words: Sequence[str]) -> Scanned:
    """Look for rows about ``subjects`` and for ``words`` (in lower case) in the whole workspace.

    Every table is asked, the file of a SQLite database is read byte by byte, every Parquet file is
    decoded, whether the event log names it or not, and gzip, ZIP and office documents are unpacked.
    """
    found = Scanned()
    _database(settings, subjects, words, found)
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=400) as engine:
        _event_log(settings, engine, subjects, words, found)
        _files(settings, engine, subjects, Words(words), words, found)
    return found


def _database(settings: Settings, subjects: Sequence[int], words: Sequence[str], found: Scanned) -> None:
    from holdfast import store
    from holdfast.store import cleaning, personal

    store.connect(settings)
    for table, holding in personal.holdings().items():
        if count := personal.count(table, holding, subjects):
            found.rows[table] = count
    looking = Words(words)
    for path in sorted(settings.folder.glob("holdfast.db*")):
        found.bytes |= looking.in_file(path, found.looked)
    # What the bytes of the file do not show is at most a word that two pages share.
    longer = 0 if found.bytes or settings.database_url else _SURELY_ON_ONE_PAGE
    found.mentions |= cleaning.mentions(settings, words, longer_than=longer)
    found.loose = found.bytes and not found.mentions
    if views := views_naming(settings, words):
        found.mentions["saved_view"] = views
    found.words = cleaning.leftover_words(settings, sorted({t for word in words for t in tokens(word)}))


def _event_log(
    settings: Settings,
    engine: EmbeddedEngine,
    subjects: Sequence[int],
    words: Sequence[str],
    found: Scanned,
) -> None:
    """Every Parquet file that lies in the lake: those of now, and those that only old readers have open."""
    paths = sorted(str(path) for path in settings.lake.glob("bucket=*/*.parquet"))
    found.parquet += len(paths)
    theirs, named = matching(engine, paths, words, subjects)
    for name, count in theirs.items():
        found.files[_shown(settings, Path(name))] = count
    if named:
        found.mentions["lake"] = named
    looking = Words(words)
    for path in sorted((settings.lake / "_delta_log").glob("*")):
        packed = path.suffix == ".parquet"
        held = whole_rows_holding(engine, path, words) if packed else looking.in_file(path, found.looked)
        if held:
            found.files[_shown(settings, path)] = int(held)


def _files(
    settings: Settings,
    engine: EmbeddedEngine,
    subjects: Sequence[int],
    looking: Words,
    words: Sequence[str],
    found: Scanned,
) -> None:
    for path in everything_beside(settings):
        if path.name in _PASSED_OVER or path.name.startswith("holdfast.db") or not path.is_file():
            continue
        if path.suffix == ".parquet":
            found.parquet += 1
            if count := mentions(engine, path, words, subjects):
                found.files[_shown(settings, path)] = count
        elif looking.in_file(path, found.looked):
            if path.is_relative_to(settings.folder / "documents"):
                found.mentions["documents"] = found.mentions.get("documents", 0) + 1
            else:
                found.files[_shown(settings, path)] = 1


def _shown(settings: Settings, path: Path) -> str:
    return str(path.relative_to(settings.folder))
