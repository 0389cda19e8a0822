"""The demo company: simulated, imported like anybody's files, and living on by its own clock."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.imports import ColumnMap, Guess
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.import_file import Choose, import_file
from holdfast.services.collect.report import ImportReport
from holdfast.services.progress import Progress
from holdfast.settings import LostSettings, Settings, write_settings

if TYPE_CHECKING:
    from holdfast.simulate.touches import Touch
    from holdfast.simulate.world import World

NAME = "Cornflower Coffee"
MARGIN = 0.38
"""What is left of revenue after goods, parcels and the people who roast and answer."""


_OF_THE_COMPANY = ("name", "currency", "timezone", "calendar", "unit", "country", "margin", "lost", "clock")
"""Settings by which a twin is measured like the company."""

_SAY_NOTHING = frozenset(
    {"tickets.csv", "messages.csv", "surveys.csv", "habits.csv", "series.csv", "costs.csv"}
)
"""Files that say nothing about who leaves and who buys."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What a play truly did to the customers it treated, as measured by the company's own rules.

    Of ``customers`` who were followed ``left`` left, and without the play ``would_have_left``; the ``margin``
    of a customer was higher by so much (minor units) than it would have been.
    """

    customers: int
    left: int
    would_have_left: int
    margin: float

    @property
    def difference(self) -> float:
        """Share that left minus share that would have left. Below 0: customers stayed."""
        return (self.left - self.would_have_left) / self.customers


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo company as it stands: its settings with the new clock, seed, people, days lived in all,
    the last of them, and the imports that this call made.
    """

    settings: Settings
    seed: int
    customers: int
    days: int
    last_day: date
    imports: tuple[ImportReport, ...]


def build_demo(
    settings: Settings,
    *,
    customers: int,
    days: int,
    seed: int,
    progress: Progress,
    as_of: date | None = None,
) -> Demo:
    """Fill the workspace with a company of ``customers`` people and ``days`` days, up to ``as_of``.

    Without ``as_of`` the company begins on 1 November 2024, so that everybody sees the same. The
    workspace takes the company's name, money, time zone and clock. The truth is kept in its folder
    ``demo`` and never imported. An interrupted call can be repeated: the same rows are imported
    once. Refuses a workspace that holds a demo company, or anything else, already.
    """
    from holdfast.simulate.scenario import START, usual_scenario
    from holdfast.simulate.world import World

    start = START if as_of is None else as_of - timedelta(days=days)
    world = World(usual_scenario(seed=seed, customers=customers, start=start, days=days))
    asked = f"seed {seed}, {customers} people, {days} days from {start}\n"
    _check_empty(settings, asked)
    company = replace(
        settings,
        name=NAME,
        currency="EUR",
        timezone=world.scenario.timezone,
        calendar="gregorian",
        unit="person",
        country="IE",
        margin=MARGIN,
        lost=LostSettings(rule="mixed"),
        clock=world.scenario.date_of(days),
    )
    _home(settings).mkdir(parents=True, exist_ok=True)
    _begun(settings).write_text(asked, encoding="utf-8")
    write_settings(company)
    return _live(company, world, days, progress)


def advance_demo(settings: Settings, days: int, progress: Progress) -> Demo:
    """Let the demo company live ``days`` more days, import what happened, and move its clock.

    May be repeated after an interruption: the company is saved when its files are in, and rows that
    are there already are not taken twice. Refuses a workspace without a demo company.
    """
    from holdfast.simulate.world import World

    if not has_demo(settings):
        raise _no_demo()
    if days < 1:
        raise Refusal(
            "no_days",
            found=Text("{days} days are not a stretch of time.", days=days),
            expected=Text("A number of days from 1, like 30d."),
            remedy=Text("Run `holdfast demo --advance 30d`."),
        )
    world = World.load(_saved(settings))
    company = replace(settings, clock=world.scenario.date_of(world.day + days))
    return _live(company, world, days, progress)


def planted(settings: Settings, play: str) -> Planted | None:
    """The truth about a play, which only a demo company knows; ``None`` where nobody knows it (yet)."""
    if not has_demo(settings) or not _truth(settings).is_file():
        return None
    known = json.loads(_truth(settings).read_text(encoding="utf-8")).get("plays", [])
    seen = next((each.get("seen") for each in known if each["play"] == play), None)
    return Planted(**seen) if seen and seen["customers"] else None


