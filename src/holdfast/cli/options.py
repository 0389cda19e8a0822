"""Options that several commands share."""

from __future__ import annotations

import click

from holdfast.cli.group import Option
from holdfast.domain.texts import Text


def as_of() -> Option:
    """``--as-of``: the day on which the command is supposed to be run."""
    return Option(
        "--as-of",
        words=Text("Count as if this day were today."),
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
    )


CUSTOMERS, DAYS, SEED = 20_000, 730, 20_241_101
"""The company that everybody sees first; tests hold these to what ``simulate`` says."""


def company() -> list[click.Parameter]:
    """The size and the seed of a simulated company."""
    return [
        Option(
            "--customers",
            words=Text("How many customers it wins."),
            type=click.IntRange(min=1),
            default=CUSTOMERS,
            show_default=True,
        ),
        Option(
            "--days",
            words=Text("How many days it has been trading."),
            type=click.IntRange(min=1),
            default=DAYS,
            show_default=True,
        ),
        Option(
            "--seed",
            words=Text("The same seed makes the same company."),
            type=int,
            default=SEED,
            show_default=True,
        ),
    ]


def port() -> Option:
    """``--port``."""
    return Option(
        "--port",
        words=Text("The port on which the pages are served."),
        type=click.IntRange(1, 65535),
        default=8000,
        show_default=True,
    )


def host() -> Option:
    """``--host``."""
    return Option(
        "--host",
        words=Text("The address on which they are served; by default to this machine only."),
        default="127.0.0.1",
        show_default=True,
        metavar="ADDRESS",
    )
