"""The simulator's outage, from its files to the page a day begins with: one thing, told once (C0, C8)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.services.collect.import_file import import_file
from holdfast.services.progress import Silent
from holdfast.services.prove.warning_mails import SORT, tell_warnings
from holdfast.services.pulse.run import run
from holdfast.services.warn import reading
from holdfast.settings import Settings, write_settings
from holdfast.simulate.files import FILES, write_files
from holdfast.simulate.scenario import Outage, usual_scenario
from holdfast.simulate.world import World
from holdfast.store import sql, webhooks_out
from holdfast.web.workspace import serve_workspace

if TYPE_CHECKING:
    from django.test import Client

CUSTOMERS, DAY, BEFORE = 2_500, 120, 8
"""The outage is on day 120; eight days before it everybody is looked at for the first time."""

SEED = 11
NOTICE = "look for one cause before you call each."


class Lived:
    """A simulated company whose days pass: its files are imported, and the loop runs."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        usual = usual_scenario(seed=SEED, customers=CUSTOMERS, days=2 * DAY).without()
        self.world = World(replace(usual, outage=Outage(DAY)))
        self.settings, self.folder = settings, folder

    def until(self, day: int) -> None:
        """Live up to the beginning of ``day``, import what happened, and run."""
        scenario = self.world.scenario
        written = write_files(self.world, self.folder, days=day - self.world.day)
        self.settings = replace(
            self.settings, clock=scenario.date_of(day), timezone=scenario.timezone, currency="EUR"
        )
        write_settings(self.settings)
        serve_workspace(self.settings)
        for file, kind in FILES.items():
            if written.files.get(file):
                report = import_file(
                    self.settings,
                    [self.folder / file],
                    kind,
                    choose=lambda guess: guess.map,
                    progress=Silent(),
                    now=self.now,
                )
                assert report.state == "done", file
        run(self.settings, now=self.now)

    @property
    def now(self) -> datetime:
        """The workspace's present."""
        return self.settings.now(datetime.now(UTC))

    def truth(self) -> date:
        """The day of the outage, as the simulator tells the truth."""
        told: dict[str, Any] = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))
        (outage,) = [each for each in told["planted"] if each["what"] == "outage"]
        return date.fromisoformat(outage["on"])


@pytest.mark.long
def test_an_outage_is_one_alert(served: Settings, signed_in: Callable[..., Client], tmp_path: Path) -> None:
    manager, lived = signed_in("manager"), Lived(served, tmp_path / "files")
    lived.until(DAY - BEFORE)
    webhooks_out.add(served, "CRM", "https://crm.example/hook", ("signal.raised",), by="", now_us=1)
    assert reading.storms(lived.settings, now=lived.now) == []
    lived.until(DAY + 1)
    on = lived.truth()
    (together,) = reading.one_cause(reading.storms(lived.settings, now=lived.now))
    assert {storm.day for storm in together} == {on}, "what broke on one day is one thing"
    assert all(storm.customers >= 25 and storm.customers > 5 * storm.usual for storm in together)
    line = f"{together[0].title}: {together[0].customers} customers on one day."

    page = re.sub(r"\s+", " ", manager.get("/today").content.decode())
    assert page.count(line) == page.count(NOTICE) == 1
    keys = {storm.signal_key for storm in together}
    rows = reading.open_episodes(lived.settings, None, now=lived.now, limit=1_000).rows
    of_outage = [each for each in rows if each.signal_key in keys and each.began == on]
    assert of_outage == [], "whoever is of the storm is not called one by one"

    bodies = [json.loads(body)["data"] for (body,) in sql.read("SELECT body FROM webhook_message")]
    assert sorted(each["signal"] for each in bodies if "storm" in each) == sorted(keys)

    assert tell_warnings(lived.settings, datetime.now(UTC)) == 1
    ((text,),) = sql.read(
        "SELECT c.text FROM touch t JOIN touch_content c ON c.touch_id = t.id WHERE t.key LIKE %s",
        (f"{SORT} %",),
    )
    below_title = text.splitlines()[1:]
    joined = " ".join(str(storm.words) for storm in together)
    assert [each for each in below_title if "on one day." in each] == [joined]
    lived.until(DAY + 3)
    assert {each.day for each in reading.storms(lived.settings, now=lived.now)} == {on}
    assert lived.now.date() == on + timedelta(days=3)
