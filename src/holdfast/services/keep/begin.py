"""The guided start of a workspace: which steps there are, which were taken, and what each decides.

Every step can be left out, come back to, and decided again: it writes the same settings that
``holdfast.toml`` holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_numbers import CURRENCIES, latin_digits
from holdfast.settings import (
    Calendar,
    LostRule,
    LostSettings,
    Settings,
    UnitKind,
    change_settings,
    is_timezone,
)
from holdfast.store import start

StepName = Literal["workspace", "customer", "files", "lost", "figures"]

STEPS: tuple[StepName, ...] = get_args(StepName)

Pays = Literal["contract", "purchases", "both"]
"""How customers stay: under a contract that ends, by coming back, or some so and some so."""

LONGEST_NAME = 80
LONGEST_SILENCE = 3_650

_RULE_OF: Mapping[Pays, LostRule] = {"contract": "contract", "purchases": "own_rhythm", "both": "mixed"}


class NotSo(Exception):  # noqa: N818  (an answer: the form says what helps)
    """What was typed into a field cannot be taken; ``words`` say what is needed."""

    def __init__(self, field: str, words: Text) -> None:
        super().__init__(field)
        self.field = field
        self.words = words


@dataclass(frozen=True, slots=True)
class Begun:
    """How far the start is: the steps taken, and whether there is data and were figures."""

    taken: frozenset[str]
    has_data: bool
    has_figures: bool

    @property
    def next(self) -> StepName | None:
        """The first step that was not taken, ``None`` when all were."""
        return next((step for step in STEPS if step not in self.taken), None)


def begun(settings: Settings) -> Begun:
    """How far the start is. Data and figures count however they came."""
    from holdfast.store import imports
    from holdfast.store.figures import last_run

    has_data, has_figures = imports.brought_events(settings), last_run(settings) is not None
    taken = set(start.steps_taken(settings))
    taken |= {step for step, done in (("files", has_data), ("figures", has_figures)) if done}
    if has_figures:
        taken |= set(STEPS)  # who runs the loop has decided, wherever it was
    return Begun(frozenset(taken), has_data, has_figures)


def is_new(settings: Settings) -> bool:
    """Whether the workspace has nothing yet: no data, no figures."""
    found = begun(settings)
    return not found.has_data and not found.has_figures


def decide_workspace(settings: Settings, typed: Mapping[str, str], *, by_id: int | None, now_us: int) -> None:
    """Keep the company's name, currency ("" for that of the first import), time zone, calendar, country.

    Raises :class:`NotSo` at the first field that cannot be taken.
    """
    name = " ".join(typed.get("name", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise NotSo("name", Text("A name is needed, of up to {most} characters.", most=LONGEST_NAME))
    currency = typed.get("currency", "").strip().upper()
    if currency and currency not in CURRENCIES:
        raise NotSo("currency", Text("Three letters of ISO 4217 are needed, such as EUR; or nothing."))
    zone = typed.get("timezone", "").strip()
    if not is_timezone(zone):
        raise NotSo("timezone", Text("A name like Europe/Dublin or Asia/Tehran is needed."))
    calendar = typed.get("calendar", "")
    if calendar not in get_args(Calendar):
        raise NotSo("calendar", Text("Choose one of the calendars."))
    country = typed.get("country", "").strip().upper()
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise NotSo("country", Text("Two letters are needed, such as IE; or nothing."))
    _write(
        settings,
        name=name,
        currency=currency,
        timezone=zone,
        calendar=cast(Calendar, calendar),
        country=country,
    )
    start.take_step(settings, "workspace", by_id=by_id, now_us=now_us)


def decide_customer(settings: Settings, unit: str, pays: str, *, by_id: int | None, now_us: int) -> None:
    """Keep who can leave, and how customers stay, from which a first rule of who counts as lost follows.

    A rule that was chosen by its consequences stays, unless it cannot be where there are only contracts.
    """
    if unit not in get_args(UnitKind):
        raise NotSo("unit", Text("Choose who can leave."))
    if pays not in get_args(Pays):
        raise NotSo("pays", Text("Choose how customers stay."))
    lost = settings.lost
    if "lost" not in start.steps_taken(settings) or pays_of(settings) != pays:
        lost = replace(lost, rule=_RULE_OF[cast(Pays, pays)], after_days=None)
    _write(settings, unit=cast(UnitKind, unit), lost=lost)
    start.take_step(settings, "customer", by_id=by_id, now_us=now_us)


def pays_of(settings: Settings) -> Pays:
    """How customers stay, as far as the rule says it."""
    ways: Mapping[LostRule, Pays] = {"contract": "contract", "mixed": "both"}
    return ways.get(settings.lost.rule, "purchases")


def decide_lost(
    settings: Settings,
    rule: str,
    after_days: str,
    *,
    activity: str = "",
    by_id: int | None,
    now_us: int,
) -> None:
    """Keep who counts as lost. *fixed* needs ``after_days``, others take none; ``activity`` is the event
    that counts as a purchase where nothing is bought.
    """
    if rule not in get_args(LostRule):
        raise NotSo("rule", Text("Choose one of the rules."))
    days: int | None = None
    if rule == "fixed":
        written = latin_digits(after_days).strip()
        if not re.fullmatch("[0-9]{1,4}", written) or not 1 <= int(written) <= LONGEST_SILENCE:
            raise NotSo(
                "after_days", Text("A number of days from 1 to {most} is needed.", most=LONGEST_SILENCE)
            )
        days = int(written)
    before = settings.lost
    lost = LostSettings(
        cast(LostRule, rule), days, (activity,) if activity else before.activity, before.min_orders
    )
    _write(settings, lost=lost)
    start.take_step(settings, "lost", by_id=by_id, now_us=now_us)


def leave_out(settings: Settings, step: str, *, by_id: int | None, now_us: int) -> None:
    """Note that a step was passed by as it stands."""
    if step in STEPS:
        start.take_step(settings, step, by_id=by_id, now_us=now_us)


def _write(settings: Settings, **changed: object) -> None:
    """Change the file as it is now: an import may have given the workspace its currency meanwhile."""
    change_settings(settings.folder, **changed)


def make_first_admin(
    settings: Settings,
    token: str,
    *,
    email: str,
    name: str,
    password: str,
    language: str,
    now_us: int,
) -> int:
    """Use the set-up link up and make the first administrator; their number.

    Refuses ("used_link") a link that was used, is too old or was never given, and a workspace in which
    people sign in already; an address, name or password that cannot be taken leaves the link open.
    """
    from holdfast.domain.colleagues import clean_name
    from holdfast.store import passwords, sql, users

    check_link(settings, token, now_us=now_us)
    address, called = users.checked_address(email), clean_name(name)
    passwords.check(settings, password, email=address, name=called)
    hash_ = users.hashed(password)
    with sql.short_write():
        if users.has_users(settings) or not start.use_link(settings, token, now_us):
            raise _link_used()
        return users.add(settings, address, hash_, name=called, role="admin", language=language)


def check_link(settings: Settings, token: str, *, now_us: int) -> None:
    """Refuse ("used_link") a set-up link that makes nobody an administrator any more."""
    from holdfast.store.users import has_users

    if has_users(settings) or not start.is_open(settings, token, now_us):
        raise _link_used()


def _link_used() -> Refusal:
    return Refusal(
        "used_link",
        found=Text("This link makes nobody an administrator any more."),
        expected=Text("It works once, for a day, while nobody can sign in."),
        remedy=Text("Start `holdfast serve` again: it prints a new one where nobody can sign in yet."),
    )
