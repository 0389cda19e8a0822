"""E2: ``holdfast texts`` reads what is not read yet, and says how much was read."""

from __future__ import annotations

from commands import call
from holdfast.settings import Settings
from wrote import LEAVING, arrives


def test_e2_texts_are_read_and_counted(workspace: Settings) -> None:
    arrives(workspace, ("C1", "Ticket Opened", LEAVING))
    here = ("--workspace", workspace.folder)
    before = call("texts", *here, "--json").json
    assert (before["texts"], before["waiting"], before["read_now"]) == (0, 1, None)
    done = call("texts", "--read", *here, "--json").json
    assert (done["texts"], done["waiting"], done["read_now"]) == (1, 0, 1)
    assert done["by_language"] == {"en": 1}
    assert "1 text of customers was read" in call("texts", *here).out
