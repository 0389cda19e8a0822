"""A workspace and its settings: one folder, one ``holdfast.toml``, one typed object.

Read once at the edge (command, page) and handed inward as an argument.
"""

from __future__ import annotations

import fcntl
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo, available_timezones

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

VERSION = 1
"""The layout of a workspace that this release writes and understands."""

PUBLIC_URL_VARIABLE = "HOLDFAST_PUBLIC_URL"
"""Where people reach the pages when a proxy with TLS stands before them: https://holdfast.example.com."""

Calendar = Literal["gregorian", "solar_hijri"]
UnitKind = Literal["person", "account"]
LostRule = Literal["contract", "company", "own_rhythm", "category", "fixed", "mixed"]


@dataclass(frozen=True, slots=True)
class LostSettings:
    """Who counts as lost.

    ``rule``: *contract* (subscription ended, account deleted), *company* (no purchase for longer
    than is usual in the company), *own_rhythm* (longer than the customer's own rhythm allows),
    *category* (longer than the bought categories last), *fixed* (``after_days``), *mixed*
    (contract where there is one, own rhythm elsewhere).
    ``after_days`` days of silence for *fixed*, and a fixed value instead of the measured one for
    *company*; ``None`` lets the data decide. ``activity``: names of the events that count as a
    purchase. ``min_orders``: with fewer, someone was never really a customer.
    """

    rule: LostRule = "mixed"
    after_days: int | None = None
    activity: tuple[str, ...] = ("Order Completed",)
    min_orders: int = 1


@dataclass(frozen=True, slots=True)
class RiskSettings:
    """What is foreseen, and how often it is learnt anew.

    ``horizon_days``: the risk is the probability of leaving within so many days.
    ``train_every_days``: after so many days ``holdfast run`` trains a new model, sooner when an alarm
    says that the customers have changed.
    """

    horizon_days: int = 90
    train_every_days: int = 28


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace has decided. ``currency`` is "" until the first import of amounts sets it."""

    folder: Path
    name: str = "Holdfast"
    currency: str = ""
    timezone: str = "UTC"
    calendar: Calendar = "gregorian"
    unit: UnitKind = "person"
    country: str = ""
    margin: float | None = None
    buckets: int = 64
    clock: date | None = None
    database_url: str = ""
    lake_url: str = ""
    lost: LostSettings = field(default_factory=LostSettings)
    risk: RiskSettings = field(default_factory=RiskSettings)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this company's days begin."""
        return ZoneInfo(self.timezone)

    @property
    def toml(self) -> Path:
        """The file these settings live in."""
        return self.folder / "holdfast.toml"

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.folder / "holdfast.db"

    @property
    def lake(self) -> Path:
        """The Delta table of events."""
        return self.folder / "lake" / "events"

    @property
    def imports(self) -> Path:
        """One folder per import: stage while it runs, rejected rows and report after."""
        return self.folder / "imports"

    @property
    def measured(self) -> Path:
        """Kept tables that the loop computes (spells, money moves): can always be made again."""
        return self.folder / "measured"

    @property
    def models(self) -> Path:
        """One folder per version of the risk model; as trusted as the workspace's own code."""
        return self.folder / "models"

    def now(self, actual: datetime) -> datetime:
        """The workspace's present: ``actual``, or noon of its own clock where it has one (demo)."""
        if self.clock is None:
            return actual
        return datetime(self.clock.year, self.clock.month, self.clock.day, 12, tzinfo=self.zone)


def public_url() -> str:
    """Where people reach the pages, as whoever runs Holdfast says it, without a slash at its end; or ""."""
    return os.environ.get(PUBLIC_URL_VARIABLE, "").rstrip("/")


def read_settings(folder: Path) -> Settings:
    """Settings of the workspace in ``folder``.

    Refuses a folder that is none, a file that cannot be read, a workspace of a newer version, and
    values that mean nothing, each with what to do.
    """
    path = folder / "holdfast.toml"
    if not path.is_file():
        raise Refusal(
            "no_workspace",
            found=Text("{folder} holds no holdfast.toml.", folder=str(folder)),
            expected=Text("A workspace is a folder that `holdfast init` made."),
            remedy=Text(
                "Run `holdfast init --workspace {folder}`, or name another folder.", folder=str(folder)
            ),
        )
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad_setting(path, f"{error}", "TOML 1.0 in UTF-8") from error
    version = written.pop("version", VERSION)
    if not isinstance(version, int) or version > VERSION:
        raise Refusal(
            "newer_workspace",
            found=Text("The workspace was written by a newer Holdfast (layout {found}).", found=str(version)),
            expected=Text("This release understands layout {known} and older.", known=str(VERSION)),
            remedy=Text("Install the newer release; nothing was changed."),
        )
    return check_settings(_from_toml(folder, written))


@lru_cache(maxsize=1_000)
def is_timezone(name: str) -> bool:
    """Whether there is a time zone of that name: to find out, each file of the machine's zones is opened."""
    return name in available_timezones()


