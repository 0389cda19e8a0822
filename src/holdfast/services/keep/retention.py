"""Keep only what is needed: events older than the company decided go, with what was written with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from holdfast.domain.events import EVENT_NAMES, EventFile
from holdfast.domain.retention import GROUP, SENT, Rule, limits, words_before
from holdfast.domain.texts import Text
from holdfast.engines.embedded import EmbeddedEngine, literal
from holdfast.engines.erasing import counted, cut_where, keys_written
from holdfast.engines.tables import ParquetFiles
from holdfast.lake.disk import sync_file, sync_folder
from holdfast.services.full_disk import refused_when_full
from holdfast.services.keep.cut import cut_events
from holdfast.services.progress import Progress, Silent
from holdfast.services.turn import own_turn
from holdfast.services.visible import visible
from holdfast.settings import Settings


@dataclass(slots=True)
class Expired:
    """What went, or with a dry run would go: events by rule, all of them, texts, files written anew, and
    messages of ours that lost their words.
    """

    by_rule: dict[str, int] = field(default_factory=dict)
    events: int = 0
    texts: int = 0
    files: int = 0
    messages: int = 0
    done: bool = False

    def as_json(self) -> dict[str, Any]:
        """The keys that ``holdfast retention --json`` documents."""
        return {
            "by_rule": self.by_rule,
            "events": self.events,
            "texts": self.texts,
            "files": self.files,
            "messages": self.messages,
            "done": self.done,
        }


def preview(settings: Settings, rules: Sequence[Rule], *, now_us: int) -> Expired:
    """How many events and messages would go by these rules now, rule by rule; nothing is changed."""
    from holdfast.store import retention

    conditions = {rule.what: _condition([rule], now_us, rules) for rule in rules if not rule.of_messages}
    found = Expired()
    if conditions:
        seen = visible(settings)
        with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=400) as engine:
            found.by_rule = counted(engine, {"events": seen.table()}, conditions)
        found.events = sum(found.by_rule.values())
    if (before_us := words_before(rules, now_us)) is not None:
        found.messages = found.by_rule[GROUP + SENT] = retention.count_said(settings, before_us)
    return found


def expire(settings: Settings, *, now_us: int, progress: Progress | None = None) -> Expired:
    """Delete what the rules say: events in the event log and the ingest log, their texts and messages; of
    messages of ours the words.

    Texts go first, so that a process that is killed leaves none behind whose event is gone. Only files
    that hold such events are written anew; the old ones stay on disk for a day, for readers. Published
    figures of closed periods stay as they are. Takes the writers' turn: refuses with "busy" after a while.
    """
    from holdfast.store import retention

    told = progress or Silent()
    rules = [each.rule for each in retention.rules(settings)]
    if not rules:
        return Expired(done=True)
    found = preview(settings, rules, now_us=now_us)
    found.done = True
    told.step(Text("Deleting old events"), 0, None)
    of_events = [each for each in rules if not each.of_messages]
    with refused_when_full(settings):
        if (before_us := words_before(rules, now_us)) is not None:
            found.messages = retention.empty_said(settings, before_us)
        if of_events:
            with own_turn(settings, progress=told):
                _expire(settings, of_events, now_us, found)
    if found.events or found.texts:
        retention.note_run(settings, found.as_json(), now_us)
    return found


def _expire(settings: Settings, rules: Sequence[Rule], now_us: int, found: Expired) -> None:
    from holdfast.store import retention

    condition = _condition(rules, now_us, rules)
    waiting = retention.log_rows(settings, condition)
    found.texts += retention.delete_texts(settings, _in_lists(key for _, key in waiting))
    from_log = retention.delete_log_rows(settings, [seq for seq, _ in waiting])

    def texts_first(paths: list[str]) -> None:
        found.texts += _delete_texts(settings, paths, condition)

    last = _latest(rules, now_us)
    done = cut_events(settings, condition, near=lambda file: _may_hold(file, last), first=texts_first)
    found.events, found.files = from_log + done.events, done.files
    _cut_skipped(settings, condition)
    retention.forget_empty_conversations(settings)


def _may_hold(file: EventFile, last_us: int) -> bool:
    return file.first_at_us < last_us


def _latest(rules: Sequence[Rule], now_us: int) -> int:
    by_name, others = limits(rules, now_us)
    return max([*by_name.values(), *([] if others is None else [others])])


def _condition(chosen: Sequence[Rule], now_us: int, rules: Sequence[Rule]) -> str:
    """SQL over the event log's columns: what goes by ``chosen``, where no closer one of ``rules`` speaks."""
    by_name, others = limits(chosen, now_us)
    everything, _ = limits(rules, now_us)
    closer = {rule.what for rule in rules if rule.what not in {each.what for each in chosen}}
    names = {name: before for name, before in by_name.items() if name not in closer}
    parts = [
        f"(name IN ({', '.join(map(literal, sorted(those)))}) AND at_us < {before})"
        for before, those in _by_moment(names).items()
    ]
    if others is not None:
        known = sorted({*EVENT_NAMES, *everything})
        parts.append(f"(name NOT IN ({', '.join(map(literal, known))}) AND at_us < {others})")
    return f"({' OR '.join(parts)})" if parts else "(1 = 0)"


def _by_moment(names: Mapping[str, int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name, before in names.items():
        found.setdefault(before, []).append(name)
    return found


def _delete_texts(settings: Settings, paths: Sequence[str], condition: str) -> int:
    """Delete what was written with events that go, by the keys of these."""
    from holdfast.store import retention

    spill = settings.folder / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=spill, prefix="keys-") as folder,
        EmbeddedEngine(temp=Path(folder), memory_mb=200) as engine,
    ):
        to = Path(folder) / "keys.parquet"
        if not keys_written(engine, paths, condition, to):
            return 0
        keys = engine.stream(
            "SELECT event_key FROM keys", {"keys": ParquetFiles((str(to),))}, size=_KEYS_AT_ONCE
        )
        return retention.delete_texts(settings, ([bytes(key) for (key,) in some] for some in keys))


_KEYS_AT_ONCE = 2_000


def _in_lists(keys: Iterable[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    for key in keys:
        some.append(key)
        if len(some) == _KEYS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _cut_skipped(settings: Settings, condition: str) -> None:
    """Take old events out of what imports skipped: undoing one would bring them back."""
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=200) as engine:
        for path in sorted(settings.imports.glob("*/duplicates.parquet")):
            beside = path.with_name(f".{path.name}.cut")
            if cut_where(engine, path, beside, condition):
                sync_file(beside)
                beside.replace(path)
                sync_folder(path.parent)
