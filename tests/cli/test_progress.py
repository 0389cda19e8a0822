import pytest

from holdfast.cli.progress import EVERY_SECONDS, Lines, shown
from holdfast.domain.texts import Text


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_lines_say_when_a_step_begins_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(str, Clock())
    for done in range(0, 101, 5):
        lines.step(Text("Reading"), done, 100)
    lines.step(Text("Writing"), 0, None)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["Reading 0/100", "Reading 100/100", "Writing"]


def test_lines_say_now_and_then_how_far_a_long_step_is(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(str, clock)
    lines.step(Text("Reading"), 0, None)
    lines.step(Text("Reading"), 10, None)
    clock.now = EVERY_SECONDS
    lines.step(Text("Reading"), 1_200, None)
    lines.step(Text("Reading"), 1_300, None)
    assert capsys.readouterr().err.splitlines() == ["Reading", "Reading 1,200"]


def test_a_step_that_ends_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(str, Clock())
    for _ in range(3):
        lines.step(Text("Reading"), 2, 2)
    assert capsys.readouterr().err.splitlines() == ["Reading 2/2"]


def test_bars_are_drawn_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(str, terminal=True) as progress:
        progress.step(Text("Reading"), 1, 3)
        progress.step(Text("Reading"), 3, 3)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Reading" in err
    assert "3/3" in err


def test_a_step_of_unknown_length_is_over_when_the_next_begins(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(str, terminal=True) as progress:
        progress.step(Text("Looking"), 0, None)
        progress.step(Text("Writing"), 7, None)
    err = capsys.readouterr().err
    assert "1/1" in err
    assert "7/7" in err


def test_bars_are_put_aside_while_somebody_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(str, terminal=True) as progress:
        progress.step(Text("Reading"), 1, 3)
        with progress.aside():
            capsys.readouterr()
            progress.step(Text("Reading"), 2, 3)
            assert "2/3" not in capsys.readouterr().err
        progress.step(Text("Reading"), 3, 3)
    assert "3/3" in capsys.readouterr().err