def check_settings(settings: Settings) -> Settings:
    """The same settings, or a refusal that names the first value that means nothing."""
    path = settings.toml
    for name, value, known in (
        ("calendar", settings.calendar, get_args(Calendar)),
        ("unit", settings.unit, get_args(UnitKind)),
        ("lost.rule", settings.lost.rule, get_args(LostRule)),
    ):
        if value not in known:
            raise _bad_setting(path, f"{name} = {value!r}", f"one of {', '.join(known)}")
    if not is_timezone(settings.timezone):
        raise _bad_setting(
            path, f"timezone = {settings.timezone!r}", "a name like Europe/Dublin or Asia/Tehran"
        )
    if settings.currency and not (
        len(settings.currency) == 3 and settings.currency.isalpha() and settings.currency.isupper()
    ):
        raise _bad_setting(path, f"currency = {settings.currency!r}", "three capital letters like EUR")
    _check_days(settings)
    if settings.margin is not None and not 0 < settings.margin <= 1:
        raise _bad_setting(path, f"margin = {settings.margin}", "a share like 0.38")
    return settings


def _check_days(settings: Settings) -> None:
    """Refuse lengths of time that are none, and a rule without the length it needs."""
    path = settings.toml
    if settings.lost.after_days is not None and settings.lost.after_days < 1:
        raise _bad_setting(path, f"lost.after_days = {settings.lost.after_days}", "a number of days from 1")
    if settings.lost.rule == "fixed" and settings.lost.after_days is None:
        raise _bad_setting(path, "lost.rule = 'fixed' without lost.after_days", "lost.after_days = 90, say")
    for each in fields(RiskSettings):
        days = getattr(settings.risk, each.name)
        if not isinstance(days, int) or days < 1:
            raise _bad_setting(path, f"risk.{each.name} = {days!r}", "a number of days from 1")


def write_settings(settings: Settings) -> None:
    """Write ``holdfast.toml`` as a whole: beside it, synced, then moved into place.

    What somebody else changed since these settings were read is written over: to change some of what is
    there, use :func:`change_settings`.
    """
    check_settings(settings)
    settings.folder.mkdir(parents=True, exist_ok=True)
    with _alone(settings.folder):
        _write(settings)


def change_settings(folder: Path, **changed: object) -> Settings:
    """Change the settings as they are now, and nothing else of them; how they are then.

    Two who change at once change one after the other, so that none is lost.
    """
    with _alone(folder):
        after = check_settings(replace(read_settings(folder), **changed))  # type: ignore[arg-type]
        _write(after)
    return after


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else writes the settings of this folder meanwhile: its own lock goes with the process."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _write(settings: Settings) -> None:
    beside = settings.toml.with_suffix(".toml.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(_as_toml(settings))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(settings.toml)


_PLAIN = (
    "name",
    "currency",
    "timezone",
    "calendar",
    "unit",
    "country",
    "margin",
    "buckets",
    "clock",
    "database_url",
    "lake_url",
)

_GROUPS: dict[str, type[LostSettings] | type[RiskSettings]] = {"lost": LostSettings, "risk": RiskSettings}


def _from_toml(folder: Path, written: dict[str, object]) -> Settings:
    groups = {name: written.pop(name, {}) for name in _GROUPS}
    unknown = [name for name in written if name not in _PLAIN]
    for name, group in groups.items():
        known = {each.name for each in fields(_GROUPS[name])}
        if isinstance(group, dict):
            unknown += [f"{name}.{each}" for each in group if each not in known]
        else:
            unknown.append(name)
    if unknown:
        raise _bad_setting(
            folder / "holdfast.toml",
            f"unknown setting {unknown[0]!r}",
            f"one of {', '.join(_PLAIN)}, {', '.join(f'[{name}]' for name in _GROUPS)}",
        )
    lost = dict(cast(dict[str, Any], groups["lost"]))
    if "activity" in lost:
        lost["activity"] = tuple(lost["activity"])
    try:
        return replace(
            Settings(folder),
            **written,  # type: ignore[arg-type]
            lost=LostSettings(**lost),
            risk=RiskSettings(**cast(dict[str, Any], groups["risk"])),
        )
    except TypeError as error:
        raise _bad_setting(
            folder / "holdfast.toml", str(error), "the settings of the reference page"
        ) from error


def _as_toml(settings: Settings) -> str:
    lines = [
        "# Settings of this Holdfast workspace; docs/reference/settings.md explains each.",
        f"version = {VERSION}",
    ]
    lines += [
        f"{name} = {_toml_value(value)}"
        for name in _PLAIN
        if (value := getattr(settings, name)) not in (None, "")
    ]
    for group, kind in _GROUPS.items():
        lines += ["", f"[{group}]"]
        lines += [
            f"{each.name} = {_toml_value(value)}"
            for each in fields(kind)
            if (value := getattr(getattr(settings, group), each.name)) is not None
        ]
    return "\n".join(lines) + "\n"


def _toml_value(value: object) -> str:
    import json

    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _bad_setting(path: Path, found: str, expected: str) -> Refusal:
    return Refusal(
        "bad_setting",
        found=Text("{path}: {found}.", path=str(path), found=found),
        expected=Text("Expected {expected}.", expected=expected),
        remedy=Text("Mend the file and try again; nothing was changed."),
    )
