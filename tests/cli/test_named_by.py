"""N2: lists of commands say how things stand, and histories name who sat at the terminal."""

from __future__ import annotations

import getpass
import time

from commands import call
from dispatching import mail
from holdfast.settings import Settings
from holdfast.store import outbox, outbox_reading, retention, sql


def test_a_key_that_has_ended_is_not_in_use(workspace: Settings) -> None:
    folder = ("--workspace", workspace.folder)
    for name in ("Till", "Shop", "Old"):
        assert call("key", "create", name, "--scope", "read", "--days", "9", *folder).code == 0
    sql.write("UPDATE write_key SET expires_us = 1 WHERE name = 'Till'")
    assert call("key", "revoke", "Old", *folder).code == 0
    lines = {line.split()[0]: line for line in call("key", "list", *folder).out.splitlines() if line.strip()}
    assert "ended" in lines["Till"] and "in use" not in lines["Till"]
    assert "in use" in lines["Shop"]
    assert "revoked" in lines["Old"]


def test_what_is_done_by_a_command_names_the_account(workspace: Settings) -> None:
    folder, who = ("--workspace", workspace.folder), f"{getpass.getuser()} (command line)"
    number = outbox.ask(workspace, mail("one"), now_us=time.time_ns() // 1_000)
    assert number is not None
    assert call("touches", "cancel", str(number), *folder).code == 0
    assert outbox_reading.history(workspace, number)[-1].made_by == who
    assert call("retention", "set", "group:sent", "30", *folder).code == 0
    assert [each.changed_by for each in retention.rules(workspace)] == [who]
    assert call("signals", "set", "overdue", "--off", *folder).code == 0
    assert call("causes", "inquire", "--off", *folder).code == 0
    for table in ("signal_setting", "inquiry_setting"):
        assert sql.read(f"SELECT changed_by FROM {table}") == [(who,)]
