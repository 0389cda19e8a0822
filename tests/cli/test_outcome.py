"""How commands end: 0, 1 or 2, with one object on standard output when a program asks."""

import errno
from pathlib import Path

import pytest

from commands import call
from holdfast.cli.group import holdfast
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

ERROR_KEYS = {"error", "found", "expected", "remedy"}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "HOLDFAST_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def breaking(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let ``holdfast parts`` run into ``error``."""

    def run(**_: object) -> None:
        raise error

    command = holdfast.get_command(None, "parts")  # type: ignore[arg-type]
    monkeypatch.setattr(command, "callback", run)


def test_a_refusal_is_three_sentences_and_1(tmp_path: Path) -> None:
    ended = call("imports", "--workspace", tmp_path)
    assert (ended.code, ended.out) == (1, "")
    assert "holds no holdfast.toml" in ended.err
    assert "holdfast init" in ended.err


def test_a_refusal_for_a_program_is_one_object(tmp_path: Path) -> None:
    ended = call("imports", "--workspace", tmp_path, "--json")
    assert ended.code == 1
    assert ended.json.keys() == ERROR_KEYS
    assert ended.json["error"] == "no_workspace"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["parts", "--nothing"],
        ["measure", "--period", "decade"],
        ["user"],
        ["serve", "--port", "x"],
    ],
)
def test_words_that_are_not_understood_are_2(arguments: list[str]) -> None:
    ended = call(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: holdfast" in ended.err
    told = call(*arguments, "--json")
    assert told.code == 2
    assert told.json["error"] == "usage"
    assert told.json.keys() == ERROR_KEYS


def test_a_defect_is_a_sentence_and_a_line_in_the_log(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, ZeroDivisionError("a promise was broken"))
    ended = call("parts", "--workspace", workspace.folder)
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert "a promise was broken" in ended.err
    log = (workspace.folder / "logs" / "holdfast.log").read_text(encoding="utf-8")
    assert "holdfast parts --workspace" in log
    assert "ZeroDivisionError" in log
    assert call("parts", "--workspace", workspace.folder, "--json").json["error"] == "unexpected"
    assert "Traceback" in call("parts", "--workspace", workspace.folder, "--debug").err


def test_a_defect_outside_of_a_workspace_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, ZeroDivisionError())
    assert "--debug" in call("parts", "--workspace", tmp_path).err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    ended = call("parts", "--workspace", tmp_path, "--json")
    assert (ended.code, ended.json["error"]) == (1, "disk_full")


def test_stopping_is_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, KeyboardInterrupt())
    assert call("parts").code == 130


def test_a_refusal_speaks_the_reader_s_language_and_programs_read_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """N3"""
    monkeypatch.setenv("LANG", "fa_IR.UTF-8")
    assert "holdfast init" in call("imports", "--workspace", tmp_path).err
    assert call("imports", "--workspace", tmp_path, "--json").json["expected"].startswith("A workspace is")
    assert call("imports", "--workspace", tmp_path, "--language", "en").err.count("A workspace is") == 1
    persian = call("imports", "--workspace", tmp_path, "--language=fa").err
    assert "A workspace is" not in persian
    assert any("\u0600" <= letter <= "\u06ff" for letter in persian)


def test_a_language_without_catalogue_is_not_understood() -> None:
    assert call("parts", "--language", "tlh").code == 2


def test_help_is_in_the_reader_s_language() -> None:
    """N3"""
    persian = call("--language", "fa", "--help").out
    assert "Options" not in persian
    assert any("\u0600" <= letter <= "\u06ff" for letter in persian)
    assert "Options" in call("--help").out


def test_the_workspace_can_come_from_the_environment(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_WORKSPACE", str(workspace.folder))
    assert call("imports", "--json").json == {"imports": []}


def test_a_refusal_whose_sentence_cannot_be_said_is_said_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Text("{name} is odd.", name="x")
    breaking(monkeypatch, Refusal("odd", found=words, expected=words, remedy=words))
    monkeypatch.setattr("holdfast.language.say", lambda *_: 1 / 0)
    assert call("parts").err.splitlines() == ["x is odd."] * 3
