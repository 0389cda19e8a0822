"""``holdfast demo``: a company to look at, built, measured and served in one go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli import proofs
from holdfast.cli.group import Command, Option, session_of
from holdfast.cli.options import as_of, company, host, port
from holdfast.cli.pages import SignIn, address, serve_pages
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

ORDER = 60

SIGN_IN = SignIn("demo@holdfast.localhost", "kelp-holds-to-rock")
"""Known to everybody: nothing in a demo is secret, and nobody wants to look a password up."""


@dataclass(frozen=True, slots=True)
class Size:
    """The company to build; ``as_of`` is the day that it is there, if not the usual one."""

    customers: int
    days: int
    seed: int
    as_of: date | None


def _run(
    session: Session,
    customers: int,
    days: int,
    seed: int,
    advance: int | None,
    once: bool,
    port: int,
    host: str,
    as_of: datetime | None,
) -> None:
    from holdfast.services.collect.demo import has_demo
    from holdfast.settings import read_settings

    settings = _workspace(session)
    built = not has_demo(settings)
    _live(
        session,
        settings,
        Size(customers, days, seed, as_of.date() if as_of else None) if built else None,
        advance,
    )
    settings = read_settings(settings.folder)
    people = _measured(session, settings)
    proved = proofs.tell_planted(session, settings)
    _make_sign_in(settings)
    answer = {
        "workspace": str(settings.folder.absolute()),
        "customers": people,
        "today": settings.clock,
        "built": built,
        "address": None if once else address(host, port),
        "email": SIGN_IN.email,
        "password": SIGN_IN.password,
        "plays": proved,
    }
    session.finish(answer, lambda: _show(session, answer))
    if not once:
        serve_pages(session, settings, host, port)


def _workspace(session: Session) -> Settings:
    """The workspace of the demo, made where there is none."""
    from holdfast.services.keep.create import create_workspace

    if (session.folder / "holdfast.toml").is_file():
        return session.settings()
    return create_workspace(session.folder)


def _live(session: Session, settings: Settings, build: Size | None, advance: int | None) -> None:
    """Build the company unless it is there, and let it live on where that was asked for.

    With plays it lives day by day, without any all at once. Where nobody made a play it begins with its own.
    """
    from holdfast.services.collect.demo import advance_demo, build_demo, seed_of
    from holdfast.services.pulse.living import has_plays, live_on
    from holdfast.services.pulse.own_plays import begin
    from holdfast.settings import read_settings
    from holdfast.store.figures import last_run

    with session.progress() as progress:
        if build:
            build_demo(
                settings,
                customers=build.customers,
                days=build.days,
                seed=build.seed,
                as_of=build.as_of,
                progress=progress,
            )
        if advance:
            company = read_settings(settings.folder)
            if last_run(company) is None:
                _measured(session, company)
            begin(company, seed_of(company))
            (live_on if has_plays(company) else advance_demo)(company, advance, progress)


def _measured(session: Session, settings: Settings) -> int:
    """Turn the loop; how many customers there are."""
    from holdfast.services.pulse.run import run

    with session.progress() as progress:
        return run(settings, progress=progress).customers


def _make_sign_in(settings: Settings) -> None:
    from holdfast.store.users import create_user, has_users

    if not has_users(settings):
        create_user(settings, email=str(SIGN_IN.email), role="admin", password=SIGN_IN.password)


def _show(session: Session, answer: dict[str, object]) -> None:
    session.tell(Text("{customers} customers; for the demo it is {today}.", **answer))
    session.tell(Text("Sign in as {email} with the password {password}", **answer))


class _Days(click.ParamType[int]):
    """A stretch of time like ``30d``."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"([1-9]\d{0,4})d?", str(value))
        if not found:
            words = Text("{value} is not a length of time like 30d.", value=str(value))
            self.fail(session_of(ctx).say(words) if ctx else str(words), param, ctx)
        return int(found[1])


COMMAND = Command(
    "demo",
    Text("Build a company to look at, turn the loop, and serve its pages."),
    _run,
    [
        *company(),
        as_of(),
        Option("--advance", words=Text("Let the company live on for so long."), type=_Days(), metavar="30d"),
        Option("--once", words=Text("End after the run instead of serving the pages."), is_flag=True),
        port(),
        host(),
    ],
)