def seed_of(settings: Settings) -> int:
    """The seed of the company. Refuses a workspace without one ("no_demo")."""
    if not has_demo(settings):
        raise _no_demo()
    return int(json.loads(_truth(settings).read_text(encoding="utf-8"))["seed"])


def has_demo(settings: Settings) -> bool:
    """Whether the workspace holds a finished demo company."""
    return _saved(settings).is_file()


class Company:
    """The demo company while it lives on day by day, and its twin that nobody ever approached.

    No draw depends on anybody else, so what differs between the two is what being approached did.
    """

    def __init__(self, settings: Settings) -> None:
        from holdfast.simulate.world import World

        self._check(settings)
        self.world = World.load(_saved(settings))
        untouched = _untouched(settings)
        self.twin = World.load(untouched if untouched.is_file() else _saved(settings))
        while self.twin.day < self.world.day:  # days without touches, lived through without the twin
            self.twin.step()
        self._early: list[Touch] = []
        self._maps: dict[tuple[str, str], ColumnMap] = {}
        self._written: Mapping[str, int] = {}

    @staticmethod
    def _check(settings: Settings) -> None:
        if not has_demo(settings):
            raise _no_demo()

    def present(self, settings: Settings) -> Settings:
        """The settings with the clock on the morning after the last day."""
        company = replace(settings, clock=self.world.scenario.date_of(self.world.day))
        write_settings(company)
        return company

    def live(self, settings: Settings, touches: Iterable[Touch], progress: Progress) -> Settings:
        """Live one more day, ``touches`` working from its morning on, and import it; the settings of the
        morning after. The truth is told when the company is kept.
        """
        from holdfast.simulate.files import FILES, write_days

        after = replace(settings, clock=self.world.scenario.date_of(self.world.day + 1))
        with _files_folder(after) as folder:
            written = write_days(self.world, folder, days=1, touches=self._who_is_there(touches))
            for file, kind in FILES.items():
                if written.get(file):
                    self._import(after, folder / file, kind, progress)
            _keep_truth(after, folder)
        self._written = written
        self.twin.step()
        write_settings(after)
        return after

    def _import(self, settings: Settings, path: Path, kind: str, progress: Progress) -> None:
        """Import a file; which of its columns is which is looked up once, for they are there day by day."""
        columns = path.name, _columns_of(path)
        known = self._maps.get(columns)

        def choose(guess: Guess) -> ColumnMap:
            return self._maps.setdefault(columns, guess.map)

        _import(settings, path, kind, progress, choose, known)

    def _who_is_there(self, touches: Iterable[Touch]) -> list[Touch]:
        """Touches of people who have arrived. Those of others wait: a company that was interrupted lives days
        again on which somebody came whom the workspace knows already.
        """
        from holdfast.simulate.people import person_of

        there = set(self.world.people.person.tolist())
        now: list[Touch] = []
        later: list[Touch] = []
        for each in (*self._early, *touches):
            person = each.customer if isinstance(each.customer, int) else person_of(each.customer)
            (now if person in there else later).append(each)
        self._early = later
        return now

    def keep(self, settings: Settings) -> None:
        """Save both companies, and the truth by now: an interrupted one goes on from here."""
        from holdfast.simulate.truth import write_truth

        with _files_folder(settings) as folder:
            write_truth(self.world, folder, self._written)
            _keep_truth(settings, folder)
        self.twin.save(_untouched(settings))
        self.world.save(_saved(settings))

    def keep_effects(self, settings: Settings, effects: Sequence[Mapping[str, object]]) -> None:
        """Write what plays truly did beside the rest of the truth."""
        path = _truth(settings)
        truth = json.loads(path.read_text(encoding="utf-8")) | {"plays": list(effects)}
        path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @contextmanager
    def imported_twin(self, settings: Settings, progress: Progress) -> Iterator[Settings]:
        """A workspace of what the company's files would say, had nobody been approached; gone afterwards.

        The twin lives from its first day on, so that it needs nothing of the company's own workspace. What
        says nothing about who leaves and who buys is left out.
        """
        from holdfast.services.keep.create import create_workspace
        from holdfast.simulate.files import FILES, write_files
        from holdfast.simulate.world import World

        folder = _home(settings) / "twin"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            twin = create_workspace(folder, **{name: getattr(settings, name) for name in _OF_THE_COMPANY})
            world, files = World(self.world.scenario), folder / "files"
            written = write_files(world, files, days=self.world.day)
            for file, kind in FILES.items():
                if written.files.get(file) and file not in _SAY_NOTHING:
                    _import(twin, files / file, kind, progress)
            yield twin
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _live(company: Settings, world: World, days: int, progress: Progress) -> Demo:
    from holdfast.simulate.files import FILES, write_files

    def tell(done: int, total: int) -> None:
        progress.step(Text("Living through the days"), done, total)

    with _files_folder(company) as folder:
        written = write_files(world, folder, days=days, progress=tell)
        imports = tuple(
            _import(company, folder / file, kind, progress)
            for file, kind in FILES.items()
            if written.files.get(file)
        )
        _keep_truth(company, folder)
    world.save(_saved(company))
    _begun(company).unlink(missing_ok=True)
    write_settings(company)
    last_day = world.scenario.date_of(world.day - 1)
    return Demo(company, world.scenario.seed, len(world.people), world.day, last_day, imports)


