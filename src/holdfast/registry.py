"""Finds the parts: one file each, discovered by being there, or announced by an outside package.

A part is a module that defines the name its family asks for (a metric defines ``METRIC``).
Outside packages add one with an entry point in the group ``holdfast.<family>``.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

FAMILIES: dict[str, tuple[str, str]] = {
    "metrics": ("holdfast.analytics.metrics", "METRIC"),
    "features": ("holdfast.analytics.features", "FAMILY"),
    "signals": ("holdfast.analytics.signals", "SIGNAL"),
    "reasons": ("holdfast.analytics.reasons", "REASON"),
    "imports": ("holdfast.connectors.kinds", "KIND"),
    "sources": ("holdfast.connectors.live", "SOURCE"),
    "channels": ("holdfast.channels", "CHANNEL"),
    "steps": ("holdfast.steps", "STEP"),
}
"""family -> (package that holds its files, name that each file defines)"""

CONTRACT = "contract"
"""What the files of a family promise may stand beside them under this name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One discovered part: its family, its name, the module it lives in, and what that defines."""

    family: str
    name: str
    module: str
    declared: object


@cache
def parts(family: str) -> dict[str, Part]:
    """All parts of ``family`` by name, in alphabetical order.

    Raises ``LookupError`` for an unknown family, ``AttributeError`` when a file of the family
    does not define what it should.
    """
    if family not in FAMILIES:
        raise LookupError(f"no family of parts is called {family!r}; there are: {', '.join(FAMILIES)}")
    package_name, wanted = FAMILIES[family]
    package = importlib.import_module(package_name)
    found: dict[str, Part] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_") and module.name != CONTRACT:
            found[module.name] = _part(family, module.name, f"{package_name}.{module.name}", wanted)
    for entry in entry_points(group=f"holdfast.{family}"):
        found[entry.name] = _part(family, entry.name, entry.module, wanted)
    return dict(sorted(found.items()))


def _part(family: str, name: str, module_name: str, wanted: str) -> Part:
    module = importlib.import_module(module_name)
    if not hasattr(module, wanted):
        raise AttributeError(f"{module_name} defines no {wanted}: every file among the {family} does")
    return Part(family, name, module_name, getattr(module, wanted))
