"""Writes constraints.txt: the exact versions, of all that Holdfast needs, in the running environment.

Run it in an environment in which `make test-long` passed::

    .venv/bin/python tools/constraints.py
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# The versions with which the tests of this release passed; `make` installs these.
# Written by tools/constraints.py. pyproject.toml says which other versions are welcome, and why.
"""


def wanted() -> list[str]:
    """All requirements of pyproject.toml: the package, its extras, the groups, the build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["build-system"]["requires"],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    return [line for lines in lists for line in lines if isinstance(line, str)]


def versions(requirements: list[str]) -> dict[str, str]:
    """Name -> version of the requirements and of everything that they need in turn."""
    found: dict[str, str] = {}
    waiting = [(Requirement(line), frozenset[str]()) for line in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement, extras_of_parent = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        extras = frozenset(requirement.extras)
        if not _applies(requirement, extras_of_parent) or (name, extras) in seen or name == "holdfast":
            continue
        seen.add((name, extras))
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            raise SystemExit(f"{name} is not installed here: run `make test-long` first") from None
        found[name] = installed.version
        waiting += [(Requirement(line), extras) for line in installed.requires or ()]
    return dict(sorted(found.items()))


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in extras or {""})


def main() -> None:
    """Write the file beside pyproject.toml."""
    lines = [f"{name}=={version}" for name, version in versions(wanted()).items()]
    (ROOT / "constraints.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(lines)} versions")


if __name__ == "__main__":
    main()