def _import(
    company: Settings,
    path: Path,
    kind: str,
    progress: Progress,
    choose: Choose = lambda guess: guess.map,
    known: ColumnMap | None = None,
) -> ImportReport:
    return import_file(
        company,
        [path],
        kind,
        column_map=known,
        choose=choose,
        progress=progress,
        now=company.now(datetime.now(UTC)),
    )


def _columns_of(path: Path) -> str:
    """What the rows of a file may say: the heading of a table, every name in lines of JSON."""
    with path.open(encoding="utf-8") as file:
        if path.suffix == ".csv":
            return file.readline()
        return " ".join(sorted({name for line in file for name in json.loads(line)}))


@contextmanager
def _files_folder(company: Settings) -> Iterator[Path]:
    """A folder inside the workspace for the import files, gone afterwards."""
    folder = _home(company) / "files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep_truth(company: Settings, folder: Path) -> None:
    """Move the truth beside the saved company; what texts mean adds up over the stretches."""
    from holdfast.simulate.files import TRUTH_TEXTS

    for path in sorted(folder.glob("truth*")):
        kept = _home(company) / path.name
        if path.name == TRUTH_TEXTS and has_demo(company):
            lines = kept.read_text(encoding="utf-8").splitlines(keepends=True)
            lines += path.read_text(encoding="utf-8").splitlines(keepends=True)
            # A stretch that was interrupted and lived through again says the same lines again.
            path.write_text("".join(dict.fromkeys(lines)), encoding="utf-8")
        path.replace(kept)


def _check_empty(settings: Settings, asked: str) -> None:
    from holdfast.store import imports

    if has_demo(settings):
        raise Refusal(
            "demo_exists",
            found=Text("This workspace holds the demo company already."),
            expected=Text("A demo company is built once, in an empty workspace."),
            remedy=Text("Run `holdfast demo --advance 30d` to let it live on, or name another folder."),
        )
    interrupted = _begun(settings).is_file() and _begun(settings).read_text(encoding="utf-8") == asked
    if not interrupted and imports.list_imports(settings):
        raise Refusal(
            "workspace_in_use",
            found=Text("This workspace holds imported data."),
            expected=Text("A demo company is built in an empty workspace, never beside a real one."),
            remedy=Text("Name another folder with --workspace; nothing was changed."),
        )


def _no_demo() -> Refusal:
    return Refusal(
        "no_demo",
        found=Text("This workspace has no demo company."),
        expected=Text("Only the demo company can be advanced: others live by themselves."),
        remedy=Text("Run `holdfast demo` in an empty folder first."),
    )


def _home(settings: Settings) -> Path:
    return settings.folder / "demo"


def _truth(settings: Settings) -> Path:
    return _home(settings) / "truth.json"


def _saved(settings: Settings) -> Path:
    return _home(settings) / "company.npz"


def _untouched(settings: Settings) -> Path:
    return _home(settings) / "untouched.npz"


def _begun(settings: Settings) -> Path:
    return _home(settings) / "begun"
