"""Writes the generated pages of the reference: commands, kinds of files, events, metrics, features, signals,
ready plays, Python, rights of the roles.

`docs/conf.py` calls it at each build, so these pages cannot fall behind the code.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import date

    from holdfast.analytics.feature import FeatureFamily
    from holdfast.analytics.signal import Signal

LIBRARY = ("domain", "settings", "registry", "analytics", "learning", "simulate", "language")
"""What an analyst may import: these packages know neither Django nor files."""


def write_all(folder: Path) -> None:
    """Write every generated page into ``folder``; pages that have not changed keep their time."""
    from reference_api import api
    from reference_plays import ready_plays

    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "commands": commands(),
        "kinds": kinds(),
        "events": events(),
        "metrics": metrics(),
        "features": features(),
        "signals": signals(),
        "ready-plays": ready_plays(),
        "python": python(),
        "rights": rights(),
        "api": api(),
    }
    for stale in {path.stem for path in folder.glob("*.md")} - set(pages):
        (folder / f"{stale}.md").unlink()
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def commands() -> str:
    """Every command with its help, as the command line prints it in English."""
    from holdfast.cli.group import holdfast
    from holdfast.cli.session import Session

    session = Session(Path())
    root = click.Context(holdfast, info_name="holdfast", obj=session, terminal_width=88, max_content_width=88)
    lines = [
        "# Commands",
        "",
        "*Generated.* What `--json` answers: [the command line](../command-line.md).",
        "",
    ]
    lines += ["```text", holdfast.get_help(root).rstrip(), "```", ""]
    for name in holdfast.list_commands(root):
        command = holdfast.get_command(root, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=root, terminal_width=88, max_content_width=88)
        lines += [f"## {name}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def kinds() -> str:
    """Every kind of file: its columns, what is required, what a row becomes."""
    from holdfast.registry import parts

    lines = [
        "# Kinds of files",
        "",
        "*Generated.* `holdfast import FILE --as KIND`; how columns are mapped: ",
    ]
    lines += ["[map columns](../../how-to/map-columns.md).", ""]
    for name, part in parts("imports").items():
        kind = part.declared
        lines += [f"## {name}", "", f"{kind.meaning}", ""]
        lines += [f"Required: {_required(kind.required)}.", ""]
        rows = [(f"`{each.name}`", each.type, str(each.meaning)) for each in kind.columns]
        lines += [*table(("Column", "Type", "Meaning"), rows), ""]
        if kind.events:
            lines += ["A row becomes: " + ", ".join(f"`{event.name}`" for event in kind.events) + ".", ""]
    return "\n".join(lines)


def _required(groups: Iterable[Sequence[str]]) -> str:
    said = [" or ".join(f"`{name}`" for name in group) for group in groups]
    return "; ".join(said) or "nothing"


def events() -> str:
    """The vocabulary of events."""
    from holdfast.domain.events import EVENT_NAMES

    rows = [
        (
            event.name,
            str(event.meaning),
            ", ".join(f"`{column}`" for column in event.uses),
            "yes" if event.from_segment else "",
        )
        for event in EVENT_NAMES.values()
    ]
    head = ("Event", "Meaning", "Columns", "Segment's")
    return "\n".join(
        ["# Events", "", "*Generated.* Unknown names are welcome and countable.", "", *table(head, rows), ""]
    )


def rights() -> str:
    """What each role may do, and which right each address of the pages asks for."""
    _know_the_pages()
    from holdfast.store.models import User
    from holdfast.web.access import RIGHTS, declared_roles
    from holdfast.web.urls import urlpatterns

    roles = User.ROLES
    lines = [
        "# Rights",
        "",
        "*Generated.* Which role to give: [choose roles](../../how-to/choose-roles.md).",
        "",
    ]
    allowed = [
        (f"`{right.name}`", str(right.words), *("yes" if role in right.roles else "" for role in roles))
        for right in RIGHTS
    ]
    lines += [*table(("Right", "Lets them", *(f"`{role}`" for role in roles)), allowed), ""]
    lines += ["## Addresses", "", "What asks for no sign-in has keys, signed links or limits of its own.", ""]
    asked = [
        (f"`/{str(pattern.pattern).lstrip('^')}`", _roles(declared_roles(pattern.callback), roles))
        for pattern in urlpatterns
    ]
    return "\n".join([*lines, *table(("Address", "Open to"), asked), ""])


def _roles(allowed: frozenset[str] | None, roles: Sequence[str]) -> str:
    if allowed is None:
        return "everybody, without sign-in"
    return "every role" if allowed == set(roles) else ", ".join(role for role in roles if role in allowed)


def _know_the_pages() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.store.django_settings")
    django.setup()


def metrics() -> str:
    """Every metric: meaning, formula, what is left out, source, and its worked examples."""
    from holdfast.registry import parts

    lines = ["# Metrics", "", "*Generated.* `holdfast measure`; how to add one: "]
    lines += ["[add a metric in one file](../../how-to/add-a-metric.md).", ""]
    for name, part in parts("metrics").items():
        lines += _metric(name, part.declared)
    return "\n".join(lines)


def _metric(name: str, metric: object) -> list[str]:
    good = {"up": "higher is better", "down": "lower is better"}.get(
        metric.good or "", "no direction is better"
    )
    lines = [
        f"## {metric.title}",
        "",
        f"`{name}` · {metric.unit} · {good} · {', '.join(metric.requirement)}",
        "",
    ]
    lines += [f"{metric.meaning}", "", "Formula", f": {metric.formula}", ""]
    if metric.left_out:
        lines += ["Left out", f": {metric.left_out}", ""]
    lines += ["Source", f": {metric.source}", ""]
    for example in metric.examples:
        lines += [
            f"Example: {example.title} (as of {example.as_of})",
            "",
            "```text",
            example.events.strip(),
            "```",
            "",
        ]
        answers = [
            (f"`{each}`", "no value" if value is None else str(value))
            for each, value in example.answers.items()
        ]
        lines += [*table(("Answer", "Value"), answers), ""]
    return lines


def features() -> str:
    """Every feature by family: unit, window, cause group, meaning, and the worked examples."""
    from holdfast.registry import parts

    lines = ["# Features", "", "*Generated.* What the risk of each customer is made of; how to add one: "]
    lines += ["[add a feature in one file](../../how-to/add-a-feature.md). Amounts are in minor units.", ""]
    for name, part in parts("features").items():
        lines += _family(name, part.declared)
    return "\n".join(lines)


def _family(name: str, family: FeatureFamily) -> list[str]:
    lines = [f"## {family.title}", "", f"`{name}`"]
    if family.watch:
        lines[-1] += " · only with " + ", ".join(f"`{event}`" for event in family.watch)
    if family.of_accounts:
        lines[-1] += " · only where accounts leave"
    head = ("Feature", "Name", "Unit", "Window", "Cause", "Meaning")
    rows = [
        (
            str(each.title),
            f"`{each.name}`",
            each.unit,
            f"{each.window_days} days" if each.window_days else "",
            each.cause,
            str(each.meaning),
        )
        for each in family.features
    ]
    lines += ["", *table(head, rows), ""]
    stories = {(one.events, one.at): one for each in family.features for one in each.examples}
    for (events, at), example in stories.items():
        lines += [f"Example: {example.title} (at the start of {at})", "", "```text"]
        lines += [line.strip() for line in events.strip().splitlines()]
        lines += ["```", "", *table(("Feature", "Values"), _answers(family, events, at)), ""]
    return lines


def _answers(family: FeatureFamily, events: str, at: date) -> list[tuple[str, str]]:
    """What each feature answers to one story: of whom, what."""
    return [
        (f"`{each.name}`", ", ".join(f"{who} {_answer(value)}" for who, value in one.answers.items()))
        for each in family.features
        for one in each.examples
        if (one.events, one.at) == (events, at)
    ]


def _answer(value: float | str | None) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "not known" if value is None else str(value)


def signals() -> str:
    """Every early warning: what it means, its numbers and settings, and the worked examples."""
    from holdfast.registry import parts

    lines = [
        "# Early warnings",
        "",
        "*Generated.* Each warns of one customer, once an episode; how to add one: ",
    ]
    lines += ["[add an early warning in one file](../../how-to/add-a-signal.md).", ""]
    for name, part in parts("signals").items():
        lines += _signal(name, part.declared)
    return "\n".join(lines)


def _signal(name: str, signal: Signal) -> list[str]:
    lines = [
        f"## {signal.title}",
        "",
        f"`{name}` · {signal.code} · {signal.cause}",
        "",
        str(signal.meaning),
        "",
    ]
    numbers = [(str(each.title), f"`{each.name}`", each.unit) for each in signal.numbers]
    lines += [*table(("Number", "Name", "Unit"), numbers), ""]
    if signal.settings:
        given = [
            (str(each.title), f"{each.default:g}", f"{each.least:g} to {each.most:g}")
            for each in signal.settings
        ]
        lines += [*table(("Setting", "Delivered as", "Between"), given), ""]
    for example in signal.examples:
        lines += [f"Example: {example.title} (at the start of {example.at})", "", "```text"]
        lines += [line.strip() for line in example.events.strip().splitlines()]
        warned = [(who, _WARNED[warns]) for who, warns in example.answers.items()]
        lines += ["```", "", *table(("Who", "Warned of"), warned), ""]
    return lines


_WARNED = {True: "yes", False: "no", None: "too little to judge"}


def python() -> str:
    """The modules of the library, each by autodoc."""
    lines = [
        "# Python",
        "",
        "*Generated.* These packages are also a library: they know neither Django nor files.",
        "",
    ]
    for module in _modules():
        # What a package passes on from its modules is indexed there.
        options = ["   :no-index:"] if hasattr(import_module(module), "__path__") else []
        lines += [f"## {module}", "", "```{eval-rst}", f".. automodule:: {module}", *options, "```", ""]
    return "\n".join(lines)


def _modules() -> list[str]:
    found: list[str] = []
    for name in LIBRARY:
        package = import_module(f"holdfast.{name}")
        found.append(package.__name__)
        if hasattr(package, "__path__"):
            inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
            found += [
                each.name for each in inside if not any(part.startswith("_") for part in each.name.split("."))
            ]
    one_a_part = tuple(f"holdfast.analytics.{family}." for family in ("metrics", "features", "signals"))
    return [each for each in found if not each.startswith(one_a_part)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
