"""``holdfast calendar``: the days ahead and the gaps on the command line."""

from __future__ import annotations

from brought import bring
from commands import call
from holdfast.settings import Settings


def test_what_is_ahead_and_who_hears_nothing_is_said(workspace: Settings) -> None:
    from holdfast.domain.written_expressions import parse
    from holdfast.services.collect.segments import define
    from holdfast.store import contact_calendar

    bring(workspace, ["ann"])
    rule = parse({"fact": "orders", "at_least": 1})
    define.create(workspace, "Regulars", rule, made_by="ann", now_us=1, key="regulars")
    contact_calendar.keep_plan(workspace, "regulars", "", 30, by="ann", now_us=1)
    here = ("--workspace", workspace.folder)
    told = call("calendar", "--days", "5", *here, "--json").json
    assert told["undated"] == 0 and told["daily"] == []
    assert [each["segment"] for each in told["hears"]] == ["", "regulars"]
    assert told["hears"][0]["nothing"] == told["hears"][0]["customers"]
    assert told["plan"][0]["every_days"] == 30 and told["plan"][0]["reached"] == 0
    shown = call("calendar", "--days", "1", *here).out
    assert "nothing of you in the next 30 days" in shown and "Regulars, once in 30 days at least" in shown
    assert "100" in call("calendar", "--days", "400", *here).err
